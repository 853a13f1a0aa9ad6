"""What keeps a vacancy’s applications beyond their time, and what is left of an application afterwards."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.applications.options import ApplicationStatus, Source
from portal.core.database import Base, BigId, Id


class VacancyHold(Base):
    """A legal hold on all applications to a vacancy; the row is there for as long as the hold is."""

    __tablename__ = "vacancy_holds"

    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(200))
    held_at: Mapped[datetime]
    held_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    held_by_name: Mapped[str] = mapped_column(String(120))


class ApplicationStatistic(Base):
    """What is left of a deleted application: nothing that leads back to a person."""

    __tablename__ = "application_statistics"

    id: Mapped[Id]
    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id"), index=True)
    month: Mapped[date]
    """The first day of the month in which it was sent."""
    status: Mapped[ApplicationStatus]
    shortlisted: Mapped[bool]
    interviewed: Mapped[bool]
    offered: Mapped[bool]
    answered_on_time: Mapped[bool | None]
    """Whether an outcome was told by the day that the advert promised; None without such a day, or where the
    candidate withdrew before it."""
    source: Mapped[Source | None]
