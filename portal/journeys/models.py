"""Drafts: the answers of somebody who has begun a journey and not sent it yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Id, JsonData


class Draft(Base):
    """One holder's answers to one journey.

    When it has been sent, the row stays for a while as a marker: the answers are emptied and the
    reference is kept, so that sending again, going back or refreshing leads to the same confirmation.
    """

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("journey", "holder"),)

    id: Mapped[Id]
    journey: Mapped[str] = mapped_column(String(80))
    journey_version: Mapped[str] = mapped_column(String(40))
    holder: Mapped[str] = mapped_column(String(120))
    """The hash of a visitor's session id, or the key of an account."""
    answers: Mapped[dict[str, Any]] = mapped_column(JsonData)
    """As engine.Answers keeps them: steps, and sections that were marked as completed."""
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every save; the check page sends back the one that it showed."""
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    """Stored with what is sent, under a unique constraint: one draft is sent once."""
    reference: Mapped[str | None] = mapped_column(String(40))
    """What the sender was given; None while it is not sent."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def sent(self) -> bool:
        """Whether this is only the marker of what was sent."""
        return self.reference is not None

    def alive(self, at: datetime) -> bool:
        """Whether it may still be used; what has run out counts as gone before the nightly job deletes it."""
        return at < self.expires_at
