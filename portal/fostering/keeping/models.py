"""Lists of records that a manager let go, and what is left of a record afterwards."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, BigId, Id
from portal.fostering.keeping.options import Rule


class RetentionList(Base):
    """Records whose time was over, approved together by one person; afterwards only the counts."""

    __tablename__ = "fostering_retention_lists"

    id: Mapped[Id]
    approved_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_users.id"))
    approved_by_name: Mapped[str] = mapped_column(String(120))
    approved: Mapped[int]
    """How many records were on it."""
    deleted: Mapped[int] = mapped_column(default=0)
    anonymised: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    """When nothing on it was left to do. What was changed or held after the approval had stayed."""
    taken_back_at: Mapped[datetime | None]

    @property
    def stayed(self) -> int:
        """Records on it that were not due any more when it was carried out."""
        return self.approved - self.deleted - self.anonymised


class RetentionItem(Base):
    """One record of a list that waits; it goes with the record."""

    __tablename__ = "fostering_retention_items"

    enquiry_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("fostering_enquiries.id", ondelete="CASCADE"), primary_key=True
    )
    list_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("fostering_retention_lists.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    """Of the enquiry when it was approved: whatever changes it makes the approval void."""
    rule: Mapped[Rule]


class ApprovedRecord(Base):
    """What stays of an approved household: how to find it in the case system, and three days."""

    __tablename__ = "fostering_approved_records"

    id: Mapped[Id]
    public_ref: Mapped[str] = mapped_column(String(12), unique=True)
    case_system_ref: Mapped[str | None] = mapped_column(String(40))
    received_on: Mapped[date]
    application_on: Mapped[date | None]
    approved_on: Mapped[date | None]
