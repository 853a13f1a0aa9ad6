"""What each page refuses, in words, and what follows from earlier answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.core.forms import PortalForm
from portal.journeys.answers import Answers
from portal.journeys.engine import Progress, Step
from portal.vacancies.writing.journey import CHANGE_OPEN_ADVERT, STEP_OF, WRITE_ADVERT, criteria_problems
from portal.vacancies.writing.questions.people_forms import panel_problems
from portal.vacancies.writing.record import QUESTIONS

TODAY = date(2026, 11, 23)
FACTS: dict[str, Any] = {
    "today": TODAY,
    "at": datetime(2026, 11, 23, 10, tzinfo=UTC),
    "full_time_hours": 37,
    "shortest_window_days": 9,
    "teams": [("assessment", "Assessment")],
    "managers": [("1", "Sam Example")],
    "hr": [("2", "Robin Example")],
}


def errors(slug: str, answers: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Question → message of a page with these answers."""
    step = WRITE_ADVERT.step(slug)
    assert step is not None
    form: PortalForm = step.form.from_answers(answers, facts=FACTS, given=given or {})
    form.validate()
    return {field.short_name: field.error for field in form.questions if field.errors}


REFUSED = [
    ("title", {"title": "SW"}, {}, "title", "Job title must be 3 characters or more"),
    ("title", {"title": "x" * 101}, {}, "title", "Job title must be 100 characters or less"),
    ("role", {"team": "no-such-team"}, {}, "team", "Select a team that exists"),
    (
        "role",
        {"number_of_posts": "9223372036854775808"},
        {},
        "number_of_posts",
        "Number of posts must be 50 or less",
    ),
    ("role", {"number_of_posts": 0}, {}, "number_of_posts", "Number of posts must be 1 or more"),
    ("contract", {"contract_type": "fixed_term"}, {}, "contract_ends_on", "Enter when the contract ends"),
    ("contract", {"contract_type": "secondment"}, {}, "contract_reason", "Select why the contract ends"),
    (
        "contract",
        {"contract_type": "fixed_term", "contract_ends_on": "2026-11-23"},
        {},
        "contract_ends_on",
        "End of the contract must be in the future",
    ),
    (
        "contract",
        {"contract_type": "fixed_term", "contract_ends_on": "2027-02-01"},
        {"starts_on": "2027-02-01"},
        "contract_ends_on",
        "End of the contract must be after its start",
    ),
    ("hours", {"working_patterns": ["term_time"]}, {}, "paid_weeks", "Enter how many weeks a year are paid"),
    ("hours", {"hours_per_week": "48.01"}, {}, "hours_per_week", "Hours a week must be 48 or less"),
    ("hours", {"hours_per_week": "0.4"}, {}, "hours_per_week", "Hours a week must be 0.5 or more"),
    (
        "hours",
        {"working_patterns": ["nights"]},
        {},
        "working_patterns",
        "Select at least one working pattern",
    ),
    (
        "pay",
        {"salary_min": 45_000, "salary_max": 41_000},
        {},
        "salary_max",
        "Highest salary must be the same as or more than the lowest",
    ),
    ("pay", {"salary_min": 9_999}, {}, "salary_min", "Lowest salary must be 10,000 or more"),
    ("pay", {"salary_max": 2**63}, {}, "salary_max", "Highest salary must be 250,000 or less"),
    (
        "pay",
        {"scp_min": 33, "scp_max": 28},
        {},
        "scp_max",
        "Highest point must be the same as or above the lowest",
    ),
    ("pay", {"scp_min": 33}, {}, "scp_max", "Enter both points, or leave both empty"),
    ("extras", {"supplements": ["welcome"]}, {}, "welcome_amount", "Enter how much the welcome payment is"),
    (
        "extras",
        {"supplements": ["retention"]},
        {},
        "retention_terms",
        "Enter the terms of the retention payment",
    ),
    ("about", {"summary": "x" * 301}, {}, "summary", "Summary must be 300 characters or less"),
    (
        "about",
        {"description": "x" * 100_000},
        {},
        "description",
        "The work must be 10,000 characters or less",
    ),
    (
        "workload",
        {"caseload_cap": 14, "caseload_average": 16},
        {},
        "caseload_average",
        "Average caseload must be the same as or less than the most",
    ),
    ("criteria", {"wording": "x" * 501}, {}, "wording", "Criterion must be 500 characters or less"),
    ("criteria", {}, {}, "assessed_by", "Select where the panel looks for it"),
    (
        "checks",
        {"dbs_level": "basic", "regulated_activity": "yes"},
        {},
        "dbs_level",
        "Regulated activity needs an enhanced check with a barred list",
    ),
    (
        "checks",
        {"dbs_level": "enhanced_children", "regulated_activity": "no"},
        {},
        "dbs_level",
        "A barred list may only be checked for regulated activity",
    ),
    (
        "register",
        {},
        {"registration": "hcpc"},
        "hcpc_domain",
        "Select which kind of practitioner psychologist",
    ),
    (
        "registration",
        {"asye_suitable": "yes", "minimum_pqe_years": 2},
        {"family": "social_work"},
        "minimum_pqe_years",
        "Years of experience must be empty or 0 where the ASYE year can be done",
    ),
    ("publishing", {"publish_when": "another"}, {}, "publish_on", "Enter the day of publication"),
    (
        "publishing",
        {"publish_when": "another", "publish_on": "2026-11-22"},
        {},
        "publish_on",
        "Day of publication must be today or in the future",
    ),
    (
        "publishing",
        {"closes_on": "2026-11-23", "closing_time": "9am"},
        {},
        "closes_on",
        "Closing date and time must be in the future",
    ),
    (
        "publishing",
        {"publish_when": "tomorrow", "closes_on": "2026-11-24", "closing_time": "end"},
        {},
        "closes_on",
        "Closing date must be after the day of publication",
    ),
    (
        "publishing",
        {"publish_when": "today", "closes_on": "2062-12-13", "closing_time": "end"},
        {},
        "closes_on",
        "Closing date must be within a year",
    ),
    (
        "publishing",
        {"closes_on": {"day": "31", "month": "2", "year": "2027"}},
        {},
        "closes_on",
        "Closing date must be a real date",
    ),
    (
        "after",
        {"interview_1": "2026-12-13"},
        {"closes_on": "2026-12-13"},
        "interview_1",
        "First interview day must be after the closing date, 13 December 2026",
    ),
    (
        "after",
        {"interview_1": "2026-12-17", "interview_2": "2026-12-17"},
        {},
        "interview_2",
        "Second interview day must be another day",
    ),
    (
        "after",
        {"interview_1": "2026-12-17", "decision_promised_on": "2026-12-16"},
        {"closes_on": "2026-12-13"},
        "decision_promised_on",
        "Everyone hears by must be the same as or after the last interview, 17 December 2026",
    ),
    (
        "after",
        {"starts_on": "2026-12-01"},
        {"closes_on": "2026-12-13"},
        "starts_on",
        "Start must be after the closing date, 13 December 2026",
    ),
    (
        "after",
        {"starts_on": "2027-09-01"},
        {"contract_ends_on": "2027-08-31"},
        "starts_on",
        "Start must be before the contract ends on 31 August 2027",
    ),
    (
        "responsible",
        {"hiring_manager_is": "listed", "hiring_manager": "99"},
        {},
        "hiring_manager",
        "Select a hiring manager who has an account now",
    ),
    (
        "responsible",
        {"hiring_manager_is": "other"},
        {},
        "hiring_manager_name",
        "Enter the hiring manager’s name",
    ),
    ("panel", {"trained_on": "2126-01-01"}, {}, "trained_on", "Training must be today or in the past"),
]


@pytest.mark.parametrize(("slug", "answers", "given", "name", "message"), REFUSED)
def test_what_is_refused(
    slug: str, answers: dict[str, Any], given: dict[str, Any], name: str, message: str
) -> None:
    assert errors(slug, answers, given).get(name) == message


def test_questions_that_do_not_apply_are_not_asked() -> None:
    form = WRITE_ADVERT.step("contract")
    assert form is not None
    assert set(errors("contract", {"contract_type": "permanent"})) == set()
    assert "hcpc_domain" not in errors("register", {}, {"registration": "swe"})
    assert "asye_suitable" not in errors("registration", {"registration": "none"}, {"family": "psychology"})
    assert "asye_suitable" in errors("registration", {"registration": "none"}, {"family": "social_work"})


def test_the_register_is_asked_for_only_where_there_is_one() -> None:
    def path(registration: str) -> set[str]:
        answers = Answers({"registration": {"registration": registration}})
        return {step.slug for step in Progress(WRITE_ADVERT, answers, FACTS).path}

    assert "register" not in path("none")
    assert "register" in path("swe")


def test_what_is_usual_is_said_and_nothing_is_chosen() -> None:
    step = WRITE_ADVERT.step("checks")
    assert step is not None
    given = {"role_level": "social_worker", "family": "social_work"}
    form = step.form.from_answers({}, facts=FACTS, given=given)
    assert "with the children’s barred list" in form.portal_field("dbs_level").hint
    assert "Usual at this level: no" in form.portal_field("politically_restricted").hint
    leader = step.form.from_answers({}, facts=FACTS, given={"role_level": "director"})
    assert "Usual at this level: yes" in leader.portal_field("politically_restricted").hint
    for page in WRITE_ADVERT.steps:
        assert not [answer for answer in page.form.from_answers({}, facts=FACTS).answers().values() if answer]


def test_the_time_to_leave_is_the_one_that_is_warned_about() -> None:
    step = WRITE_ADVERT.step("publishing")
    assert isinstance(step, Step)
    assert step.form.from_answers({}, facts=FACTS).closes_on.hint == "Leave at least 9 days if you can"


def test_lists_as_a_whole() -> None:
    same = {"wording": "Clear  Assessments", "importance": "desirable"}
    assert criteria_problems([same, {**same, "wording": "clear assessments"}], Answers()) == [
        "Remove the criterion that is there twice",
        "Mark at least one criterion as essential",
    ]
    one = {"name": "Sam", "email": "sam@example.org"}
    assert panel_problems([one, {**one, "email": "SAM@example.org"}], Answers()) == [
        "Remove the person who is on the panel twice",
        "At least one person on the panel must be trained in safer recruitment",
    ]
    assert panel_problems([{**one, "trained_on": {"day": "3"}}], Answers()) == [
        "At least one person on the panel must be trained in safer recruitment"
    ]


def test_an_open_advert_has_the_same_pages_but_what_is_fixed() -> None:
    new, public = (Progress(journey, Answers(), FACTS) for journey in (WRITE_ADVERT, CHANGE_OPEN_ADVERT))
    left_out = {step.slug for step in new.path} - {step.slug for step in public.path}
    assert left_out == {"criteria", "publishing"}


def test_every_question_is_written_back_to_its_page() -> None:
    asked = {
        step.slug: tuple(field.short_name for field in step.form.from_answers({}).questions)
        for step in WRITE_ADVERT.steps
        if isinstance(step, Step)
    }
    assert {slug: set(names) for slug, names in QUESTIONS.items()} == {
        slug: set(names) for slug, names in asked.items()
    }
    assert {STEP_OF[name] for name in ("closes_at", "criteria", "panel", "dbs_level")} == {
        "publishing",
        "criteria",
        "panel",
        "checks",
    }
