"""The operational export: one row an enquiry, in the order and words of domain: fostering §7.1.

Why people are asking, and staff’s notes, are left out; a separate permission will give them (a later
release). What they need for contact, and the agency they foster with, are columns, as they wrote them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import StaffUser
from portal.core.export import Column
from portal.fostering.follow_up.filters import ExportFilters
from portal.fostering.follow_up.queries import export_conditions
from portal.fostering.models import Enquiry

ExportRow = Row[*tuple[Any, ...]]
original = aliased(Enquiry)

PLAIN_BEFORE = ("public_ref", "received_at", "channel", "heard_from", "utm_campaign", "hub_origin", "hub_ref")
PLAIN_AFTER_OWNER = (
    *("area", "local_authority", "area_confidence", "enquirer_type", "first_name", "last_name"),
    *("second_first_name", "second_last_name", "email", "phone", "contact_method", "contact_times"),
    *("voicemail_ok", "contact_needs", "postcode", "care_types", "age_groups", "open_to_siblings"),
    *("availability", "housing", "spare_bedrooms", "other_adults", "children_0_4", "children_5_10"),
    *("children_11_15", "children_16_17", "experience", "fostering_status", "current_agency", "smoking"),
    *("pets", "driver", "flags", "sla_due_at", "first_attempt_at", "first_contact_at", "attempts"),
    *("initial_call_at", "visit_booked_for", "visit_done_at", "visit_outcome", "roi_sent_at"),
    *("application_at", "stage1_info_complete_at", "stage1_decision_at", "stage2_start", "panel_at"),
    *("adm_at", "approved_at", "kit_review_on", "closed_at", "closure_code"),
)
PLAIN_LAST = ("case_system_ref", "updates_opt_in", "retention_due_on")

HEADERS = {"open_to_siblings": "siblings", "local_authority": "district_or_la"}
"""Where the export's heading differs from the column's name."""


def column(name: str) -> Column[ExportRow]:
    """A column shown as it is stored."""
    return Column(HEADERS.get(name, name), attrgetter(name))


def second_name(row: ExportRow) -> str:
    """Both parts of the second applicant's name in one cell."""
    return " ".join(part for part in (row.second_first_name, row.second_last_name) if part)


def district_or_authority(row: ExportRow) -> str | None:
    """The council where the postcode tells it, else the postcode's first half."""
    authority: str | None = row.local_authority or row.district
    return authority


COLUMNS: list[Column[ExportRow]] = []
for _name in (*PLAIN_BEFORE, "stage", "status", "owner", *PLAIN_AFTER_OWNER, "duplicate_of", *PLAIN_LAST):
    if _name == "second_first_name":
        COLUMNS.append(Column("second_name", second_name))
    elif _name == "local_authority":
        COLUMNS.append(Column("district_or_la", district_or_authority))
    elif _name != "second_last_name":
        COLUMNS.append(column(_name))

STORED = (*PLAIN_BEFORE, "stage", "status", *PLAIN_AFTER_OWNER, *PLAIN_LAST, "district")


def rows_for(filters: ExportFilters) -> Callable[[Session], Iterator[ExportRow]]:
    """The export's rows by the order of receipt, a thousand at a time."""

    def rows(session: Session) -> Iterator[ExportRow]:
        wanted = (
            select(
                *(getattr(Enquiry, name) for name in STORED),
                StaffUser.name.label("owner"),
                original.public_ref.label("duplicate_of"),
            )
            .outerjoin(StaffUser, StaffUser.id == Enquiry.owner_id)
            .outerjoin(original, original.id == Enquiry.duplicate_of_id)
            .where(*export_conditions(filters))
            .order_by(Enquiry.received_at, Enquiry.id)
        )
        yield from session.execute(wanted.execution_options(yield_per=1000))

    return rows
