"""Recording that a family was told another way, which ends the clock of the letter after a closing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.clock import london
from portal.core.errors import InvalidInput, InvalidTransition
from portal.core.wording import day
from portal.fostering.follow_up.queries import enquiry_to_change
from portal.fostering.history import note_history
from portal.fostering.messages.events import FAMILY_TOLD
from portal.fostering.messages.queries import letter_owed
from portal.fostering.messages.service import drop_message
from portal.fostering.messages.told.options import ToldHow
from portal.fostering.models import Enquiry
from portal.fostering.options import HistoryKind, Status

NOT_OWED = "No letter after a closing is owed to this family any more, so nothing was recorded."


def may_be_told(enquiry: Enquiry) -> bool:
    """Whether they wait for the letter after a closing; the one after a visit is ended by a contact."""
    return enquiry.status is Status.CLOSED and enquiry.letter_owed_since is not None


def record_told(
    session: Session, reference: str, on: date, how: ToldHow, *, version: int, by: Actor, at: datetime
) -> None:
    """Keep the day on the timeline; the draft of the letter, which is not needed any more, is deleted.

    Raises NotFound, StaleEdit, InvalidTransition where no letter is owed, InvalidInput beside its field.
    """
    enquiry = enquiry_to_change(session, reference, version, by=by)
    if not may_be_told(enquiry) or enquiry.closed_at is None:
        raise InvalidTransition(reference=reference, why=NOT_OWED)
    if on > london(at).date():
        raise InvalidInput("told_on", "The day must be today or in the past")
    if on < london(enquiry.closed_at).date():
        words = f"The day must be on or after {day(enquiry.closed_at)}, when the enquiry was closed"
        raise InvalidInput("told_on", words)
    draft = letter_owed(session, enquiry)
    if draft is not None:
        drop_message(session, enquiry, draft.id, version=draft.version, by=by, at=at)
    enquiry.letter_owed_since = None
    facts = {"told_on": on, "told_how": how.value}
    note_history(session, enquiry, HistoryKind.TOLD, by=by, at=at, facts=facts)
    audit.record(session, FAMILY_TOLD, by=by, at=at, subject=reference)
