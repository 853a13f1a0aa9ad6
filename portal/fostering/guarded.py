"""What guards a record: whether its words were read, a concern about them, and who may open it.

What the concern is about stands nowhere in the portal: it belongs to the case system (domain §8.3).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Id


class Guarded:
    """Columns of an enquiry."""

    words_read_at: Mapped[datetime | None]
    """When a person of the team read what the household wrote in its own words."""
    concern_at: Mapped[datetime | None]
    """When somebody last said that it gives rise to a concern."""
    concern_passed_at: Mapped[datetime | None]
    """When that concern was passed on; empty while it has not been."""
    restricted_at: Mapped[datetime | None]
    """Since when only named people may read the record (restricted.py); it is then kept from retention."""


class Reader(Base):
    """Somebody who may read a restricted record; of a record that is open to the team it says nothing."""

    __tablename__ = "fostering_readers"

    id: Mapped[Id]
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("fostering_enquiries.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id"))
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    named_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("enquiry_id", "person_id", name="uq_fostering_readers_person"),
        Index("ix_fostering_readers_person", "person_id", "enquiry_id"),
    )
