"""A household's enquiry about fostering: what it said, how far it has come, what was done.

Special category data (health, convictions, ethnicity, religion …), dates of birth and children's names
have no column here on purpose: they belong to the application and the case system (domain §§0 and 8).
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from portal.accounts.models import StaffUser
from portal.core.database import Base, BigId, Id, JsonData
from portal.fostering.closures import Closure
from portal.fostering.guarded import Guarded
from portal.fostering.options import (
    ActivityKind,
    Area,
    AreaConfidence,
    Availability,
    CallOutcome,
    Channel,
    ContactMethod,
    Driver,
    DuplicateState,
    EnquirerType,
    FosteringStatus,
    HeardFrom,
    HistoryKind,
    Housing,
    MatchedOn,
    NextStep,
    Smoking,
    SpareBedroom,
    Stage,
    Status,
    UkResidency,
    VisitMode,
    VisitOutcome,
    YesNo,
    YesNoUnsure,
)

SortKey = String(80).with_variant(String(80, collation="C"), "postgresql")
"""Text compared by code point on both databases, so that a prefix is a range of an ordinary index."""

OWED = "status IN ('OPEN', 'KEEP_IN_TOUCH')"


def name_key(name: str) -> str:
    """A name as it is searched and matched: no case, accents, spaces, punctuation ("O'Dé-Ros" → oderos)."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in spread if character.isalnum())[:80]


class Answers:
    """What the household told us, one column a question (domain §5, whose field names these are).

    A question that staff may leave out of an enquiry they enter themselves may be empty.
    Lists hold the codes of options.py.
    """

    age_21_plus: Mapped[YesNo | None]
    spare_bedroom: Mapped[SpareBedroom | None]
    uk_residency: Mapped[UkResidency | None]
    fostering_status: Mapped[FosteringStatus | None]
    current_agency: Mapped[str | None] = mapped_column(String(120))

    care_types: Mapped[list[str]] = mapped_column(JsonData, default=list)
    age_groups: Mapped[list[str]] = mapped_column(JsonData, default=list)
    open_to_siblings: Mapped[YesNoUnsure | None]
    experience: Mapped[list[str]] = mapped_column(JsonData, default=list)
    availability: Mapped[Availability | None]
    motivation: Mapped[str | None] = mapped_column(Text)

    enquirer_type: Mapped[EnquirerType | None]
    other_adults: Mapped[int | None] = mapped_column(SmallInteger)
    children_0_4: Mapped[int | None] = mapped_column(SmallInteger)
    children_5_10: Mapped[int | None] = mapped_column(SmallInteger)
    children_11_15: Mapped[int | None] = mapped_column(SmallInteger)
    children_16_17: Mapped[int | None] = mapped_column(SmallInteger)
    housing: Mapped[Housing | None]
    spare_bedrooms: Mapped[int | None] = mapped_column(SmallInteger)
    smoking: Mapped[Smoking | None]
    pets: Mapped[list[str]] = mapped_column(JsonData, default=list)
    driver: Mapped[Driver | None]

    first_name: Mapped[str] = mapped_column(String(60))
    last_name: Mapped[str] = mapped_column(String(60))
    second_first_name: Mapped[str | None] = mapped_column(String(60))
    second_last_name: Mapped[str | None] = mapped_column(String(60))
    postcode: Mapped[str | None] = mapped_column(String(8))
    """With its space ("SO14 7LY")."""
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(20))
    """E.164, e.g. +447700900123."""
    contact_method: Mapped[ContactMethod | None]
    contact_times: Mapped[list[str]] = mapped_column(JsonData, default=list)
    voicemail_ok: Mapped[YesNo | None]
    contact_needs: Mapped[str | None] = mapped_column(String(200))

    next_step: Mapped[NextStep | None]
    heard_from: Mapped[HeardFrom | None]
    heard_detail: Mapped[str | None] = mapped_column(String(120))
    updates_opt_in: Mapped[bool] = mapped_column(default=False)
    updates_opt_in_at: Mapped[datetime | None]


class Progress:
    """Where the household stands: stage says how far, status whether anything is owed (domain §4.1)."""

    stage: Mapped[Stage] = mapped_column(default=Stage.NEW)
    stage_since: Mapped[datetime | None]
    """When the household entered the stage; empty until it has moved once."""
    status: Mapped[Status] = mapped_column(default=Status.OPEN)
    sla_due_at: Mapped[datetime]
    """When the first contact attempt was due; fixed at receipt, for reporting."""
    due_at: Mapped[datetime | None]
    """When the next action is due: the order of the queue. Empty only when nothing is owed."""
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    phone_wrong_at: Mapped[datetime | None]
    """When the number was found to be somebody else’s; empty again once it is corrected."""
    email_failed_at: Mapped[datetime | None]
    """When mail to the address was found not to arrive; empty again once it is corrected."""
    due_before_failure: Mapped[datetime | None]
    """What was due when before a mail that did not arrive became the next action."""
    pack_settled_at: Mapped[datetime | None]
    """When the information pack went to them, or they said that they do not want it."""
    letter_owed_since: Mapped[datetime | None]
    """The visit, or the closing, after which they wait to be written to; empty once they were."""
    first_attempt_at: Mapped[datetime | None]
    first_contact_at: Mapped[datetime | None]
    initial_call_at: Mapped[datetime | None]
    visit_booked_for: Mapped[datetime | None]
    visit_mode: Mapped[VisitMode | None]
    visit_done_at: Mapped[datetime | None]
    visit_outcome: Mapped[VisitOutcome | None]
    roi_sent_at: Mapped[datetime | None]
    application_at: Mapped[datetime | None]
    stage1_start: Mapped[date | None]
    stage1_info_complete_at: Mapped[datetime | None]
    stage1_decision_at: Mapped[datetime | None]
    stage2_start: Mapped[date | None]
    panel_at: Mapped[datetime | None]
    panel_recommendation: Mapped[str | None] = mapped_column(String(40))
    adm_at: Mapped[datetime | None]
    decision_told_at: Mapped[datetime | None]
    decision_notice_at: Mapped[datetime | None]
    """When the notice of the decision went to them; it is written in the case system."""
    approved_at: Mapped[datetime | None]
    kit_review_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closure_code: Mapped[Closure | None]
    case_system_ref: Mapped[str | None] = mapped_column(String(40))
    retention_due_on: Mapped[date | None]
    hold_until: Mapped[date | None]
    """When somebody looks whether the hold is still needed; it keeps the record until it is ended."""
    hold_reason: Mapped[str | None] = mapped_column(String(40))
    hold_owner_id: Mapped[int | None] = mapped_column(BigId)
    """Of staff_users; without a foreign key, for which SQLite would have to copy every enquiry."""


class Enquiry(Answers, Progress, Guarded, Base):
    """One household that asked about fostering; a couple is one household."""

    __tablename__ = "fostering_enquiries"

    id: Mapped[Id]
    public_ref: Mapped[str] = mapped_column(String(12))
    submission_key: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime]
    channel: Mapped[Channel] = mapped_column(default=Channel.WEB)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    """Who typed it in for the household; empty for the web form."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    utm_source: Mapped[str | None] = mapped_column(String(60))
    utm_medium: Mapped[str | None] = mapped_column(String(60))
    utm_campaign: Mapped[str | None] = mapped_column(String(60))
    hub_origin: Mapped[bool] = mapped_column(default=False)
    hub_ref: Mapped[str | None] = mapped_column(String(40))
    hub_handed_on: Mapped[date | None]

    area: Mapped[Area] = mapped_column(default=Area.UNKNOWN)
    area_confidence: Mapped[AreaConfidence] = mapped_column(default=AreaConfidence.NONE)
    district: Mapped[str | None] = mapped_column(String(4))
    """The postcode's first half ("SO14")."""
    local_authority: Mapped[str | None] = mapped_column(String(60))
    """The district or city council, where the postcode alone tells it."""

    flags: Mapped[list[str]] = mapped_column(JsonData, default=list)
    """Codes of flags.py: for people to look at, never a decision."""
    flagged: Mapped[bool] = mapped_column(default=False)
    """Whether there is any flag: what an index can hold of them. Set with them, never by hand."""
    quarantined: Mapped[bool] = mapped_column(default=False)
    """May be a machine's work: marked in the queue so that somebody looks before calling. Never refused."""
    demonstration: Mapped[bool] = mapped_column(default=False)

    household_key: Mapped[str] = mapped_column(String(32))
    """Shared by enquiries that staff have said to be one household’s; until then each has its own."""
    household_counted: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether an enquiry of this household that is gone is the one that counts for the financial year."""
    household_month: Mapped[str | None] = mapped_column(String(7))
    """The month in which that one came."""
    household_reached: Mapped[list[str] | None] = mapped_column(JsonData)
    """How far the household came by enquiries of the year that are gone (reporting/outcomes.py)."""
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("fostering_enquiries.id"))
    first_name_key: Mapped[str] = mapped_column(SortKey)
    last_name_key: Mapped[str] = mapped_column(SortKey)
    second_first_name_key: Mapped[str | None] = mapped_column(SortKey)
    second_last_name_key: Mapped[str | None] = mapped_column(SortKey)
    email_key: Mapped[str | None] = mapped_column(String(254))
    """The address in lower case: what duplicates and searches compare."""

    form_version: Mapped[str] = mapped_column(String(40))
    notice_version: Mapped[str] = mapped_column(String(40))
    snapshot: Mapped[dict[str, Any]] = mapped_column(JsonData, default=lambda: {"sections": []})
    """The questions as they were worded and the answers as they were shown."""

    owner: Mapped[StaffUser | None] = relationship(foreign_keys=owner_id)
    activities: Mapped[list[Activity]] = relationship(
        back_populates="enquiry", order_by="Activity.at, Activity.id"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("public_ref"),
        UniqueConstraint("submission_key"),
        CheckConstraint(f"NOT ({OWED}) OR due_at IS NOT NULL", name="owed_is_due"),
        CheckConstraint("status <> 'CLOSED' OR closure_code IS NOT NULL", name="closed_has_code"),
        CheckConstraint("status <> 'KEEP_IN_TOUCH' OR kit_review_on IS NOT NULL", name="kit_has_review"),
        Index("ix_fostering_enquiries_queue", "status", "due_at", "id"),
        Index("ix_fostering_enquiries_area", "area", "status", "due_at", "id"),
        Index("ix_fostering_enquiries_stage", "stage", "status", "due_at", "id"),
        Index("ix_fostering_enquiries_finished", "status", "received_at", "id"),
        Index("ix_fostering_enquiries_area_finished", "area", "status", "received_at", "id"),
        Index("ix_fostering_enquiries_stage_finished", "stage", "status", "received_at", "id"),
        Index("ix_fostering_enquiries_received", "received_at", "id"),
        # A search reads only these: with what it sorts by in the index, it need not look at the rows.
        Index("ix_fostering_enquiries_name", "last_name_key", "first_name_key", "received_at", "id"),
        Index("ix_fostering_enquiries_first_name", "first_name_key", "last_name_key", "received_at", "id"),
        Index("ix_fostering_enquiries_household", "household_key"),
        *(
            Index(
                f"ix_fostering_enquiries_{name}",
                *columns,
                postgresql_where=text(f"{columns[0]} IS NOT NULL"),
                sqlite_where=text(f"{columns[0]} IS NOT NULL"),
            )
            for name, columns in {
                "owner": ("owner_id", "status", "due_at", "id"),
                "owner_area": ("owner_id", "area", "status", "due_at", "id"),
                "owner_finished": ("owner_id", "status", "received_at", "id"),
                "second_name": ("second_last_name_key", "received_at", "id"),
                "second_first_name": ("second_first_name_key", "second_last_name_key", "received_at", "id"),
                "email": ("email_key",),
                "phone": ("phone",),
                "email_failed": ("email_failed_at", "id"),
                "letter_owed": ("letter_owed_since", "id"),
                "duplicate": ("duplicate_of_id",),
                "retention": ("retention_due_on",),
                "restricted": ("restricted_at", "id"),
                "concern": ("concern_at", "id"),
                "applied": ("application_at", "id"),
            }.items()
        ),
        *(
            Index(
                f"ix_fostering_enquiries_{name}{ending}",
                *("status", order, "id"),
                postgresql_where=text(condition),
                sqlite_where=text(condition if name != "flagged" else "flagged = 1"),
            )
            for name, condition in {"flagged": "flagged", "unowned": "owner_id IS NULL"}.items()
            for ending, order in {"": "due_at", "_finished": "received_at"}.items()
        ),
        Index(
            "ix_fostering_enquiries_pack_owed",
            *("status", "received_at", "id"),
            postgresql_where=text("pack_settled_at IS NULL"),
            sqlite_where=text("pack_settled_at IS NULL"),
        ),
    )

    @validates("flags")
    def _note_whether_flagged(self, _name: str, flags: list[str]) -> list[str]:
        self.flagged = bool(flags)
        return flags

    @property
    def full_name(self) -> str:
        """The first applicant's name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def second_name(self) -> str:
        """The second applicant's name, empty when there is none."""
        return " ".join(part for part in (self.second_first_name, self.second_last_name) if part)

    @property
    def is_open(self) -> bool:
        """Whether anything is still owed to the household."""
        return self.status in (Status.OPEN, Status.KEEP_IN_TOUCH)

    @property
    def may_be_worked(self) -> bool:
        """Whether contacts are recorded: while it is open, and again when they answer after all."""
        return self.is_open or self.closure_code is Closure.X01

    @property
    def agreed_to_call(self) -> bool:
        """Whether somebody who asked for the information pack only has agreed on a call since."""
        return self.next_step is NextStep.INFO_PACK_ONLY and any(
            activity.outcome is CallOutcome.CALL_BACK_AT for activity in self.activities
        )

    @property
    def is_held(self) -> bool:
        """Whether somebody said to keep it beyond its time; a hold stands until it is ended."""
        return self.hold_reason is not None or self.hold_until is not None

    @property
    def must_stay(self) -> bool:
        """Whether it is held, or restricted to named people: then it is neither erased nor let go."""
        return self.is_held or self.restricted_at is not None

    def is_overdue(self, at: datetime) -> bool:
        """Whether the next action should have happened by now."""
        return self.is_open and self.due_at is not None and self.due_at < at


class Activity(Base):
    """One thing done with a household: a contact attempt, a note, a message. Rows are only added."""

    __tablename__ = "fostering_activities"

    id: Mapped[Id]
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("fostering_enquiries.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[ActivityKind]
    outcome: Mapped[CallOutcome | None]
    call_back_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    by_name: Mapped[str] = mapped_column(String(120), default="")
    """As the person was called then; "the portal" for its own."""
    note: Mapped[str | None] = mapped_column(Text)

    enquiry: Mapped[Enquiry] = relationship(back_populates="activities")

    __table_args__ = (Index("ix_fostering_activities_enquiry", "enquiry_id", "at", "id"),)


class HistoryEntry(Base):
    """One change of where an enquiry stands: what, when it was recorded, by whom. Rows are only added."""

    __tablename__ = "fostering_history"

    id: Mapped[Id]
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("fostering_enquiries.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[HistoryKind]
    from_stage: Mapped[Stage | None]
    to_stage: Mapped[Stage | None]
    closure_code: Mapped[Closure | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    """What was recorded with it, by the names of the columns: dates in ISO form, and codes."""
    note: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    by_name: Mapped[str] = mapped_column(String(120), default="")

    __table_args__ = (Index("ix_fostering_history_enquiry", "enquiry_id", "at", "id"),)


class PossibleDuplicate(Base):
    """Two enquiries that may be one household's, for staff to look at; the public is never told."""

    __tablename__ = "fostering_possible_duplicates"

    id: Mapped[Id]
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("fostering_enquiries.id", ondelete="CASCADE"))
    """The later one."""
    other_id: Mapped[int] = mapped_column(ForeignKey("fostering_enquiries.id", ondelete="CASCADE"))
    """The earlier one."""
    matched_on: Mapped[MatchedOn]
    state: Mapped[DuplicateState] = mapped_column(default=DuplicateState.POSSIBLE)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    decided_at: Mapped[datetime | None]

    enquiry: Mapped[Enquiry] = relationship(foreign_keys=enquiry_id)
    other: Mapped[Enquiry] = relationship(foreign_keys=other_id)

    __table_args__ = (
        UniqueConstraint("enquiry_id", "other_id", name="uq_fostering_possible_duplicates_pair"),
        CheckConstraint("enquiry_id <> other_id", name="two_enquiries"),
        Index("ix_fostering_possible_duplicates_other", "other_id"),
    )
