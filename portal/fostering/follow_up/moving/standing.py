"""How an enquiry stood when it was closed as a duplicate, so that it stands so again where that was wrong."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.fostering.closing import reopen_enquiry
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import Stage


def standing(enquiry: Enquiry) -> dict[str, Any]:
    """What closing takes away, beside the stage, under names of its own: none of it happened then."""
    return {
        "was_due_at": enquiry.due_at,
        "was_since": enquiry.stage_since,
        "was_review_on": enquiry.kit_review_on,
        "was_owed_letter": enquiry.letter_owed_since,
    }


def stands_again(
    session: Session, enquiry: Enquiry, stays: Enquiry | None, *, note: str, by: Actor, at: datetime
) -> bool:
    """Open it where it stood, and due when it was; False where the history does not know it.

    A letter that was handed on to the enquiry that `stays` is this one’s again.
    """
    closings = select(HistoryEntry).where(
        HistoryEntry.enquiry_id == enquiry.id, HistoryEntry.to_stage == Stage.CLOSED
    )
    closing = session.scalars(closings.order_by(HistoryEntry.id.desc()).limit(1)).first()
    if closing is None or closing.from_stage is None or "was_due_at" not in closing.facts:
        return False
    facts = closing.facts
    if "was_review_on" in facts:
        enquiry.kit_review_on = date.fromisoformat(facts["was_review_on"])
    due_at = datetime.fromisoformat(facts["was_due_at"])
    reopen_enquiry(session, enquiry, by=by, at=at, due_at=due_at, note=note, to=closing.from_stage)
    enquiry.stage_since = moment_in(facts, "was_since")
    enquiry.letter_owed_since = moment_in(facts, "was_owed_letter")
    if stays is not None and stays.letter_owed_since == enquiry.letter_owed_since:
        stays.letter_owed_since = None
    return True


def moment_in(facts: dict[str, Any], name: str) -> datetime | None:
    """One of the moments, if it was set."""
    return datetime.fromisoformat(facts[name]) if name in facts else None
