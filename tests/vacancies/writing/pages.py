"""A whole set of answers for the journey that writes an advert, and walking through it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from portal.core import clock
from portal.core.database import Database
from tests.support.builders import make_team
from tests.support.client import Answer, JudgingClient

START = "/staff/vacancies/new"


def on(name: str, day: date) -> dict[str, str]:
    """A day in the three parts in which it is typed."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def in_days(number: int) -> date:
    """So many days from today."""
    return clock.today() + timedelta(days=number)


CRITERIA: tuple[dict[str, Any], ...] = (
    {
        "wording": "Direct work with children and families",
        "importance": "essential",
        "assessed_by": ["application", "interview"],
    },
    {"wording": "Clear assessments, written on time", "importance": "essential", "assessed_by": ["test"]},
    {"wording": "A language beside English", "importance": "desirable", "assessed_by": ["application"]},
)

PANEL: tuple[dict[str, Any], ...] = (
    {"name": "Sam Example", "email": "sam.example@example.org", **on("trained_on", date(2026, 3, 2))},
    {"name": "Kit Example", "email": "kit.example@example.org"},
)


def pages() -> dict[str, dict[str, Any]]:
    """Page → what is typed on it, in the order of the path; lists have their entries beside them."""
    return {
        "title": {"title": "Social worker, Family Safeguarding"},
        "role": {
            "family": "social_work",
            "role_level": "social_worker",
            "team": "assessment",
            "number_of_posts": "2",
            "hr_post_number": "CS 1234",
            "covered_by_agency": "no",
        },
        "contract": {
            "contract_type": "fixed_term",
            **on("contract_ends_on", in_days(700)),
            "contract_reason": "parental_leave",
        },
        "hours": {
            "working_patterns": ["full_time", "term_time"],
            "paid_weeks": "44.5",
            "flexible": ["hybrid"],
            "hours_per_week": "37",
        },
        "place": {
            "location_base": "Civic Centre, Southampton",
            "address": "Civic Centre Road, Southampton",
            "postcode": "SO14 7LY",
            "car_user": "casual",
        },
        "pay": {
            "pay_scale": "council",
            "grade": "9",
            "scp_min": "28",
            "scp_max": "33",
            "salary_min": "38220",
            "salary_max": "42839",
            "salary_note": "Where you start depends on experience",
        },
        "extras": {
            "supplements": ["market"],
            "market_amount": "3000",
            "market_terms": "Paid monthly, reviewed each year",
            "relocation": "considered",
            "visa_sponsorship": "yes",
        },
        "about": {
            "summary": "Work with whole families, in a team that has psychologists and adult workers.",
            "description": "## Your week\n\nYou will visit **families**.\n\n- Visits\n- Supervision",
        },
        "team": {
            "about_team": "Eight people and a manager who answers.",
            "benefits": "- A pension\n- 27 days of leave",
        },
        "workload": {
            "caseload_cap": "16",
            "caseload_average": "14",
            "supervision_weeks": "4",
            "asye_support": "A lighter caseload in the first year",
            "hybrid_days": "2",
            "team_size": "9",
            "duty_rota": "One week in six",
        },
        "criteria": {},
        "checks": {
            "dbs_level": "enhanced_children",
            "regulated_activity": "yes",
            "politically_restricted": "no",
            "fluency_duty": "yes",
        },
        "registration": {
            "registration": "swe",
            "asye_suitable": "no",
            "minimum_pqe_years": "1",
        },
        "register": {"registration_by": "start"},
        "selection": {
            "disability_confident": "yes",
            "other_schemes": ["care_experienced"],
            "anonymise_shortlisting": "yes",
            "answer_style": "criteria",
        },
        "publishing": {
            "publish_when": "tomorrow",
            **on("closes_on", in_days(28)),
            "closing_time": "end",
            "may_close_early": "no",
        },
        "after": {
            **on("interview_1", in_days(35)),
            **on("interview_2", in_days(36)),
            **on("decision_promised_on", in_days(40)),
            **on("starts_on", in_days(90)),
        },
        "contact": {
            "contact_name": "Sam Example, Team manager",
            "contact_email": "sam.example@example.org",
            "contact_phone": "01632 960 024",
        },
        "responsible": {"hiring_manager_is": "other", "hiring_manager_name": "Olu Example"},
        "panel": {},
    }


LAST = {"title", "role", "place", "extras", "criteria", "after", "panel"}
"""Pages that end their section."""

ENTRIES: Mapping[str, tuple[dict[str, Any], ...]] = {"criteria": CRITERIA, "panel": PANEL}


def begin(hr: JudgingClient) -> str:
    """Start an empty advert; its reference."""
    answer = hr.post_form(START, {"begin_with": "blank"})
    assert answer.status_code == 303, answer.page.errors
    return answer.location.split("/")[3]


def begin_address(hr: JudgingClient) -> str:
    """Start one, and the address of its journey."""
    return prefix(begin(hr))


def whole(hr: JudgingClient) -> list[tuple[str, dict[str, Any]]]:
    """Every page with all that is typed on it."""
    found = []
    for slug, answers in pages().items():
        typed = dict(answers)
        if slug == "responsible":
            typed["hr_owner"] = str(hr.person.id)
        if slug in LAST:
            typed["section_completed"] = "yes"
        found.append((slug, typed))
    return found


def prefix(reference: str) -> str:
    """The address of the journey."""
    return f"/staff/vacancies/{reference}/write"


def fill(hr: JudgingClient, reference: str, *, but: Mapping[str, Mapping[str, Any]] | None = None) -> None:
    """Answer every page; `but` changes single answers."""
    for slug, answers in whole(hr):
        typed = {**answers, **(but or {}).get(slug, {})}
        for entry in ENTRIES.get(slug, ()):
            answer = hr.post_form(f"{prefix(reference)}/{slug}/add", entry)
            assert answer.status_code == 303, (slug, answer.page.errors)
        answer = hr.post_form(f"{prefix(reference)}/{slug}", typed)
        assert answer.status_code == 303, (slug, answer.page.errors)


def send(hr: JudgingClient, reference: str) -> Answer:
    """Press the button of the check page."""
    return hr.post_form(f"{prefix(reference)}/check-answers", {})


def make_teams(db: Database) -> None:
    """The team that the answers name."""
    with db.transaction() as session:
        make_team(session)
