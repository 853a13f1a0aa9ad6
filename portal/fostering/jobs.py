"""Work that an enquiry sets off for later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.core import jobs
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.mail import queue_mail
from portal.fostering.events import FOLLOW_UP_SENT
from portal.fostering.models import Activity
from portal.fostering.options import ActivityKind, NextStep, Stage, Status
from portal.fostering.queries import enquiry_by_ref
from portal.fostering.service import FOLLOW_UP

PORTAL = Actor.system("the portal")
WAITING = (Stage.NEW, Stage.CONTACTING)
"""Stages in which nobody has talked to the household yet."""


def init_app(app: Flask) -> None:
    """Say who does the work."""
    jobs.register(app, FOLLOW_UP, send_follow_up)


def send_follow_up(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """The one courtesy message to somebody who only wanted information, unless things have moved on.

    Without an email address nobody can be written to: it becomes the team's next action instead.
    """
    enquiry = enquiry_by_ref(session, payload["ref"])
    if enquiry is None or enquiry.status is not Status.OPEN or enquiry.stage not in WAITING:
        return
    if enquiry.next_step is not NextStep.INFO_PACK_ONLY:
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
    )
    session.add(Activity(enquiry_id=enquiry.id, at=at, kind=ActivityKind.EMAIL, by_name=PORTAL.name))
    record(session, FOLLOW_UP_SENT, by=PORTAL, at=at, subject=enquiry.public_ref)
