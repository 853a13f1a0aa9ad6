"""Inspections as records: what was inspected and when, the judgements, the words that may be quoted.

The next inspection is a new record, never a changed template. Areas differ from one framework to the
next (care leavers have had a judgement of their own since 2023), so judgements are rows.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import wording
from portal.core.database import Base, BigId, Id, JsonData

CHECK_EVERY = timedelta(days=365)
"""How long a record counts as fresh after somebody compared it with Ofsted's site."""


class Grade(StrEnum):
    """Ofsted's four grades, best first."""

    OUTSTANDING = "OUTSTANDING"
    GOOD = "GOOD"
    REQUIRES_IMPROVEMENT = "REQUIRES_IMPROVEMENT"
    INADEQUATE = "INADEQUATE"

    @property
    def label(self) -> str:
        """The grade in Ofsted's words."""
        return GRADE_LABELS[self]


GRADE_LABELS = {
    Grade.OUTSTANDING: "Outstanding",
    Grade.GOOD: "Good",
    Grade.REQUIRES_IMPROVEMENT: "Requires improvement to be good",
    Grade.INADEQUATE: "Inadequate",
}


class Area(StrEnum):
    """What is judged under the framework for local authority children's services."""

    LEADERS = "LEADERS"
    HELP_PROTECTION = "HELP_PROTECTION"
    IN_CARE = "IN_CARE"
    CARE_LEAVERS = "CARE_LEAVERS"
    OVERALL = "OVERALL"


class InspectionType(StrEnum):
    """Kinds of inspection; only the first two end in grades."""

    STANDARD = "STANDARD"
    SHORT = "SHORT"
    FOCUSED_VISIT = "FOCUSED_VISIT"
    MONITORING_VISIT = "MONITORING_VISIT"
    JOINT_TARGETED = "JOINT_TARGETED"


TYPE_LABELS = {
    InspectionType.STANDARD: "standard inspection",
    InspectionType.SHORT: "short inspection",
    InspectionType.FOCUSED_VISIT: "focused visit",
    InspectionType.MONITORING_VISIT: "monitoring visit",
    InspectionType.JOINT_TARGETED: "joint targeted area inspection",
}

GRADED_TYPES = (InspectionType.STANDARD, InspectionType.SHORT)

INSPECTORS = "Ofsted inspectors"
"""To whom every phrase of a report is attributed."""


class InspectionStatus(StrEnum):
    """A draft was published and taken back: staff alone see it. What was never published has no row."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"


class Topic(StrEnum):
    """What a quotation speaks of: adverts ask for the topics that fit the post."""

    LEADERSHIP = "LEADERSHIP"
    HELP = "HELP"
    CARE = "CARE"
    LEAVERS = "LEAVERS"
    DISABILITY = "DISABILITY"
    WORKFORCE = "WORKFORCE"
    CULTURE = "CULTURE"
    TRAINING = "TRAINING"
    MANAGERS = "MANAGERS"
    COUNCIL = "COUNCIL"

    @property
    def label(self) -> str:
        """What people choose the topic by."""
        return TOPIC_LABELS[self]


TOPIC_LABELS = {
    Topic.LEADERSHIP: "Leadership",
    Topic.HELP: "Help and protection",
    Topic.CARE: "Children in care",
    Topic.LEAVERS: "Care leavers",
    Topic.DISABILITY: "Disabled children",
    Topic.WORKFORCE: "The workforce",
    Topic.CULTURE: "Culture and morale",
    Topic.TRAINING: "Training and development",
    Topic.MANAGERS: "Managers",
    Topic.COUNCIL: "The council",
}


class Inspection(Base):
    """One inspection of the council's children's services."""

    __tablename__ = "inspections"
    __table_args__ = (
        UniqueConstraint("urn", "starts_on"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("published_on >= ends_on", name="published_after_end"),
    )

    id: Mapped[Id]
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[InspectionStatus] = mapped_column(default=InspectionStatus.DRAFT, index=True)
    provider: Mapped[str] = mapped_column(String(120))
    urn: Mapped[int]
    """Ofsted's number for the provider."""
    ons_code: Mapped[str] = mapped_column(String(9))
    framework: Mapped[str] = mapped_column(String(40))
    """Short name, e.g. ILACS."""
    type: Mapped[InspectionType]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    published_on: Mapped[date]
    lead_inspector: Mapped[str] = mapped_column(String(120))
    report_url: Mapped[str] = mapped_column(String(500))
    """Empty when no report is linked."""
    headline: Mapped[str] = mapped_column(String(120))
    """Our own words, as are the three texts below."""
    summary: Mapped[str] = mapped_column(Text)
    duration_note: Mapped[str] = mapped_column(String(300))
    people_heard: Mapped[str] = mapped_column(String(200))
    """Continues “Inspectors heard from …”; empty when not known."""
    to_improve: Mapped[list[str]] = mapped_column(JsonData)
    """What inspectors asked the council to improve, a sentence each."""
    checked_on: Mapped[date | None]
    """When somebody last compared this record with Ofsted's site."""

    judgements: Mapped[list[Judgement]] = relationship(
        back_populates="inspection", order_by="Judgement.position", cascade="all, delete-orphan"
    )
    quotations: Mapped[list[Quotation]] = relationship(
        back_populates="inspection", order_by="Quotation.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def dates(self) -> str:
        """When inspectors were here, as the report says it: 5 to 16 June 2023."""
        return span_of_days(self.starts_on, self.ends_on)

    @property
    def reference(self) -> str:
        """What the audit calls it."""
        return f"INSPECTION-{self.id}"

    @property
    def is_published(self) -> bool:
        """Whether the public may see it."""
        return self.status is InspectionStatus.PUBLISHED

    @property
    def month(self) -> str:
        """June 2023: the inspection's short name."""
        return f"{self.ends_on:%B %Y}"

    @property
    def kind(self) -> str:
        """ILACS standard inspection."""
        return f"{self.framework} {TYPE_LABELS[self.type]}"

    @property
    def overall(self) -> Judgement | None:
        """The judgement of overall effectiveness; None where the inspection gave no grade."""
        return next((judgement for judgement in self.judgements if judgement.area is Area.OVERALL), None)

    @property
    def is_graded(self) -> bool:
        """Whether this kind of inspection ends in grades: only those are shown to the public."""
        return self.type in GRADED_TYPES

    @property
    def evidence(self) -> list[Quotation]:
        """Inspectors' words: all that adverts may show of it."""
        return [said for said in self.quotations if said.by_inspectors]

    def needs_check(self, today: date) -> bool:
        """Whether staff should compare the record with Ofsted's site again; visitors are never told."""
        return self.checked_on is None or today - self.checked_on > CHECK_EVERY


class Judgement(Base):
    """One grade of an inspection."""

    __tablename__ = "inspection_judgements"
    __table_args__ = (UniqueConstraint("inspection_id", "area"),)

    id: Mapped[Id]
    inspection_id: Mapped[int] = mapped_column(BigId, ForeignKey("inspections.id", ondelete="CASCADE"))
    area: Mapped[Area]
    label: Mapped[str] = mapped_column(String(160))
    """What was judged, in the framework's words of that year."""
    grade: Mapped[Grade]
    position: Mapped[int] = mapped_column(SmallInteger)

    inspection: Mapped[Inspection] = relationship(back_populates="judgements")


class Quotation(Base):
    """Words that may be quoted, whose they are and what they are about."""

    __tablename__ = "inspection_quotations"
    __table_args__ = (UniqueConstraint("inspection_id", "position"),)

    id: Mapped[Id]
    inspection_id: Mapped[int] = mapped_column(BigId, ForeignKey("inspections.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(String(300))
    attributed_to: Mapped[str] = mapped_column(String(160))
    by_inspectors: Mapped[bool]
    """False for the council's own people: their words are no evidence."""
    about: Mapped[str] = mapped_column(String(160))
    """Follows “on”: the leadership of the service."""
    topic: Mapped[Topic]
    position: Mapped[int] = mapped_column(SmallInteger)

    inspection: Mapped[Inspection] = relationship(back_populates="quotations")


class InspectionDraft(Base):
    """What HR writes before it is published: a new inspection, or changes to one.

    Half-done is allowed, so this is what was typed, not an inspection; nothing public ever reads it.
    """

    __tablename__ = "inspection_drafts"

    id: Mapped[Id]
    inspection_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("inspections.id", ondelete="CASCADE"), unique=True
    )
    """The record that it changes; at most one draft changes a record. None for a new inspection."""
    version: Mapped[int] = mapped_column(default=1)
    answers: Mapped[dict[str, Any]] = mapped_column(JsonData)
    """As journeys.answers keeps them: a page's answers by its name, quotations as entries."""
    note: Mapped[str] = mapped_column(String(300), default="")
    """Why the record was withdrawn; empty for other drafts."""
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str] = mapped_column(String(120))

    __mapper_args__ = {"version_id_col": version}


def span_of_days(first: date, last: date) -> str:
    """Two days written as people say them: 5 to 16 June 2023, 29 May to 9 June 2023."""
    if first == last:
        return wording.day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {wording.day(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {wording.day(last)}"
    return f"{wording.day(first)} to {wording.day(last)}"
