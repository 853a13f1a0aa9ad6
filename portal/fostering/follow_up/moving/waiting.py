"""Whoever wanted only the pack and has not answered: the portal closes in time, staff may put it off."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.clock import london
from portal.core.errors import InvalidInput, InvalidTransition
from portal.council import FosteringTeam
from portal.fostering.due import review_due
from portal.fostering.follow_up.moving.events import WAITED_LONGER
from portal.fostering.follow_up.queries import enquiry_to_change
from portal.fostering.history import note_history
from portal.fostering.models import Enquiry
from portal.fostering.options import ActivityKind, HistoryKind, Stage, Status
from portal.fostering.queries import taken_up_again_at
from portal.fostering.service import wants_no_call

WAIT_WITHIN = timedelta(days=90)
"""Longer waits are “keep in touch”, which has a review date."""


def may_wait(session: Session, enquiry: Enquiry) -> bool:
    """Whether the portal has sent its courtesy message and nothing but an answer to it is waited for."""
    waits = enquiry.status is Status.OPEN and enquiry.stage in (Stage.NEW, Stage.CONTACTING)
    pack_sent = wants_no_call(enquiry) and enquiry.attempts > 0
    written = any(one.kind is ActivityKind.EMAIL and one.by_id is None for one in enquiry.activities)
    return waits and pack_sent and written and taken_up_again_at(session, enquiry) is None


def wait_longer(
    session: Session,
    reference: str,
    until: date,
    *,
    version: int,
    note: str,
    by: Actor,
    at: datetime,
    team: FosteringTeam,
) -> None:
    """Put the closing off; the portal looks again when the enquiry is next due.

    Raises NotFound, StaleEdit, InvalidTransition where nothing is waited for, InvalidInput for the day.
    """
    enquiry = enquiry_to_change(session, reference, version, by=by)
    if not may_wait(session, enquiry):
        why = "Only an enquiry for the information pack waits for an answer, and only after the last message."
        raise InvalidTransition(reference=reference, why=why)
    today = london(at).date()
    if until <= today:
        raise InvalidInput("wait_until", "The day must be in the future")
    if until > today + WAIT_WITHIN:
        words = f"The day must be within {WAIT_WITHIN.days} days"
        raise InvalidInput("wait_until", words)
    enquiry.due_at = review_due(until, team)
    facts = {"wait_until": until}
    note_history(session, enquiry, HistoryKind.WAITING, by=by, at=at, facts=facts, note=note)
    audit.record(session, WAITED_LONGER, by=by, at=at, subject=reference)
