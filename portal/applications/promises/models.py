"""Which promises HR has been reminded of, and which vacancies with somebody undecided."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, BigId


class DecisionReminder(Base):
    """HR was reminded of this vacancy’s day; a day that is moved is another promise."""

    __tablename__ = "decision_reminders"

    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id"), primary_key=True)
    promised_on: Mapped[date] = mapped_column(primary_key=True)
    reminded_at: Mapped[datetime]


class UndecidedReminder(Base):
    """When HR was last told that a vacancy closed long ago and somebody has no outcome."""

    __tablename__ = "undecided_reminders"

    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id"), primary_key=True)
    reminded_at: Mapped[datetime]
