"""Keeping one record beyond its time, for a reason, with an owner who looks at it every six months."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.clock import add_months, london
from portal.core.errors import InvalidInput, InvalidTransition
from portal.core.wording import day
from portal.fostering.follow_up.owners.queries import team
from portal.fostering.follow_up.queries import enquiry_to_change
from portal.fostering.history import note_history
from portal.fostering.keeping.events import HOLD_ENDED, HOLD_PLACED, HOLD_REVIEWED
from portal.fostering.keeping.options import HoldReason
from portal.fostering.options import HistoryKind

REVIEW_MONTHS = 6
NOT_HELD = "Nobody keeps this record beyond its time any more."


def hold_record(
    session: Session,
    reference: str,
    reason: HoldReason,
    owner_id: int,
    review_on: date,
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Keep it until somebody ends the hold; once it is held, the same says who looks again, and when.

    Raises NotFound, StaleEdit, InvalidInput for an owner or a day that cannot be.
    """
    enquiry = enquiry_to_change(session, reference, version, by=by)
    check_review(review_on, at)
    if owner_id not in {person.id for person in team(session)}:
        raise InvalidInput("owner", "Select somebody in the fostering team")
    event = HOLD_REVIEWED if enquiry.is_held else HOLD_PLACED
    enquiry.hold_reason, enquiry.hold_owner_id, enquiry.hold_until = reason.value, owner_id, review_on
    note_history(session, enquiry, HistoryKind.HELD, by=by, at=at, facts={"hold_until": review_on})
    facts = {"owner": owner_id, "review_on": review_on.isoformat()}
    audit.record(session, event, by=by, at=at, subject=reference, **facts)
    session.flush()


def check_review(review_on: date, at: datetime) -> None:
    """The next look lies ahead, within six months."""
    today = london(at).date()
    latest = add_months(today, REVIEW_MONTHS)
    if not today < review_on <= latest:
        words = f"The day to look again must be in the future, and on or before {day(latest)}"
        raise InvalidInput("review_on", words)


def end_hold(session: Session, reference: str, *, version: int, by: Actor, at: datetime) -> None:
    """Let the schedule count again; raises NotFound, StaleEdit, InvalidTransition where it is not held."""
    enquiry = enquiry_to_change(session, reference, version, by=by)
    if not enquiry.is_held:
        raise InvalidTransition(reference=reference, why=NOT_HELD)
    enquiry.hold_reason = enquiry.hold_owner_id = enquiry.hold_until = None
    note_history(session, enquiry, HistoryKind.RELEASED, by=by, at=at)
    audit.record(session, HOLD_ENDED, by=by, at=at, subject=reference)
    session.flush()
