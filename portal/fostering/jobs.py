"""Work that an enquiry sets off for later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.core import jobs
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.context import current_settings
from portal.core.mail import queue_mail
from portal.fostering import clocks
from portal.fostering.events import FOLLOW_UP_SENT
from portal.fostering.follow_up.concerns.queries import to_be_read
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind, NextStep, Stage, Status
from portal.fostering.queries import enquiry_by_ref, has_asked_to_stop, taken_up_again_at
from portal.fostering.service import CLOSE_UNANSWERED, FOLLOW_UP, close_unanswered, wants_no_call

PORTAL = Actor.system("the portal")
WAITING = (Stage.NEW, Stage.CONTACTING)
"""Stages in which nobody has talked to the household yet."""


def init_app(app: Flask) -> None:
    """Say who does the work."""
    jobs.register(app, FOLLOW_UP, send_follow_up)
    jobs.register(app, CLOSE_UNANSWERED, close_when_unanswered)


def send_follow_up(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """The one courtesy message to somebody who only wanted information, unless things have moved on.

    Without an email address nobody can be written to: it becomes the team's next action instead.
    """
    enquiry = enquiry_by_ref(session, payload["ref"], lock=True)
    if enquiry is None or not still_waits(session, enquiry):
        return
    if not enquiry.email:
        enquiry.due_at = min(enquiry.due_at or at, at)
        return
    queue_mail(
        session,
        to=enquiry.email,
        template="fostering_follow_up",
        facts={"reference": enquiry.public_ref},
        at=at,
        purpose="fostering.follow_up",
        about=enquiry.public_ref,
    )
    session.add(Activity(enquiry_id=enquiry.id, at=at, kind=ActivityKind.EMAIL, by_name=PORTAL.name))
    record(session, FOLLOW_UP_SENT, by=PORTAL, at=at, subject=enquiry.public_ref)

    closes_at = clocks.no_response_at(at, current_settings().council.fostering)
    if enquiry.attempts and wants_no_call(enquiry):
        enquiry.due_at = max(enquiry.due_at or closes_at, closes_at)
    jobs.enqueue(session, CLOSE_UNANSWERED, payload, run_at=closes_at)


def close_when_unanswered(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Close what nobody answered after the courtesy message: the team was to call nobody (domain §6).

    Looks again later while something is due: a contact since then, a pack that was never recorded as sent, or
    words that nobody has read, which nobody would look for once it is closed.
    """
    enquiry, council = enquiry_by_ref(session, payload["ref"], lock=True), current_settings().council
    if enquiry is None or not still_waits(session, enquiry) or not wants_no_call(enquiry):
        return
    if not enquiry.attempts or to_be_read(enquiry):
        again = clocks.no_response_at(at, council.fostering)
        jobs.enqueue(session, CLOSE_UNANSWERED, payload, run_at=again)
    elif enquiry.due_at is not None and enquiry.due_at > at:
        jobs.enqueue(session, CLOSE_UNANSWERED, payload, run_at=enquiry.due_at)
    else:
        close_unanswered(session, enquiry, by=PORTAL, at=at, council=council)


def still_waits(session: Session, enquiry: Enquiry) -> bool:
    """Whether who only wanted information has not been talked to yet, nor been taken up again by staff.

    To a restricted record, and to whoever asked to stop where the team has to close, the portal does nothing
    of its own accord.
    """
    return (
        enquiry.next_step is NextStep.INFO_PACK_ONLY
        and enquiry.restricted_at is None
        and enquiry.status is Status.OPEN
        and enquiry.stage in WAITING
        and taken_up_again_at(session, enquiry) is None
        and not has_asked_to_stop(session, enquiry)
    )
