"""Rows that stay when enquiries are made anonymous, and the rules by which the service counts."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import Base, Id, JsonData
from portal.fostering.closures import Closure
from portal.fostering.options import (
    Area,
    Availability,
    Channel,
    EnquirerType,
    FosteringStatus,
    HeardFrom,
    Housing,
    Stage,
    Status,
)
from portal.fostering.reporting.deidentified import Application, DeidentifiedRow
from portal.fostering.reporting.outcomes import Reached, in_order, together

LISTS = ("care_types", "flags", "reached")


class AnonymousEnquiry(Base):
    """A `DeidentifiedRow` as it is kept: of an enquiry that is gone, and of nobody who can be found."""

    __tablename__ = "fostering_anonymous_enquiries"

    id: Mapped[Id]
    fy: Mapped[int] = mapped_column(SmallInteger)
    received_month: Mapped[str] = mapped_column(String(7))
    channel: Mapped[Channel]
    heard_from: Mapped[HeardFrom | None]
    hub: Mapped[bool]
    area: Mapped[Area | None]
    enquirer_type: Mapped[EnquirerType | None]
    care_types: Mapped[list[str]] = mapped_column(JsonData)
    availability: Mapped[Availability | None]
    housing: Mapped[Housing | None]
    spare_bedrooms_band: Mapped[str | None] = mapped_column(String(4))
    fostering_status: Mapped[FosteringStatus | None]
    flags: Mapped[list[str]] = mapped_column(JsonData)
    hours_to_first_attempt: Mapped[int | None]
    days_to_first_attempt: Mapped[int | None]
    days_to_contact: Mapped[int | None]
    days_to_visit: Mapped[int | None]
    days_to_application: Mapped[int | None]
    days_to_decision: Mapped[int | None]
    furthest_stage: Mapped[Stage]
    outcome: Mapped[Status]
    closure_code: Mapped[Closure | None]
    closed_month: Mapped[str | None] = mapped_column(String(7))
    attempt_on_time: Mapped[bool | None]
    contact_on_time: Mapped[bool | None]
    repeats: Mapped[bool]
    applications: Mapped[list[dict[str, Any]]] = mapped_column(JsonData)
    reached_month: Mapped[str | None] = mapped_column(String(7))
    reached: Mapped[list[str] | None] = mapped_column(JsonData)
    """None in rows kept before households were followed: each tells of itself, unless it repeats."""

    __table_args__ = (Index("ix_fostering_anonymous_enquiries_month", "received_month", "id"),)

    @classmethod
    def of(cls, row: DeidentifiedRow) -> AnonymousEnquiry:
        """The record of a row, not stored yet."""
        lists = {name: list(getattr(row, name)) for name in LISTS}
        return cls(**{**asdict(row), **lists, "applications": [asdict(one) for one in row.applications]})

    @property
    def row(self) -> DeidentifiedRow:
        """What was kept, as it is counted."""
        values = {field.name: getattr(self, field.name) for field in fields(DeidentifiedRow)}
        values |= {"care_types": tuple(self.care_types), "flags": tuple(self.flags)} | self.steps
        applications = tuple(Application(**one) for one in self.applications)
        return DeidentifiedRow(**{**values, "applications": applications})

    @property
    def steps(self) -> dict[str, Any]:
        """What it tells of the household."""
        if self.reached is not None:
            return {"reached": tuple(map(Reached, self.reached)), "reached_month": self.reached_month}
        own = {
            Reached.VISIT: self.days_to_visit is not None,
            Reached.APPLICATION: self.days_to_application is not None,
            Reached.APPROVAL: self.furthest_stage is Stage.APPROVED,
        }
        steps = in_order(together(step for step, taken in own.items() if taken and not self.repeats))
        return {"reached": steps, "reached_month": None if self.repeats else self.received_month}


class CountingRules(Base):
    """Which closed enquiries are not counted, and who said so. Rows are only added; the last holds."""

    __tablename__ = "fostering_counting_rules"

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    """1, 2, 3 …: of two people who change the same rules, one is told."""
    at: Mapped[datetime]
    excluded: Mapped[list[str]] = mapped_column(JsonData)
    """Closure codes."""
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
