"""The operational export: one row an enquiry, in the order and words of domain: fostering §7.1.

Why people are asking, and staff’s notes, are left out; a separate permission gives them (`words/`). What
they need for contact, and the agency they foster with, are columns, as they wrote them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.accounts.models import StaffUser
from portal.core.access import Actor
from portal.core.aliases import lasting_alias
from portal.core.clock import london_instant
from portal.core.export import Column, Selected
from portal.core.json_rows import codes_of
from portal.council import Retention
from portal.fostering.flags import Flag
from portal.fostering.follow_up.filters import ExportFilters
from portal.fostering.keeping.queries import STANDING, heard_at
from portal.fostering.keeping.schedule import day_of
from portal.fostering.models import Enquiry
from portal.fostering.options import AgeGroup, CareType, ContactTime, Experience, Pet, Status
from portal.fostering.restricted import may_read

ExportRow = Row[*tuple[Any, ...]]
original = lasting_alias(Enquiry)

PLAIN_BEFORE = ("public_ref", "received_at", "channel", "heard_from", "utm_campaign", "hub_origin", "hub_ref")
PLAIN_AFTER_OWNER = (
    *("area", "local_authority", "area_confidence", "enquirer_type", "first_name", "last_name"),
    *("second_first_name", "email", "phone", "contact_method", "contact_times"),
    *("voicemail_ok", "contact_needs", "postcode", "care_types", "age_groups", "open_to_siblings"),
    *("availability", "housing", "spare_bedrooms", "other_adults", "children_0_4", "children_5_10"),
    *("children_11_15", "children_16_17", "experience", "fostering_status", "current_agency", "smoking"),
    *("pets", "driver", "flags", "sla_due_at", "first_attempt_at", "first_contact_at", "attempts"),
    *("initial_call_at", "visit_booked_for", "visit_done_at", "visit_outcome", "roi_sent_at"),
    *("application_at", "stage1_info_complete_at", "stage1_decision_at", "stage2_start", "panel_at"),
    *("adm_at", "approved_at", "kit_review_on", "closed_at", "closure_code"),
)
SHOWN_ONLY = ("due_at", "next_step")
"""Beside the owner, people also get by when the household is to hear from us, and what it asked for."""
PLAIN_LAST = ("case_system_ref", "updates_opt_in", "retention_due_on")

HEADERS = {
    "open_to_siblings": "siblings",
    "local_authority": "district_or_la",
    "second_first_name": "second_name",
}
"""Where the export's heading differs from the column's name."""

TITLES = {
    "public_ref": "Reference",
    "received_at": "Received",
    "heard_from": "Heard of us from",
    "utm_campaign": "Campaign",
    "hub_origin": "From the regional hub",
    "hub_ref": "Hub reference",
    "due_at": "Next action due",
    "next_step": "Asked for",
    "local_authority": "District or council",
    "area_confidence": "How sure the area is",
    "enquirer_type": "Asking as",
    "second_first_name": "Second person",
    "contact_method": "Prefers",
    "contact_times": "Best times",
    "voicemail_ok": "Voicemail",
    "contact_needs": "Needs for contact",
    "care_types": "Interested in",
    "age_groups": "Ages of children",
    "open_to_siblings": "Siblings",
    "children_0_4": "Children aged 0 to 4",
    "children_5_10": "Children aged 5 to 10",
    "children_11_15": "Children aged 11 to 15",
    "children_16_17": "Children aged 16 to 17",
    "fostering_status": "Fostering now",
    "current_agency": "With which agency",
    "sla_due_at": "First contact due",
    "first_attempt_at": "First attempt",
    "first_contact_at": "First contact",
    "initial_call_at": "Initial call",
    "visit_booked_for": "Visit booked for",
    "visit_done_at": "Visit done",
    "roi_sent_at": "Registration of interest sent",
    "application_at": "Applied",
    "stage1_info_complete_at": "Stage 1 information complete",
    "stage1_decision_at": "Stage 1 decision",
    "stage2_start": "Stage 2 start",
    "panel_at": "Panel",
    "adm_at": "Decision maker",
    "approved_at": "Approved",
    "kit_review_on": "Keep in touch until",
    "closed_at": "Closed",
    "closure_code": "Why closed",
    "duplicate_of": "Duplicate of",
    "case_system_ref": "Case system reference",
    "updates_opt_in": "Wants updates",
    "retention_due_on": "Kept until",
}
"""Headings of the workbook where the column’s name, with spaces, would not do."""

WORDS: dict[str, Mapping[str, str]] = {
    "contact_times": dict(ContactTime.choices()),
    "care_types": dict(CareType.choices()),
    "age_groups": dict(AgeGroup.choices()),
    "experience": dict(Experience.choices()),
    "pets": dict(Pet.choices()),
    "flags": {flag.value: flag.label for flag in Flag},
}
"""Words for codes that are kept in lists."""

WIDE = {
    "email": 32,
    "contact_needs": 40,
    "closure_code": 32,
    "stage": 24,
    "next_step": 32,
    **dict.fromkeys(WORDS, 36),
}


def stored_column(name: str) -> Any:
    """A column of enquiries, as an export reads it."""
    stored = getattr(Enquiry, name)
    return codes_of(stored) if name in WORDS else stored


def last_heard() -> ColumnElement[datetime]:
    """The last contact of those whose time runs from it; of others it is not looked for."""
    kept_in_touch = Enquiry.status == Status.KEEP_IN_TOUCH
    return case((kept_in_touch, heard_at()), else_=Enquiry.received_at)


def said(stored: InstrumentedAttribute[str | None]) -> ColumnElement[str | None]:
    """What was written, and nothing where only nothing was."""
    return func.nullif(stored, "", type_=stored.type)


first, last = said(Enquiry.second_first_name), said(Enquiry.second_last_name)

MADE: dict[str, Any] = {
    "owner": StaffUser.name,
    "second_first_name": func.coalesce(first.concat(" ").concat(last), first, last),  # both in one cell
    # The council where the postcode tells it, else the postcode's first half.
    "local_authority": func.coalesce(said(Enquiry.local_authority), Enquiry.district),
    "duplicate_of": original.public_ref,
}

NAMES = (
    *(*PLAIN_BEFORE, "stage", "status", "owner", *SHOWN_ONLY),
    *(*PLAIN_AFTER_OWNER, "duplicate_of", *PLAIN_LAST),
)
EXPRESSIONS: dict[str, Any] = {name: MADE[name] if name in MADE else stored_column(name) for name in NAMES}
"""What the database is asked for, in the order of the row."""

KEPT_BY = (*STANDING, "heard_at")
"""What the day of going is made of; `stage_since` and the last are read for it alone."""


def column(name: str, value: Callable[[ExportRow], Any] | None = None) -> Column[ExportRow]:
    """A column, found by its place in the row (by its name is much slower), or as `value` makes it."""
    return Column(
        HEADERS.get(name, name),
        value or itemgetter(NAMES.index(name)),
        title=TITLES.get(name, name.replace("_", " ").capitalize()),
        words=WORDS.get(name, {}),
        width=WIDE.get(name, 18),
        expression=None if value else EXPRESSIONS[name],
    )


def kept_until(periods: Retention) -> Callable[[ExportRow], date | None]:
    """The day on which an enquiry’s own time is over, by the deletion’s schedule; open ones have none.

    What is held or restricted, and a duplicate of what stays, is kept beyond it.
    """
    return lambda row: day_of(row, row.heard_at, periods)


def sheet_columns_for(periods: Retention) -> list[Column[ExportRow]]:
    """What people get."""
    made = {"retention_due_on": kept_until(periods)}
    return [column(name, made.get(name)) for name in NAMES]


def columns_for(periods: Retention) -> list[Column[ExportRow]]:
    """What other systems get: the agreed columns in the agreed order."""
    everything = zip(NAMES, sheet_columns_for(periods), strict=True)
    return [column for name, column in everything if name not in SHOWN_ONLY]


def rows_for(filters: ExportFilters, by: Actor) -> Selected:
    """The export's rows that this person may read, by the order of receipt, a batch at a time."""
    return Selected(statement_of(filters, by), KEPT_BY)


def statement_of(filters: ExportFilters, by: Actor) -> Select[*tuple[Any, ...]]:
    """What the export reads, by the order of receipt."""
    return (
        select(
            *(expression.label(name) for name, expression in EXPRESSIONS.items()),
            Enquiry.stage_since,
            last_heard().label("heard_at"),
        )
        .select_from(Enquiry)
        .outerjoin(StaffUser, StaffUser.id == Enquiry.owner_id)
        .outerjoin(original, and_(original.id == Enquiry.duplicate_of_id, may_read(by, original)))
        .where(*export_conditions(filters, by))
        .order_by(Enquiry.received_at, Enquiry.id)
    )


def export_count(session: Session, filters: ExportFilters, *, by: Actor) -> int:
    """How many rows an export will have; noted in the audit before its first byte."""
    wanted = select(func.count()).select_from(Enquiry).where(*export_conditions(filters, by))
    return session.scalar(wanted) or 0


def export_conditions(filters: ExportFilters, by: Actor) -> list[ColumnElement[bool]]:
    """The export's filters as SQL."""
    found = [may_read(by)]
    if filters.statuses:
        found.append(Enquiry.status.in_(filters.statuses))
    if filters.area is not None:
        found.append(Enquiry.area == filters.area)
    if filters.received_from is not None:
        found.append(Enquiry.received_at >= london_instant(filters.received_from, time(0)))
    if filters.received_to is not None and filters.received_to < date.max:
        found.append(Enquiry.received_at < london_instant(filters.received_to + timedelta(days=1), time(0)))
    return found
