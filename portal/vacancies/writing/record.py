"""From the answers of the journey to the columns of an advert, and back.

`Written` holds only what is on the path, was asked and passes its rules: all of it when an advert is sent,
what there is of it for a preview.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from portal.core.clock import london, london_instant
from portal.journeys.answers import Answers, Item
from portal.vacancies.models import Criterion, PanelMember, Vacancy
from portal.vacancies.options import CLOSING_TIMES, CODES, Importance
from portal.vacancies.writing.names import STEP_ITEM

PUBLISHED_AT = time(7)
"""The London time at which an advert for a later day appears: before people look for work in the morning."""

TEXTS = (
    *("title", "hr_post_number", "grade", "salary_note", "location_base", "address", "postcode"),
    *("summary", "description", "about_team", "benefits", "asye_support", "duty_rota"),
    *("contact_name", "contact_email", "contact_phone", "hiring_manager_name"),
)
NUMBERS = (
    *("number_of_posts", "scp_min", "scp_max", "salary_min", "salary_max", "minimum_pqe_years"),
    *("caseload_cap", "caseload_average", "supervision_weeks", "hybrid_days", "team_size"),
)
DECIMALS = ("hours_per_week", "paid_weeks")
DAYS = ("contract_ends_on", "decision_promised_on", "starts_on")
LISTS = ("working_patterns", "flexible", "other_schemes")
YES_OR_NO = (
    *("covered_by_agency", "regulated_activity", "politically_restricted", "fluency_duty", "asye_suitable"),
    *("disability_confident", "anonymise_shortlisting", "may_close_early"),
)
PAYMENTS = {"market": "market_supplement", "welcome": "welcome_payment", "retention": "retention_payment"}
"""Code of a supplement → its column."""

INTERVIEWS = ("interview_1", "interview_2", "interview_3", "interview_4")

FIXED_WHEN_PUBLIC = frozenset(
    {"publish_at", "closes_at", "may_close_early", "anonymise_shortlisting", "answer_style"}
)
"""Columns that writing leaves alone once the public can read the advert."""

DATES = frozenset(
    {"publish_when", "publish_on", "closes_on", *INTERVIEWS, "decision_promised_on", "starts_on"}
)
NEVER_COPIED = DATES | {"contract_ends_on"}
"""Answers that a copy does not take over: each post has its own dates."""

PEOPLE = ("contact", "responsible", "panel")
"""Pages that a template leaves out."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written and holds, by question; entries of lists with their ids."""

    answers: Mapping[str, Any]
    criteria: Sequence[Item]
    panel: Sequence[Item]


# To the advert


def columns_of(written: Written, at: datetime) -> dict[str, Any]:
    """The columns of what was written, and no others; the team and the people are the service's to find."""
    answers = written.answers
    columns: dict[str, Any] = {
        **{name: CODES[name](answers[name]) if answers[name] else None for name in CODES if name in answers},
        **{name: answers[name] or None for name in TEXTS if name in answers},
        **{name: answers[name] for name in (*NUMBERS, *LISTS) if name in answers},
        **{name: decimal_of(answers[name]) for name in DECIMALS if name in answers},
        **{name: day_of(answers[name]) for name in DAYS if name in answers},
        **{name: answers[name] == "yes" for name in YES_OR_NO if name in answers},
    }
    if "supplements" in answers:
        for code, column in PAYMENTS.items():
            columns[column] = answers.get(f"{code}_amount")
            columns[f"{column}_terms"] = answers.get(f"{code}_terms") or None
    if "evidence" in answers:
        columns["evidence"] = [int(code) for code in answers["evidence"] if code.isdigit()]
    if not set(INTERVIEWS).isdisjoint(answers):
        columns["interview_dates"] = sorted({answers[name] for name in INTERVIEWS if answers.get(name)})
    return columns | times_of(answers, at)


WHEN_NOT_ASKED: dict[str, Any] = {
    "contract_ends_on": None,
    "contract_reason": None,
    "paid_weeks": None,
    "registration_by": None,
    "hcpc_domain": None,
    "asye_suitable": False,
    "hiring_manager_name": None,
}
"""What a question that was not put leaves behind, though an earlier version may have answered it."""


def times_of(answers: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Publication and closing, as instants. “Today” is the moment at which the advert is sent."""
    times: dict[str, Any] = {}
    today = london(at).date()
    publish_on = {"tomorrow": today + timedelta(days=1), "another": day_of(answers.get("publish_on"))}
    if answers.get("publish_when") == "today" or publish_on.get(answers.get("publish_when", "")) == today:
        times["publish_at"] = at
    elif day := publish_on.get(answers.get("publish_when", "")):
        times["publish_at"] = london_instant(day, PUBLISHED_AT)
    closes_on = day_of(answers.get("closes_on"))
    hours = {code: time(hour, minute) for code, _label, hour, minute in CLOSING_TIMES}
    if closes_on is not None and answers.get("closing_time") in hours:
        times["closes_at"] = london_instant(closes_on, hours[answers["closing_time"]])
    return times


def day_of(text: Any) -> date | None:
    """A stored day."""
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def decimal_of(text: Any) -> Decimal | None:
    """A stored number with decimals."""
    return Decimal(str(text)) if text not in (None, "") else None


def criterion_columns(item: Item, position: int) -> dict[str, Any]:
    """One line of the person specification."""
    return {
        "position": position,
        "wording": item.answers["wording"],
        "importance": Importance(item.answers["importance"]),
        "assessed_by": list(item.answers["assessed_by"]),
    }


def panel_columns(item: Item, position: int) -> dict[str, Any]:
    """One person on the panel."""
    return {
        "position": position,
        "name": item.answers["name"],
        "email": item.answers["email"],
        "safer_recruitment_trained_on": day_of(item.answers.get("trained_on")),
    }


def merge_rows(rows: list[Any], items: Sequence[Item], make: type[Any], columns_for: Any) -> None:
    """Change, add and remove rows so that they say what the entries say; what stays, stays the same row."""
    known = {STEP_ITEM.format(row.id): row for row in rows}
    wanted = []
    for position, item in enumerate(items):
        row = known.pop(item.id, None) or make()
        for name, value in columns_for(item, position).items():
            if getattr(row, name, None) != value:
                setattr(row, name, value)
        wanted.append(row)
    rows[:] = wanted


# From the advert


def answers_of(vacancy: Vacancy) -> Answers:
    """The answers from which this advert could have been written; needs team, criteria and panel loaded."""
    flat = flat_answers(vacancy)
    steps = {step: {name: flat[name] for name in names if name in flat} for step, names in QUESTIONS.items()}
    criteria = tuple(Item(STEP_ITEM.format(row.id), criterion_answers(row)) for row in vacancy.criteria)
    panel = tuple(Item(STEP_ITEM.format(row.id), panel_answers(row)) for row in vacancy.panel)
    return Answers(
        {**steps, "criteria": {}, "panel": {}},
        {"criteria": criteria, "panel": panel},
        frozenset({"job-title", "role", "contract", "pay", "about", "process", "people"}),
    )


def flat_answers(vacancy: Vacancy) -> dict[str, Any]:
    """Every question's answer, as a draft keeps them."""
    flat: dict[str, Any] = {name: str(getattr(vacancy, name) or "") for name in (*TEXTS, *CODES)}
    flat |= {name: getattr(vacancy, name) for name in NUMBERS}
    flat |= {name: list(getattr(vacancy, name) or []) for name in LISTS}
    flat |= {name: iso(getattr(vacancy, name)) for name in DAYS}
    flat |= {name: "yes" if getattr(vacancy, name) else "no" for name in YES_OR_NO}
    flat |= {name: as_text(getattr(vacancy, name)) for name in DECIMALS}
    flat["team"] = vacancy.team.slug
    flat["evidence"] = [str(number) for number in vacancy.evidence or []]
    flat["supplements"] = [code for code, column in PAYMENTS.items() if getattr(vacancy, column) is not None]
    for code, column in PAYMENTS.items():
        flat[f"{code}_amount"] = getattr(vacancy, column)
        flat[f"{code}_terms"] = getattr(vacancy, f"{column}_terms") or ""
    flat |= dict(zip(INTERVIEWS, [*vacancy.interview_dates, None, None, None, None], strict=False))
    flat["hiring_manager_is"] = "listed" if vacancy.hiring_manager_id else "other"
    flat["hiring_manager"] = str(vacancy.hiring_manager_id or "")
    flat["hr_owner"] = str(vacancy.hr_owner_id or "")
    return flat | time_answers(vacancy)


def time_answers(vacancy: Vacancy) -> dict[str, Any]:
    """Publication and closing as they would be typed."""
    answers: dict[str, Any] = {}
    if vacancy.publish_at is not None:
        answers |= {"publish_when": "another", "publish_on": iso(london(vacancy.publish_at).date())}
    if vacancy.closes_at is not None:
        closing = london(vacancy.closes_at)
        code = next(
            (
                code
                for code, _l, hour, minute in CLOSING_TIMES
                if (hour, minute) == (closing.hour, closing.minute)
            ),
            None,
        )
        answers |= {"closes_on": iso(closing.date()), "closing_time": code}
    return answers


def criterion_answers(row: Criterion) -> dict[str, Any]:
    """One line of the person specification as an entry."""
    return {
        "wording": row.wording,
        "importance": row.importance.value,
        "assessed_by": list(row.assessed_by),
    }


def panel_answers(row: PanelMember) -> dict[str, Any]:
    """One person as an entry."""
    return {"name": row.name, "email": row.email, "trained_on": iso(row.safer_recruitment_trained_on)}


def iso(day: date | None) -> str | None:
    """A day as it is stored."""
    return day.isoformat() if day else None


def as_text(number: Decimal | None) -> str | None:
    """37, 22.2: as it would be typed."""
    if number is None:
        return None
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


QUESTIONS: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "role": ("family", "role_level", "team", "number_of_posts", "hr_post_number", "covered_by_agency"),
    "contract": ("contract_type", "contract_ends_on", "contract_reason"),
    "hours": ("working_patterns", "paid_weeks", "flexible", "hours_per_week"),
    "place": ("location_base", "address", "postcode", "car_user"),
    "pay": ("pay_scale", "grade", "scp_min", "scp_max", "salary_min", "salary_max", "salary_note"),
    "extras": (
        "supplements",
        *(f"{code}_{part}" for code in PAYMENTS for part in ("amount", "terms")),
        *("relocation", "visa_sponsorship"),
    ),
    "about": ("summary", "description"),
    "team": ("about_team", "benefits", "evidence"),
    "workload": (
        *("caseload_cap", "caseload_average", "supervision_weeks", "asye_support"),
        *("hybrid_days", "team_size", "duty_rota"),
    ),
    "checks": ("dbs_level", "regulated_activity", "politically_restricted", "fluency_duty"),
    "registration": ("registration", "asye_suitable", "minimum_pqe_years"),
    "register": ("registration_by", "hcpc_domain"),
    "selection": ("disability_confident", "other_schemes", "anonymise_shortlisting", "answer_style"),
    "publishing": ("publish_when", "publish_on", "closes_on", "closing_time", "may_close_early"),
    "after": (*INTERVIEWS, "decision_promised_on", "starts_on"),
    "contact": ("contact_name", "contact_email", "contact_phone"),
    "responsible": ("hiring_manager_is", "hiring_manager", "hiring_manager_name", "hr_owner"),
}
"""Page → its questions; a test holds it against the journey."""


# Beginnings


def for_copy(answers: Answers) -> Answers:
    """The same for another advert: no dates, new ids, and what lost something is looked at again."""
    steps = {
        slug: {name: value for name, value in stored.items() if name not in NEVER_COPIED}
        for slug, stored in answers.steps.items()
    }
    items = {
        slug: tuple(Item(secrets.token_urlsafe(12), item.answers) for item in entries)
        for slug, entries in answers.items.items()
    }
    completed = answers.completed - {"process"}
    if answers.steps.get("contract", {}).get("contract_ends_on"):
        completed -= {"contract"}
    return Answers(steps, items, completed)


def for_template(answers: Answers) -> Answers:
    """What is worth starting from again: never dates, contact or panel."""
    kept = for_copy(answers)
    slugs = [slug for slug in (*kept.steps, *kept.items) if slug not in PEOPLE]
    return Answers(kept.only(slugs).steps, kept.only(slugs).items, kept.completed - {"people"})


def with_evidence_of(answers: Answers, offered: Collection[str]) -> Answers:
    """The same, naming none but these quotations."""
    stored = answers.steps.get("team", {})
    kept = [code for code in stored.get("evidence") or () if code in offered]
    return answers.with_step("team", {**stored, "evidence": kept})
