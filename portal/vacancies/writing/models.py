"""What exists of an advert beside the advert: unfinished writing, texts to start from, earlier versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, BigId, Id, JsonData


class VacancyDraft(Base):
    """A piece of writing in progress: a new advert, or changes to one that there is already.

    The answers are a draft of the journey (`journeys.models.Draft`), whose holder is `holder`; colleagues
    share it. The advert is made, or changed, when the writing is sent; then this row goes.
    """

    __tablename__ = "vacancy_drafts"

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    """Of the advert that it is, or will be."""
    vacancy_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("vacancies.id"), unique=True)
    """The advert that it changes; None for a new one."""
    base_version: Mapped[int | None]
    """The version of that advert which the writing began from; if it has moved on, sending is refused."""
    copied_from_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("vacancies.id"))
    relisted: Mapped[bool] = mapped_column(default=False)
    """Whether it advertises the copied post again, after nobody or not enough people were found."""
    title: Mapped[str | None] = mapped_column(String(100))
    """As written so far, for lists."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    created_by_name: Mapped[str] = mapped_column(String(120))
    updated_at: Mapped[datetime] = mapped_column(index=True)
    updated_by_name: Mapped[str] = mapped_column(String(120))
    writers: Mapped[str] = mapped_column(Text, default=" ")
    """Ids (" 3 17 ") of everybody who has saved something of it."""

    @property
    def holder(self) -> str:
        """The key under which the journey keeps the answers."""
        return f"vacancy:{self.reference}"


class VacancyTemplate(Base):
    """Answers to start a new advert from; never dates, contact or panel."""

    __tablename__ = "vacancy_templates"

    id: Mapped[Id]
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JsonData)
    """As a journey's draft keeps them."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str] = mapped_column(String(120))

    __mapper_args__ = {"version_id_col": version}


class VacancyRevision(Base):
    """What an advert said from one save to the next; only ever added to."""

    __tablename__ = "vacancy_revisions"
    __table_args__ = (UniqueConstraint("vacancy_id", "number"),)

    id: Mapped[Id]
    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id", ondelete="CASCADE"))
    number: Mapped[int]
    """1, 2, 3…"""
    saved_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    content: Mapped[dict[str, Any]] = mapped_column(JsonData)
    """Every written column by its name, with criteria and panel; JSON values."""


class VacancyNumber(Base):
    """How far the references of one year were counted."""

    __tablename__ = "vacancy_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
