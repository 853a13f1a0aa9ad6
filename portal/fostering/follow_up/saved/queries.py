"""The filters that somebody keeps."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.fostering.follow_up.saved.models import SavedFilter


def saved_filters(session: Session, person_id: int) -> list[SavedFilter]:
    """This person’s, by name."""
    wanted = select(SavedFilter).where(SavedFilter.person_id == person_id).order_by(SavedFilter.name)
    return list(session.scalars(wanted))
