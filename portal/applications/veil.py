"""The one place that says what is hidden of an application: in page, print, file name, export, search, sort.

On an anonymised advert nobody on the council’s side sees who applied before the application is shortlisted
(domain recruitment §3.6). What may be seen is listed; a question that nobody has listed is hidden. What
belongs to HR alone, or to nobody who shortlists, stays hidden from others on every advert.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Protocol

from sqlalchemy import ColumnElement, case, or_, true, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from portal.applications.models import Application

HIDDEN = "Hidden until shortlisted"
PROVIDED = "Provided"
FOR_HR = "Seen by HR only"

SHOWABLE: dict[str, tuple[str, ...]] = {
    "eligibility": ("right_to_work*", "lived_abroad*", "abroad_*", "travel", "internal_employee", "at_risk"),
    "registration": (
        *("reg_status", "reg_body", "hcpc_domain", "asye_status", "qualified_*", "sw_qual_route", "route"),
        "fitness_*",
    ),
    "education": (
        *("education_left", "left_education", "title", "subject", "level", "institution"),
        *("awarding_body", "grade", "finished", "awarded", "start"),
    ),
    "training": ("course", "provider", "completed"),
    "employment": (
        *("has_worked", "employer", "town", "title", "post_type", "agency", "placement", "start"),
        *("current", "end", "duties", "leaving_reason", "with_children", "reason", "explanation"),
    ),
    "statement": ("statement", "criterion*"),
    "support": ("dc_scheme", "disability_confident", "other_schemes", "scheme*", "care_leaver", "forces*"),
    "declarations": (
        *("canvassing_ack", "accuracy", "understand_checks", "understand_barred", "privacy_read"),
        "councillor_*",
    ),
    "check-answers": (
        *("canvassing_ack", "accuracy", "understand_checks", "understand_barred", "privacy_read"),
    ),
}
"""Section → questions (with `*` for any ending) that an anonymised advert shows before shortlisting.

A section that is not here, such as the details and the referees, is hidden as a whole.
"""

NUMBERS = ("swe_number", "hcpc_number", "bps_membership", "registration_number")
"""Both registers are public: whoever has the number has the name. That there is one may be known."""

HR_ONLY: dict[str, tuple[str, ...]] = {
    "declarations": ("relationship*", "councillor_*"),
    "check-answers": ("relationship*", "councillor_*"),
    "registration": ("fitness_*",),
    "eligibility": ("employee_number",),
}
"""Section → details that only HR works with (domain recruitment §3.6, §9), on any advert."""

NEVER_WHILE_SHORTLISTING = ("adjustments*",)
"""What somebody needs for an interview is no matter of shortlisting, anonymised or not."""

SHOWABLE_COLUMNS = frozenset(
    {
        *("id", "reference", "version", "vacancy_id", "submitted_at", "late", "form_version", "is_demo"),
        *("status", "status_since", "told_status", "outcome_reasons", "withdrawn_at", "withdrawn_from"),
        *(
            "shortlisted_at",
            "interview_at",
            "interview_mode",
            "interview_place",
            "offered_at",
            "accepted_at",
            "starts_on",
            "decided_at",
        ),
        *("answered_at", "internal", "right_to_work", "registration_body", "registration_status"),
        *("asye_status", "highest_qualification", "current_employer", "current_job_title", "gap_count"),
        *("disability_confident", "other_schemes", "source"),
    }
)
"""Columns of an application that lists and exports may show under the veil."""


class Standing(Protocol):
    """What the veil reads: an application, or a row of a list with this column."""

    @property
    def shortlisted_at(self) -> datetime | None:
        """When it was shortlisted first."""


class Named(Standing, Protocol):
    """What has a name as well."""

    @property
    def reference(self) -> str:
        """The public reference."""

    @property
    def given_names(self) -> str:
        """Given names."""

    @property
    def family_name(self) -> str:
        """Family name."""


def is_veiled(application: Standing, anonymised: bool) -> bool:  # noqa: FBT001 – the contract of all parts
    """Whether nobody may see yet who this is. What was withdrawn before shortlisting stays so for good."""
    return anonymised and application.shortlisted_at is None


def may_be_named(*, anonymised: bool) -> ColumnElement[bool]:
    """`is_veiled`, the other way round and said to the database: rows that may be found or sorted by name."""
    return Application.shortlisted_at.is_not(None) if anonymised else true()


def shown_name(application: Named, veiled: bool) -> str:  # noqa: FBT001 – the contract of all parts
    """What somebody is called: the reference under the veil."""
    if veiled:
        return application.reference
    return f"{application.given_names} {application.family_name}"


def shown_column(name: str, value: Any, *, veiled: bool, hr: bool = False, shortlisting: bool = True) -> Any:
    """The value of an application’s column as a list or an export may show it; None where it is hidden."""
    if name == "registration_number" and veiled:
        return PROVIDED if value else None
    if name == "adjustments_needed" and shortlisting and not (hr and not veiled):
        return None
    return value if not veiled or name in SHOWABLE_COLUMNS else None


def column_shown(name: str, anonymised: InstrumentedAttribute[bool]) -> Any:
    """`shown_column` for HR, said to the database; `anonymised` is a column of the advert."""
    stored, said = getattr(Application, name), "said"
    behind = shown_column(name, said, veiled=True, hr=True)
    if behind is said:
        return stored
    in_sight = (or_(~anonymised, Application.shortlisted_at.is_not(None)), stored)
    seen = case(in_sight) if behind is None else case(in_sight, (stored != "", behind))
    return type_coerce(seen, stored.type)


def shown_snapshot(
    snapshot: Mapping[str, Any],
    veiled: bool,  # noqa: FBT001 – the contract of all parts
    *,
    hr: bool = False,
    shortlisting: bool = True,
) -> dict[str, Any]:
    """The snapshot in the same shape, with what may not be seen taken out and nothing left of its codes.

    `hr` is whether the reader works in HR, `shortlisting` whether the application is not shortlisted yet.
    Whoever forgets them sees less, never more.
    """
    sight = Sight(veiled=veiled, hr=hr, shortlisting=shortlisting)
    return {**snapshot, "sections": [sight.section(section) for section in snapshot["sections"]]}


class Sight:
    """How one reader sees one application."""

    def __init__(self, *, veiled: bool, hr: bool, shortlisting: bool) -> None:
        self.veiled = veiled
        self.hr = hr
        self.shortlisting = shortlisting

    def section(self, section: Mapping[str, Any]) -> dict[str, Any]:
        """A section; the headings of its groups are made of answers, so they go where an answer goes."""
        groups = [self.group(section, group, number) for number, group in enumerate(section["groups"], 1)]
        return {**section, "groups": groups}

    def group(self, section: Mapping[str, Any], group: Mapping[str, Any], number: int) -> dict[str, Any]:
        """One group of rows."""
        rows = [self.row(section["slug"], row) for row in group["rows"]]
        whole = all(now["text"] == before["text"] for now, before in zip(rows, group["rows"], strict=True))
        heading = group["heading"]
        return {
            **group,
            "rows": rows,
            "heading": heading if whole or not heading else f"{section['title']} {number}",
        }

    def row(self, section: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """One question with its answer, or with what is said instead."""
        name, said = row["name"], bool(row["answer"])
        instead = self.instead(section, name)
        if instead is None:
            return dict(row)
        text = ("Provided" if said else "Not provided") if instead == PROVIDED else instead
        return {**row, "text": text, "answer": None}

    def instead(self, section: str, name: str) -> str | None:
        """What stands in the place of an answer; None where the answer may be seen."""
        if matches(name, HR_ONLY.get(section, ())) and not self.hr:
            return FOR_HR
        if matches(name, NEVER_WHILE_SHORTLISTING) and self.shortlisting and (self.veiled or not self.hr):
            return HIDDEN
        if not self.veiled:
            return None
        if matches(name, NUMBERS):
            return PROVIDED
        return None if matches(name, SHOWABLE.get(section, ())) else HIDDEN


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a question is among these."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)
