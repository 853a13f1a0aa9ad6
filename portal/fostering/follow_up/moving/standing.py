"""How an enquiry stood when it was closed as a duplicate, so that it stands so again where that was wrong."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.fostering.closing import reopen_enquiry
from portal.fostering.closures import CLOSED_BY_SERVICE
from portal.fostering.households import decide
from portal.fostering.information_events.giving_up import hand_back
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import DuplicateState, Stage
from portal.fostering.queries import letter_since


def standing(enquiry: Enquiry) -> dict[str, Any]:
    """What closing takes away, beside the stage, under names of its own: none of it happened then."""
    return {
        "was_due_at": enquiry.due_at,
        "was_since": enquiry.stage_since,
        "was_review_on": enquiry.kit_review_on,
        "was_owed_letter": enquiry.letter_owed_since,
    }


def hand_on(session: Session, enquiry: Enquiry, stays: Enquiry, due_at: datetime) -> dict[str, Any]:
    """When they are due, and the letter and pack of a duplicate, are matters of the one that `stays`."""
    dues = {"handed_due_at": due_at, "stays_was_due_at": stays.due_at}
    stays.due_at, before = due_at, stays.letter_owed_since
    letters = [since for since in (letter_since(session, enquiry), before) if since is not None]
    stays.letter_owed_since = min(letters, default=None)
    handed = {**dues, "handed_letter": stays.letter_owed_since, "stays_owed_letter": before}
    if stays.pack_settled_at is None and enquiry.pack_settled_at is not None:
        stays.pack_settled_at = handed["handed_pack"] = enquiry.pack_settled_at
    return handed


def take_back(stays: Enquiry, facts: dict[str, Any]) -> None:
    """What was handed on to the one that `stays`, unless something has come since."""
    handed, own = moment_in(facts, "handed_letter"), moment_in(facts, "stays_owed_letter")
    if handed is not None and stays.letter_owed_since == handed:
        closed = stays.closed_at if stays.closure_code in CLOSED_BY_SERVICE else None
        stays.letter_owed_since = own or closed
    if "handed_pack" in facts and stays.pack_settled_at == moment_in(facts, "handed_pack"):
        stays.pack_settled_at = None


def take_back_duplicates(
    session: Session, enquiry: Enquiry, stays: Enquiry, facts: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    """Its own duplicates went with it to the one that `stays`, and are no more that family’s than it is."""
    handed = Enquiry.public_ref.in_(facts.get("handed_duplicates", ()))
    wanted = select(Enquiry).where(handed, Enquiry.duplicate_of_id == stays.id).order_by(Enquiry.id)
    for mine in session.scalars(wanted).all():
        mine.duplicate_of_id = enquiry.id
        decide(session, mine, stays, DuplicateState.DIFFERENT, by=by, at=at)


def due_before(merged: HistoryEntry, stays: Enquiry) -> datetime | None:
    """When the one that `stays` was due before this merge; None where it is due otherwise since."""
    if stays.due_at != moment_in(merged.facts, "handed_due_at"):
        return None
    return moment_in(merged.facts, "stays_was_due_at")


def last_closing(session: Session, enquiry: Enquiry) -> HistoryEntry | None:
    """What was recorded when it was last closed."""
    closings = select(HistoryEntry).where(
        HistoryEntry.enquiry_id == enquiry.id, HistoryEntry.to_stage == Stage.CLOSED
    )
    return session.scalars(closings.order_by(HistoryEntry.id.desc()).limit(1)).first()


def stands_again(
    session: Session, enquiry: Enquiry, stays: Enquiry | None, *, note: str, by: Actor, at: datetime
) -> bool:
    """Open it where it stood, and due when it was; False where the history does not know it.

    What was handed on to the enquiry that `stays`, its letter and its places at events, is this one’s again.
    """
    closing = last_closing(session, enquiry)
    if closing is None or closing.from_stage is None or "was_due_at" not in closing.facts:
        return False
    facts = closing.facts
    if "was_review_on" in facts:
        enquiry.kit_review_on = date.fromisoformat(facts["was_review_on"])
    due_at = datetime.fromisoformat(facts["was_due_at"])
    to, undoes = closing.from_stage, closing.closure_code
    reopen_enquiry(session, enquiry, by=by, at=at, due_at=due_at, note=note, to=to, undoes=undoes)
    enquiry.stage_since = moment_in(facts, "was_since")
    enquiry.letter_owed_since = moment_in(facts, "was_owed_letter")
    if stays is not None:
        take_back(stays, facts)
        hand_back(session, enquiry, stays, facts.get("handed_places", ()), by=by, at=at)
        take_back_duplicates(session, enquiry, stays, facts, by=by, at=at)
    return True


def moment_in(facts: dict[str, Any], name: str) -> datetime | None:
    """One of the moments, if it was set."""
    return datetime.fromisoformat(facts[name]) if name in facts else None
