"""Filters of the queue under a name, for one person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, BigId, Id


class SavedFilter(Base):
    """What somebody wants to see again: the filters as the queue’s address has them."""

    __tablename__ = "fostering_saved_filters"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff_users.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(200))
    """Codes only: a search is no filter, and its words are somebody’s name."""
    saved_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "name"),)
