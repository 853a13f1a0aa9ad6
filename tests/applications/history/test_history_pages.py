"""The pages of a history over HTTP on both databases: months, jobs, gaps and what becomes of explanations."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.database import Database
from portal.journeys.models import Draft
from tests.applications.history.example import BASE
from tests.applications.history.telling import DONE, REASON, ago, job, left, qualification, typed
from tests.support.client import Answer, JudgingClient, field_values, find_form
from tests.support.markup import Document


def begin(candidate: JudgingClient, left_ago: int = 61) -> None:
    candidate.post_form(f"{BASE}/left-education", left(left_ago))
    candidate.post_form(f"{BASE}/work", {"has_worked": "yes"})


def add_job(candidate: JudgingClient, *dates: Any, **changes: Any) -> None:
    answer = candidate.post_form(f"{BASE}/jobs/add", job(*dates, **changes))
    assert answer.location == f"{BASE}/jobs", answer.page.errors


def explain(candidate: JudgingClient, first: str = "") -> Answer:
    return candidate.post_form(f"{BASE}/gaps/add?gap={first}", REASON)


def items(db: Database, slug: str) -> list[dict[str, Any]]:
    with db.reading() as session:
        stored = session.scalars(select(Draft)).one().answers
    return [item["answers"] for item in stored.get("items", {}).get(slug, [])]


def gaps_shown(page: Document) -> list[str]:
    """The gaps between the jobs."""
    return [box.first("strong").text for box in page.all(class_="entries__gap")]


def jobs_shown(page: Document) -> list[str]:
    return [title.text for title in page.all(class_="entries__title")]


def titles(page: Document) -> list[str]:
    return [title.text for title in page.all(class_="govuk-summary-card__title")]


def way_to(page: Document, what: str, number: int = 0) -> str:
    """The address of a link of one job of the list, the newest first."""
    ways = [link["href"] for link in page.main.all("a") if link.text.startswith(what)]
    return ways[number]


# Months


@pytest.mark.parametrize(
    ("month", "year", "error"),
    [
        ("", "2019", "Start date must include a month"),
        ("3", "", "Start date must include a year"),
        ("", "", "Enter the month and year you started"),
        ("13", "2019", "Start date must be a real date"),
        ("٣", "2019", "Start date must be a real date"),
        ("3", "٢٠١٩", "Start date must be a real date"),
        ("Smarch", "2019", "Start date must be a real date"),
        ("3", "19", "Year must include 4 numbers"),
        ("3", "9999", "Start date must be this month or in the past"),
        ("3", "1066", f"Start date must be in {ago(0).number // 12 - 80} or later"),
    ],
)  # fmt: skip
def test_each_month_has_one_error_at_most(
    candidate: JudgingClient, month: str, year: str, error: str
) -> None:
    begin(candidate)
    dates = {"start-month": month, "start-year": year}
    answer = candidate.post_form(f"{BASE}/jobs/add", {**job(30), **dates})
    assert answer.status_code == 422
    assert [text for text in answer.page.errors if "date" in text or "Year" in text or "month" in text] == [
        error
    ]
    assert answer.page.by_id("start-month")["value"] == month


@pytest.mark.parametrize("word", ["March", "mar", "MARCH", "3", "03"])
def test_a_month_is_taken_by_name_and_by_number(candidate: JudgingClient, db: Database, word: str) -> None:
    begin(candidate)
    add_job(candidate, 30, 20, **{"start-month": word, "start-year": "2019"})
    assert items(db, "jobs")[0]["start"] == "2019-03"


def test_a_job_cannot_end_before_it_starts_or_after_today(candidate: JudgingClient) -> None:
    begin(candidate)
    page = candidate.post_form(f"{BASE}/jobs/add", job(20, 21)).page
    assert page.errors == ["End date must be the same as or after the start date"]
    page = candidate.post_form(f"{BASE}/jobs/add", job(20, -1)).page
    assert page.errors == ["End date must be this month or in the past"]
    add_job(candidate, 20, 20)


def test_the_month_of_leaving_education_is_asked_by_the_domains_words(candidate: JudgingClient) -> None:
    page = candidate.post_form(
        f"{BASE}/left-education", {"education_left": "yes", "left_education-month": "7"}
    ).page
    assert page.errors == ["Date you left full-time education must include a year"]
    page = candidate.post_form(f"{BASE}/left-education", left(-2)).page
    assert page.errors == ["Date you left full-time education must be this month or in the past"]
    assert candidate.post_form(f"{BASE}/left-education", left(0)).status_code == 303


# What a job has to say


def test_an_empty_job_says_what_to_do(candidate: JudgingClient) -> None:
    begin(candidate)
    page = candidate.post_form(f"{BASE}/jobs/add", {}).page
    assert page.errors == [
        "Enter your employer’s name",
        "Enter the town or city where you worked",
        "Enter your job title",
        "Select what kind of work it was",
        "Select yes if it was through an agency",
        "Enter the month and year you started",
        "Select yes if you still work there",
        "Enter your main duties",
        "Enter your reason for leaving",
        "Select yes if you worked with children",
    ]


def test_agency_work_names_agency_and_placement(candidate: JudgingClient, db: Database) -> None:
    begin(candidate)
    page = candidate.post_form(f"{BASE}/jobs/add", job(20, agency="yes")).page
    assert page.errors == ["Enter the organisation where the agency placed you"]
    add_job(candidate, 20, agency="yes", employer="Locums Ltd", placement="Example County Council")
    assert items(db, "jobs")[0]["placement"] == "Example County Council"


def test_over_long_words_are_kept_but_do_not_count(candidate: JudgingClient, db: Database) -> None:
    begin(candidate, left_ago=21)
    long = job(20, duties="x" * 1501, leaving_reason="y" * 501)
    page = candidate.post_form(f"{BASE}/jobs/add", long).page
    assert page.errors == [
        "Your main duties must be 1,500 characters or less",
        "Reason for leaving must be 500 characters or less",
    ]
    candidate.post_form(f"{BASE}/jobs/add", {**long, "later": "1"})
    assert len(items(db, "jobs")[0]["duties"]) == 1501
    page = candidate.post_form(f"{BASE}/jobs").page
    assert page.errors == ["Complete or remove “Social worker, Example County Council”"]


def test_jobs_stand_newest_first_whatever_their_order(candidate: JudgingClient) -> None:
    begin(candidate)
    add_job(candidate, 60, 40, title="First")
    add_job(candidate, 20, title="Now")
    add_job(candidate, 39, 21, title="Second")
    add_job(candidate, 30, title="Beside it")
    page = candidate.get(f"{BASE}/jobs").page
    assert [title.partition(",")[0] for title in jobs_shown(page)] == ["Now", "Beside it", "Second", "First"]
    assert candidate.get(way_to(page, "Remove")).page.h1 == "Remove Now, Example County Council"


def test_a_long_list_of_jobs_can_be_added_to_at_both_ends(candidate: JudgingClient) -> None:
    """On a phone the end of the list is far away."""
    begin(candidate)
    for number in range(3):
        add_job(candidate, 60 - number, title=f"Job {number}", town="Winchester")
        page = candidate.get(f"{BASE}/jobs").page
    words = [element.text for element in page.main.all("a", "h2")]
    adds = [place for place, text in enumerate(words) if text == "Add another job"]
    first, last = (words.index(title) for title in (jobs_shown(page)[0], jobs_shown(page)[-1]))
    assert adds[0] < first < last < adds[1]


def test_a_line_of_the_list_says_what_when_and_where_and_no_more(candidate: JudgingClient) -> None:
    begin(candidate)
    add_job(candidate, 30, 20, town="Winchester", duties="Only on the page of the job")
    (entry,) = candidate.get(f"{BASE}/jobs").page.all(class_="entries__entry")
    assert f"{ago(30)} to {ago(20)}, Winchester" in entry.text
    assert "Only on the page of the job" not in entry.text
    assert [link.text for link in entry.all("a")] == [
        f"{what} Social worker, Example County Council" for what in ("Change", "Remove")
    ]


def test_jobs_may_overlap(candidate: JudgingClient) -> None:
    begin(candidate)
    add_job(candidate, 60, 10)
    add_job(candidate, 30)
    add_job(candidate, 50, 20, post_type="voluntary")
    assert candidate.post_form(f"{BASE}/jobs").location == f"{BASE}/gaps"
    assert candidate.post_form(f"{BASE}/gaps", DONE).location == f"{BASE}/"


# Gaps


def test_gaps_stand_between_the_jobs_with_their_exact_months(candidate: JudgingClient) -> None:
    begin(candidate)
    add_job(candidate, 55, 40)
    add_job(candidate, 36, 5)
    page = candidate.get(f"{BASE}/jobs").page
    assert gaps_shown(page) == [
        f"Gap: {ago(4)} to now",
        f"Gap: {ago(39)} to {ago(37)}",
        f"Gap: {ago(60)} to {ago(56)}",
    ]
    places = [element.text for element in page.main.all("h2", "strong") if element.text]
    assert [text.startswith("Gap") for text in places] == [True, False, True, False, True]
    assert "after you left full-time education" in page.all(class_="entries__gap")[2].text


def test_the_section_is_not_complete_before_every_gap_is_explained(candidate: JudgingClient) -> None:
    begin(candidate)
    add_job(candidate, 60, 40)
    add_job(candidate, 38, 30)
    add_job(candidate, 20)
    assert candidate.post_form(f"{BASE}/jobs").location == f"{BASE}/gaps"
    page = candidate.post_form(f"{BASE}/gaps", DONE).page
    assert page.errors == [
        f"Explain the gap between {ago(29)} and {ago(21)}",
        f"Explain the gap in {ago(39)}",
    ]
    links = [link["href"] for link in page.first(class_="govuk-error-summary").all("a")]
    assert links == [f"#gap-{ago(29).code}", f"#gap-{ago(39).code}"]
    form = candidate.get(f"{BASE}/gaps/add?gap={ago(29).code}").page
    assert form.h1 == f"Explain the gap between {ago(29)} and {ago(21)}"
    explain(candidate, ago(29).code)
    assert candidate.post_form(f"{BASE}/gaps", DONE).page.errors == [f"Explain the gap in {ago(39)}"]
    explain(candidate)
    assert candidate.post_form(f"{BASE}/gaps", DONE).location == f"{BASE}/"
    assert gaps_shown(candidate.get(f"{BASE}/jobs").page) == []


def test_half_a_section_can_wait_with_its_gaps(candidate: JudgingClient) -> None:
    begin(candidate)
    assert candidate.post_form(f"{BASE}/gaps", {"section_completed": "no"}).location == f"{BASE}/"


def test_who_never_worked_explains_the_time_since_education(candidate: JudgingClient) -> None:
    candidate.post_form(f"{BASE}/left-education", left(12))
    assert candidate.post_form(f"{BASE}/work", {"has_worked": "no"}).location == f"{BASE}/gaps"
    page = candidate.post_form(f"{BASE}/gaps", DONE).page
    assert page.errors == [f"Explain the gap between {ago(11)} and {ago(0)}"]
    explain(candidate)
    assert candidate.post_form(f"{BASE}/gaps", DONE).location == f"{BASE}/"


def test_who_left_this_month_or_never_has_nothing_to_explain(candidate: JudgingClient) -> None:
    candidate.post_form(f"{BASE}/work", {"has_worked": "no"})
    for answer in (left(0), {"education_left": "no"}):
        candidate.post_form(f"{BASE}/left-education", answer)
        assert candidate.post_form(f"{BASE}/gaps", DONE).location == f"{BASE}/"
        assert "There are no gaps" in candidate.get(f"{BASE}/gaps").page.main.text


def test_without_the_end_of_education_nothing_can_be_looked_for(candidate: JudgingClient) -> None:
    candidate.post_form(f"{BASE}/work", {"has_worked": "no"})
    page = candidate.post_form(f"{BASE}/gaps", DONE).page
    assert page.errors == ["Enter when you left full-time education, in “Education and qualifications”"]
    assert candidate.get(f"{BASE}/gaps/add").location == f"{BASE}/gaps"


def test_full_time_study_later_is_no_gap(candidate: JudgingClient) -> None:
    begin(candidate)
    add_job(candidate, 60, 40)
    add_job(candidate, 20)
    study = qualification(**typed("start", ago(39)), **typed("awarded", ago(21)))
    candidate.post_form(f"{BASE}/qualifications/add", study)
    assert gaps_shown(candidate.get(f"{BASE}/jobs").page) == []
    wrong = qualification(**typed("start", ago(20)), **typed("awarded", ago(21)))
    page = candidate.post_form(f"{BASE}/qualifications/add", wrong).page
    assert page.errors == ["Award date must be the same as or after the date you started"]


def test_illness_is_no_reason_to_choose_and_health_is_not_asked(candidate: JudgingClient) -> None:
    candidate.post_form(f"{BASE}/left-education", left(12))
    candidate.post_form(f"{BASE}/work", {"has_worked": "no"})
    page = candidate.get(f"{BASE}/gaps/add").page
    labels = [label.text for label in page.all(class_="govuk-radios__label")]
    assert labels == [
        "Study", "Caring responsibilities", "Travelling", "Looking for work", "Personal or family reasons",
        "Something else",
    ]  # fmt: skip
    assert "Do not give details of your health" in page.main.text


@pytest.mark.parametrize("reason", ["caring", "looking", "personal"])
def test_a_reason_that_says_it_all_is_asked_once(candidate: JudgingClient, db: Database, reason: str) -> None:
    """The page says that “Personal or family reasons” is enough, so it is."""
    begin(candidate)
    add_job(candidate, 20)
    saved = candidate.post_form(f"{BASE}/gaps/add", {"reason": reason})
    assert saved.status_code == 303, saved.page.errors
    assert items(db, "gaps")[0]["reason"] == reason
    assert candidate.post_form(f"{BASE}/gaps", DONE).location == f"{BASE}/"


@pytest.mark.parametrize("reason", ["study", "travel", "other", ""])
def test_a_reason_that_says_too_little_is_explained(candidate: JudgingClient, reason: str) -> None:
    begin(candidate)
    add_job(candidate, 20)
    page = candidate.post_form(f"{BASE}/gaps/add", {"reason": reason} if reason else {}).page
    expected = "Enter what you studied, where you were, or what you did"
    assert page.errors == [expected] if reason else ["Select what you were mainly doing"]


# Explanations are kept


def test_time_next_to_an_explained_gap_comes_with_its_words(candidate: JudgingClient, db: Database) -> None:
    """A job that ended sooner than somebody thought: they read what they wrote, and save."""
    begin(candidate)
    add_job(candidate, 60, 40)
    add_job(candidate, 20)
    explain(candidate)
    jobs = candidate.get(f"{BASE}/jobs").page
    candidate.post_form(way_to(jobs, "Change", 1), typed("end", ago(45)))
    candidate.post_form(way_to(jobs, "Change"), typed("start", ago(18)))
    for first, last in ((ago(44), ago(40)), (ago(20), ago(19))):
        page = candidate.get(f"{BASE}/gaps/add?gap={first.code}").page
        assert page.h1 == f"Explain the gap between {first} and {last}"
        assert "You explained the time next to it" in page.main.text
        assert page.by_id("explanation").text == REASON["explanation"]
        assert candidate.post_form(f"{BASE}/gaps/add?gap={first.code}", {}).status_code == 303
    assert {gap["explanation"] for gap in items(db, "gaps")} == {REASON["explanation"]}
    assert len(items(db, "gaps")) == 3
    assert candidate.post_form(f"{BASE}/gaps", DONE).location == f"{BASE}/"


def test_a_gap_that_moves_leaves_its_explanation_and_asks_for_the_rest(
    candidate: JudgingClient, db: Database
) -> None:
    begin(candidate)
    add_job(candidate, 60, 40)
    add_job(candidate, 20)
    explain(candidate)
    kept = items(db, "gaps")
    earlier = way_to(candidate.get(f"{BASE}/jobs").page, "Change", 1)
    candidate.post_form(earlier, typed("end", ago(45)))
    assert items(db, "gaps") == kept
    page = candidate.post_form(f"{BASE}/gaps", DONE).page
    assert page.errors == [f"Explain the gap between {ago(44)} and {ago(40)}"]
    assert titles(page)[1] == f"Gap between {ago(39)} and {ago(21)}"
    explain(candidate)
    assert items(db, "gaps")[0] == kept[0]
    assert candidate.post_form(f"{BASE}/gaps", DONE).location == f"{BASE}/"


def test_an_explanation_stays_when_a_job_fills_its_time(candidate: JudgingClient, db: Database) -> None:
    begin(candidate)
    add_job(candidate, 60, 40)
    add_job(candidate, 20)
    explain(candidate)
    kept = items(db, "gaps")
    add_job(candidate, 39, 21)
    assert items(db, "gaps") == kept
    page = candidate.get(f"{BASE}/gaps").page
    assert "now fill this time" in page.main.text
    assert candidate.post_form(f"{BASE}/gaps", DONE).location == f"{BASE}/"


def test_words_of_an_explanation_can_be_changed_but_not_its_months(
    candidate: JudgingClient, db: Database
) -> None:
    begin(candidate)
    add_job(candidate, 20)
    explain(candidate)
    change = candidate.get(f"{BASE}/gaps").page.first(class_="govuk-summary-card__action").first("a")["href"]
    candidate.post_form(change, {"explanation": "Ich bin gewandert 🥾"})
    gap = items(db, "gaps")[0]
    assert (gap["first"], gap["last"], gap["explanation"]) == (
        ago(60).code,
        ago(21).code,
        "Ich bin gewandert 🥾",
    )


@pytest.mark.parametrize("month", ["", "junk", "2021-13", "9999-01", "x" * 5000])
def test_a_gap_that_is_none_is_not_explained(candidate: JudgingClient, db: Database, month: str) -> None:
    begin(candidate)
    add_job(candidate, 20)
    page = candidate.post_form(f"{BASE}/gaps/add", {**REASON, "first": month}).page
    assert page.errors == ["Select a gap from the list to explain it"]
    assert items(db, "gaps") == []


def test_two_windows_explain_one_gap_and_lose_nothing(candidate: JudgingClient, db: Database) -> None:
    begin(candidate)
    add_job(candidate, 60, 40)
    add_job(candidate, 20)
    page = candidate.get(f"{BASE}/gaps/add").page
    body = {**field_values(find_form(page, set(), None)), **REASON}
    add_job(candidate, 30, 21)
    for _twice in range(2):
        assert candidate.post(f"{BASE}/gaps/add", data=body).status_code == 303
    assert [gap["first"] for gap in items(db, "gaps")] == [ago(39).code]


def test_a_job_changed_in_another_window_is_shown_in_both_versions(candidate: JudgingClient) -> None:
    begin(candidate)
    add_job(candidate, 20)
    change = way_to(candidate.get(f"{BASE}/jobs").page, "Change")
    stale = field_values(find_form(candidate.get(change).page, set(), None))
    candidate.post_form(change, {"title": "Manager"})
    answer = candidate.post(change, data={**stale, "title": "Leader"})
    assert answer.status_code == 409
    assert {"Manager", "Leader"} <= {
        cell.text for cell in answer.page.all(class_="govuk-summary-list__value")
    }


def test_two_hundred_jobs_are_listed_judged_and_not_added_to(candidate: JudgingClient, db: Database) -> None:
    begin(candidate, left_ago=201)
    many = [job(number, number) for number in range(200, 0, -1)]
    stored = [
        {**entry, "start": ago(number).code, "end": ago(number).code}
        for number, entry in zip(range(200, 0, -1), many, strict=True)
    ]
    with db.transaction() as session:
        draft = session.scalars(select(Draft)).one()
        entries = [{"id": f"job-{number:012}", "answers": entry} for number, entry in enumerate(stored)]
        draft.answers = {**draft.answers, "items": {"jobs": entries}}
    began = process_time()
    page = candidate.get(f"{BASE}/jobs").page
    assert len(jobs_shown(page)) == 200
    assert candidate.get(f"{BASE}/jobs/add").location == f"{BASE}/jobs"
    assert candidate.post_form(f"{BASE}/jobs").location == f"{BASE}/gaps"
    assert candidate.post_form(f"{BASE}/gaps", DONE).location == f"{BASE}/"
    assert process_time() - began < 20, "the judge of pages included"
