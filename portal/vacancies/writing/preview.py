"""An advert as the public will see it, at any time: what is not written yet is plainly marked as missing.

The page is the public one. It needs a whole vacancy, so what is missing gets a stand-in that no page may
show as if it were true: texts say themselves that they are missing, and figures made of stand-ins are
replaced by that word.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from portal.journeys.answers import Item
from portal.journeys.engine import Progress, RepeatingStep
from portal.vacancies.advert import Advert
from portal.vacancies.models import Criterion, PanelMember, ServiceTeam, Vacancy
from portal.vacancies.options import AnswerStyle, CarUser, ContractType, Offer, PayScale, RoleLevel
from portal.vacancies.writing.numbers import slug_of
from portal.vacancies.writing.record import (
    FIXED_WHEN_PUBLIC,
    WHEN_NOT_ASKED,
    Written,
    columns_of,
    criterion_columns,
    panel_columns,
)

MISSING = Markup('<strong class="missing">Missing</strong>')

STAND_INS: dict[str, Any] = {
    "role_level": RoleLevel.SOCIAL_WORKER,
    "number_of_posts": 1,
    "contract_type": ContractType.PERMANENT,
    "working_patterns": [],
    "hours_per_week": Decimal(37),
    "pay_scale": PayScale.OTHER,
    "salary_min": 0,
    "salary_max": 0,
    "relocation": Offer.NO,
    "visa_sponsorship": Offer.NO,
    "car_user": CarUser.NOT_NEEDED,
    "answer_style": AnswerStyle.CRITERIA,
}
"""Column → something that the page can be drawn with; wherever it is drawn, the word is put in its place."""

NO_CLOSING_TIME = "a time that is missing"


class MissingFamily(str):
    """Stands where a kind of post would."""

    __slots__ = ()
    label = "Kind of post is missing"
    value = ""


TEXTS: dict[str, Any] = {
    "family": MissingFamily(),
    "title": "Job title is missing",
    "summary": "Summary is missing",
    "description": "What the work is, is missing",
    "location_base": "Place is missing",
    "contact_name": "Contact is missing",
    "contact_email": "missing@example.org",
}

NEEDED: dict[str, str] = {
    "title": "Job title",
    "family": "Kind of post",
    "role_level": "Level",
    "team": "Team",
    "number_of_posts": "Number of posts",
    "contract_type": "Contract",
    "working_patterns": "Working patterns",
    "hours_per_week": "Hours a week",
    "location_base": "Place",
    "car_user": "Travel",
    "pay_scale": "Pay scale",
    "salary_min": "Lowest salary",
    "salary_max": "Highest salary",
    "relocation": "Help with moving",
    "visa_sponsorship": "Visa sponsorship",
    "summary": "Summary",
    "description": "The work",
    "criteria": "Criteria",
    "dbs_level": "DBS check",
    "registration": "Professional registration",
    "closes_at": "Closing date and time",
    "contact_name": "Contact",
    "contact_email": "Contact’s email address",
}
"""What the public page shows of every advert, in its order."""

ROWS: dict[str, tuple[str, ...]] = {
    "Pay": ("salary_min", "salary_max", "hours_per_week"),
    "Salary": ("salary_min", "salary_max"),
    "Full-time salary": ("salary_min", "salary_max"),
    "Hours": ("hours_per_week", "working_patterns"),
    "Contract": ("contract_type",),
    "Team": ("team",),
    "Place": ("location_base",),
    "Closes": ("closes_at",),
    "Closed": ("closes_at",),
    "Grade": ("pay_scale",),
    "Help with moving": ("relocation",),
    "Visa sponsorship": ("visa_sponsorship",),
    "Travel": ("car_user",),
}
"""Label of a row on the page → the columns it is made of."""


def written_of(progress: Progress) -> Written:
    """What was written so far and passes its rules: on the path, asked, no error."""
    answers: dict[str, Any] = {}
    for step in progress.path:
        if isinstance(step, RepeatingStep):
            continue
        form = progress.item_form(step, progress.answers.steps.get(step.slug, {}))
        form.validate()
        answers |= {
            field.short_name: field.answer for field in form.questions if field.asked and not field.errors
        }
    saved = {name for step in progress.path for name in progress.answers.steps.get(step.slug, {})}
    kept = {name: value for name, value in answers.items() if name in saved}
    return Written(kept, valid_items(progress, "criteria"), valid_items(progress, "panel"))


def valid_items(progress: Progress, slug: str) -> list[Item]:
    """The entries of a list that pass their rules."""
    step = progress.journey.step(slug)
    if not isinstance(step, RepeatingStep):
        return []
    return [item for item in progress.answers.items.get(slug, ()) if progress.item_complete(step, item)]


def draft_vacancy(
    written: Written,
    at: datetime,
    *,
    reference: str,
    teams: Mapping[str, str],
    full_time_hours: int,
    base: Vacancy | None = None,
) -> Vacancy:
    """A vacancy that belongs to no session, of what was written; without stand-ins."""
    vacancy = Vacancy(
        reference=reference, full_time_hours=Decimal(full_time_hours), evidence=[], interview_dates=[]
    )
    public = base is not None and base.approved_at is not None and base.is_readable(at)
    if base is not None:
        for column in Vacancy.__table__.columns:
            setattr(vacancy, column.key, getattr(base, column.key))
    if not vacancy.slug:
        vacancy.slug = slug_of(str(written.answers.get("title", "")), reference)
    for name, value in {**WHEN_NOT_ASKED, **columns_of(written, at)}.items():
        if not (public and name in FIXED_WHEN_PUBLIC):
            setattr(vacancy, name, value)
    slug = str(written.answers.get("team", ""))
    vacancy.team = ServiceTeam(slug=slug, name=teams.get(slug, ""))
    vacancy.hiring_manager_id = int(written.answers.get("hiring_manager") or 0) or None
    if public and base is not None:
        vacancy.criteria = [loose(row) for row in base.criteria]
    else:
        vacancy.criteria = [
            Criterion(**criterion_columns(item, n)) for n, item in enumerate(written.criteria)
        ]
    vacancy.panel = [PanelMember(**panel_columns(item, n)) for n, item in enumerate(written.panel)]
    return vacancy


def loose(row: Criterion) -> Criterion:
    """The same line, of no session."""
    return Criterion(
        position=row.position,
        wording=row.wording,
        importance=row.importance,
        assessed_by=list(row.assessed_by),
    )


def missing_in(vacancy: Vacancy) -> list[str]:
    """Columns that the public page shows and that hold nothing yet."""
    missing = [
        name
        for name in NEEDED
        if name not in ("team", "criteria") and getattr(vacancy, name) in (None, "", [])
    ]
    if not vacancy.team.name:
        missing.append("team")
    if not vacancy.criteria:
        missing.append("criteria")
    return [name for name in NEEDED if name in missing]


def with_stand_ins(vacancy: Vacancy, at: datetime) -> datetime:
    """Make it whole enough to be drawn, as it will look on the day of publication; gives that moment."""
    for name, value in {**STAND_INS, **TEXTS}.items():
        if getattr(vacancy, name) in (None, "", []):
            setattr(vacancy, name, value)
    for name in ("flexible", "other_schemes", "interview_dates", "evidence"):
        if getattr(vacancy, name) is None:
            setattr(vacancy, name, [])
    for name in FALSE_UNTIL_SAID:
        if getattr(vacancy, name) is None:
            setattr(vacancy, name, False)
    vacancy.team.name = vacancy.team.name or "Team is missing"
    vacancy.id = vacancy.id or 0
    for name in ("created_at", "updated_at"):
        if getattr(vacancy, name) is None:
            setattr(vacancy, name, at)
    vacancy.publish_at = seen_at = max(vacancy.publish_at or at, at)
    vacancy.closes_at = vacancy.closes_at or seen_at + timedelta(days=28)
    vacancy.submitted_at = vacancy.approved_at = at
    vacancy.closed_early_at = vacancy.cancelled_at = vacancy.outcome = vacancy.archived_at = None
    return seen_at


FALSE_UNTIL_SAID = (
    *("is_demo", "relisted", "covered_by_agency", "regulated_activity", "politically_restricted"),
    *("fluency_duty", "asye_suitable", "disability_confident", "anonymise_shortlisting", "may_close_early"),
)


def mark_missing(advert: Advert, missing: list[str]) -> Advert:
    """The page's facts, with the word in the place of whatever was made of a stand-in."""
    labels = {label for label, columns in ROWS.items() if not set(columns).isdisjoint(missing)}
    worked_out = {"salary_min", "salary_max", "hours_per_week"}.isdisjoint(missing)

    def marked(rows: Any) -> Any:
        return [
            (row[0], MISSING, *row[2:]) if row[0] in labels else row
            for row in rows
            if worked_out or not str(row[0]).startswith("For ")
        ]

    if "closes_at" in missing:
        advert = advert._replace(left="", soon=False)
    return advert._replace(
        facts=marked(advert.facts),
        pay=marked(advert.pay),
        promises=marked(advert.promises),
        dates=marked(advert.dates),
    )
