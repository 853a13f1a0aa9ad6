"""The checklist of one household’s first call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Id, JsonData
from portal.fostering.follow_up.first_call.options import CallResult


class FirstCall(Base):
    """Choices by topic; recorded again, it holds the newest, and the timeline keeps when."""

    __tablename__ = "fostering_first_calls"

    id: Mapped[Id]
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("fostering_enquiries.id", ondelete="CASCADE"))
    choices: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    """Codes of options.py by topic; no words."""
    result: Mapped[CallResult]
    recorded_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    by_name: Mapped[str] = mapped_column(String(120), default="")

    __table_args__ = (UniqueConstraint("enquiry_id", name="uq_fostering_first_calls_enquiry"),)
