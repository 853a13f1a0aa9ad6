"""Equality figures as they were stored, once and for good, and which vacancies were counted in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, BigId, Id, JsonData


class EqualityFigures(Base):
    """The tables of one vacancy, or of a quarter’s other vacancies together, with what is hidden left out.

    They are made once, so no later change of answers or lists can tell by a difference who was in them.
    """

    __tablename__ = "equality_figures"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(24), unique=True)
    """The reference of the vacancy, or the quarter."""
    title: Mapped[str] = mapped_column(String(200))
    quarter: Mapped[str] = mapped_column(String(8), index=True)
    alone: Mapped[bool]
    """Whether they are of one vacancy."""
    stored_at: Mapped[datetime]
    tables: Mapped[list[dict[str, Any]]] = mapped_column(JsonData)


class EqualityCounted(Base):
    """A vacancy whose answers are in stored figures; it is counted nowhere else."""

    __tablename__ = "equality_counted"

    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id"), primary_key=True)
    figures_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("equality_figures.id", ondelete="CASCADE"), index=True
    )
