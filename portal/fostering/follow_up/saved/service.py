"""Keeping a filter under a name, and letting it go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.database import violates
from portal.core.errors import InvalidInput, NotFound
from portal.core.text import clean_line
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.saved.models import SavedFilter
from portal.fostering.follow_up.saved.queries import saved_filters

MOST = 20
TAKEN = "You have a list with this name. Enter another name"


def save_filter(session: Session, name: str, filters: QueueFilters, *, person_id: int, at: datetime) -> None:
    """Keep it; raises InvalidInput where the name is taken, nothing is chosen, or there are too many."""
    query = filters.as_query()
    if not query:
        raise InvalidInput("name", "Choose a filter first: this is the list of everything that is open")
    known = saved_filters(session, person_id)
    if len(known) >= MOST:
        raise InvalidInput("name", f"You can keep up to {MOST} lists. Delete one first")
    saved = SavedFilter(person_id=person_id, name=clean_line(name), query=query, saved_at=at)
    try:
        with session.begin_nested():
            session.add(saved)
    except IntegrityError as error:
        if violates(error, "uq_fostering_saved_filters_person_id_name"):
            raise InvalidInput("name", TAKEN) from error
        raise


def delete_filter(session: Session, saved_id: int, *, person_id: int) -> None:
    """Let it go; raises NotFound for somebody else’s."""
    mine = delete(SavedFilter).where(SavedFilter.id == saved_id, SavedFilter.person_id == person_id)
    if session.scalar(mine.returning(SavedFilter.id)) is None:
        raise NotFound
