"""Permissions to send one application after closing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, BigId, Id


class LateAdmission(Base):
    """Whoever signs in with this address may send one application to this vacancy until then."""

    __tablename__ = "late_admissions"
    __table_args__ = (Index("ix_late_admissions_vacancy", "vacancy_id", "email_key"),)

    id: Mapped[Id]
    vacancy_id: Mapped[int] = mapped_column(BigId, ForeignKey("vacancies.id"))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    reason: Mapped[str] = mapped_column(String(500))
    until: Mapped[datetime]
    admitted_at: Mapped[datetime]
    admitted_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    admitted_by_name: Mapped[str] = mapped_column(String(120))
    used_at: Mapped[datetime | None]
    """When an application was sent by it; it works once."""
