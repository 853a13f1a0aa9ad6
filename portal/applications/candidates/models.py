"""Candidates: somebody who applies, known by a verified email address and by no password."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, BigId, Id, JsonData

APPLICATION_JOURNEY = "application"
"""The journey in which an application is written."""


class Candidate(Base):
    """One account. It is made when a link is used for the first time, never when it is asked for."""

    __tablename__ = "candidates"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254))
    """As its owner wrote it when it was first verified; all mail goes there."""
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    """As compared: whatever the capitals."""
    session_epoch: Mapped[int] = mapped_column(default=1)
    """Grows when every session of this account has to end."""
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime] = mapped_column(index=True)
    """The last time a link was used; the account goes a year after it (domain §4.3)."""
    warned_at: Mapped[datetime | None]
    """When its owner was told that it will go; empty again after a sign-in."""

    @property
    def reference(self) -> str:
        """How the audit names it."""
        return f"CAND-{self.id}"


class SignInLink(Base):
    """A link that was mailed. Only its hash is kept; it works once, for ten minutes (security decision 7)."""

    __tablename__ = "candidate_links"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    onwards: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    """Where its owner was going: endpoint, values and query, written by us."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    """When it was used, or retired by a newer one."""


class ApplicationDraft(Base):
    """An application in progress: which candidate, which vacancy, and what they were reminded of.

    The answers are a draft of the journey (`journeys.models.Draft`), whose holder is `holder`. The row goes
    when the application is sent or the draft is deleted.
    """

    __tablename__ = "application_drafts"
    __table_args__ = (UniqueConstraint("candidate_id", "vacancy_id"),)

    id: Mapped[Id]
    candidate_id: Mapped[int] = mapped_column(BigId, ForeignKey("candidates.id", ondelete="CASCADE"))
    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id"), index=True)
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    closes_at_told: Mapped[datetime | None]
    """The closing time that the candidate last read or was mailed; another one is news."""
    reminded: Mapped[list[str]] = mapped_column(JsonData, default=list)
    """Codes of the reminders that went out for this closing time."""
    imported_from: Mapped[str | None] = mapped_column(String(16))
    """Reference of the application that the answers were taken over from; which sections, the answers say."""

    @property
    def holder(self) -> str:
        """The key under which the journey keeps the answers."""
        return holder_of(self.candidate_id, self.vacancy_id)


def holder_of(candidate_id: int, vacancy_id: int) -> str:
    """The holder of a candidate’s draft for a vacancy."""
    return f"candidate:{candidate_id}:vacancy:{vacancy_id}"
