"""A journey as a task list, over HTTP on both databases: any order, half pages, entries of a list."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.core.database import Database
from portal.journeys.models import Draft
from tests.journeys.conftest import Author
from tests.support.client import SAME_ORIGIN, Answer, JudgingClient, field_values, find_form
from tests.support.markup import Document

BASE = "/test/tasks"
BEGAN = {"began-day": "1", "began-month": "sept", "began-year": "2019"}


def statuses(page: Document) -> list[str]:
    return [status.text for status in page.all(class_="govuk-task-list__status")]


def stored(db: Database) -> dict[str, object]:
    with db.reading() as session:
        return session.scalars(select(Draft)).one().answers


def add_job(visitor: JudgingClient, employer: str) -> Answer:
    return visitor.post_form(f"{BASE}/jobs/add", {"employer": employer, **BEGAN})


def do_work(visitor: JudgingClient) -> None:
    visitor.post_form(f"{BASE}/worked", {"worked": "no", "section_completed": "yes"})


def test_from_nothing_to_sent(visitor: JudgingClient, author: Author) -> None:
    page = visitor.get(f"{BASE}/").page
    assert page.h1 == "Apply for a test post"
    assert statuses(page) == ["Not yet started", "Not yet started", "Cannot start yet"]
    answer = visitor.post_form(f"{BASE}/worked", {"worked": "no", "section_completed": "yes"})
    assert answer.location == f"{BASE}/"
    visitor.post_form(f"{BASE}/full-name", {"full_name": "Zoë", "section_completed": "yes"})
    page = visitor.get(f"{BASE}/").page
    assert statuses(page) == ["Completed", "Completed", "Not yet started"]
    assert visitor.get(f"{BASE}/check-answers").location == f"{BASE}/?unfinished=1"
    visitor.post_form(f"{BASE}/your-statement", {"statement": "I care", "section_completed": "yes"})
    page = visitor.get(f"{BASE}/").page
    assert page.first("a", href=f"{BASE}/check-answers")
    visitor.post_form(f"{BASE}/check-answers", {"true": "yes"})
    assert author.names == ["Zoë"]
    assert visitor.get(f"{BASE}/").location == f"{BASE}/confirmation"


def test_a_section_that_cannot_start_yet_leads_back(visitor: JudgingClient) -> None:
    assert visitor.get(f"{BASE}/your-statement").location == f"{BASE}/"


def test_the_list_names_what_is_left_to_whoever_wanted_to_check(visitor: JudgingClient) -> None:
    do_work(visitor)
    banner = visitor.follow(visitor.get(f"{BASE}/check-answers")).page.first(class_="notice")
    assert banner is not None
    assert banner.first("h2").text == "2 sections are not completed yet"
    assert [line.text for line in banner.all("li")] == ["Your details", "Your statement"]
    assert visitor.get(f"{BASE}/").page.first(class_="notice") is None
    visitor.post_form(f"{BASE}/full-name", {"full_name": "Zoë", "section_completed": "yes"})
    banner = visitor.get(f"{BASE}/?unfinished=1").page.first(class_="notice")
    assert banner.first("h2").text == "1 section is not completed yet"
    visitor.post_form(f"{BASE}/your-statement", {"statement": "I care", "section_completed": "yes"})
    assert visitor.get(f"{BASE}/?unfinished=1").page.first(class_="notice") is None


def test_completing_is_refused_while_something_is_wrong(visitor: JudgingClient) -> None:
    answer = visitor.post_form(f"{BASE}/full-name", {"full_name": "", "section_completed": "yes"})
    assert answer.status_code == 422
    assert answer.page.errors == ["Enter your full name"]
    answer = visitor.post_form(f"{BASE}/full-name", {"full_name": "Zoë"})
    assert answer.page.errors == ["Select yes if you have completed this section"]
    assert answer.page.by_id("full_name")["value"] == "Zoë"


def test_too_long_a_text_can_be_saved_and_not_sent(visitor: JudgingClient, author: Author) -> None:
    visitor.post_form(f"{BASE}/full-name", {"full_name": "Zoë", "section_completed": "yes"})
    do_work(visitor)
    long = "x" * 5000
    answer = visitor.post_form(f"{BASE}/your-statement", {"statement": long, "section_completed": "no"})
    assert answer.location == f"{BASE}/"
    assert statuses(visitor.get(f"{BASE}/").page)[2] == "In progress"
    page = visitor.get(f"{BASE}/your-statement").page
    assert page.first("textarea").source == long
    answer = visitor.post_form(f"{BASE}/your-statement", {"section_completed": "yes"})
    assert answer.page.errors == ["Your statement must be 30 characters or less"]
    assert visitor.get(f"{BASE}/check-answers").location == f"{BASE}/?unfinished=1"
    assert author.names == []


def test_a_stale_token_is_refused_for_half_a_page_too(visitor: JudgingClient, db: Database) -> None:
    data = {"full_name": "Zoë", "section_completed": "no", "csrf_token": "stale"}
    answer = visitor.post_form(f"{BASE}/full-name", data)
    assert answer.status_code == 422
    assert answer.page.by_id("full_name")["value"] == "Zoë"
    with db.reading() as session:
        assert session.scalars(select(Draft)).all() == []


def test_a_completed_section_stays_marked_when_it_is_opened_again(visitor: JudgingClient) -> None:
    visitor.post_form(f"{BASE}/full-name", {"full_name": "Zoë", "section_completed": "yes"})
    page = visitor.get(f"{BASE}/full-name").page
    assert "checked" in page.first("input", name="section_completed", value="yes").attrs
    visitor.post_form(f"{BASE}/full-name", {"full_name": "Ana", "section_completed": "no"})
    assert statuses(visitor.get(f"{BASE}/").page)[0] == "In progress"


def test_entries_are_added_changed_and_removed(visitor: JudgingClient, db: Database) -> None:
    assert visitor.post_form(f"{BASE}/worked", {"worked": "yes"}).location == f"{BASE}/jobs"
    empty = visitor.get(f"{BASE}/jobs").page
    assert empty.h1 == "Your jobs"
    assert "You have not added a job yet" in empty.main.text
    refused = visitor.post_form(f"{BASE}/jobs", {"section_completed": "yes"})
    assert refused.page.errors == ["Add a job"]
    assert visitor.get(f"{BASE}/jobs/add").page.h1 == "Add a job"
    wrong = visitor.post_form(f"{BASE}/jobs/add", {"employer": "", **BEGAN})
    assert wrong.page.errors == ["Enter your employer’s name"]
    assert wrong.page.by_id("began-month")["value"] == "sept"
    assert add_job(visitor, "A school").location == f"{BASE}/jobs"
    add_job(visitor, "A clinic")
    page = visitor.get(f"{BASE}/jobs").page
    assert [title.text for title in page.all(class_="govuk-summary-card__title")] == ["A school", "A clinic"]
    change, remove = (
        page.all(class_="govuk-summary-card__action")[place].first("a")["href"] for place in (2, 3)
    )
    assert visitor.get(change).page.by_id("employer")["value"] == "A clinic"
    visitor.post_form(change, {"employer": "A college"})
    assert "Remove A college" in visitor.get(remove).page.h1
    visitor.post_form(remove, {})
    assert [item["answers"]["employer"] for item in stored(db)["items"]["jobs"]] == ["A school"]  # type: ignore[index]
    assert visitor.get(remove).location == f"{BASE}/jobs"
    assert visitor.get(change).status_code == 404
    assert visitor.post_form(f"{BASE}/jobs", {"section_completed": "yes"}).location == f"{BASE}/"
    assert statuses(visitor.get(f"{BASE}/").page)[1] == "Completed"


def test_sending_a_new_entry_twice_adds_one(visitor: JudgingClient, db: Database) -> None:
    visitor.post_form(f"{BASE}/worked", {"worked": "yes"})
    data = field_values(find_form(visitor.get(f"{BASE}/jobs/add").page, {"employer"}, None))
    data |= {"employer": "A school", **BEGAN}
    for _ in range(2):
        assert visitor.post(f"{BASE}/jobs/add", data=data, headers=SAME_ORIGIN).status_code == 303
    assert len(stored(db)["items"]["jobs"]) == 1  # type: ignore[index]


@pytest.mark.parametrize("junk", ["", "x", "../../../etc/passwd", "é" * 16])
def test_a_forged_entry_id_is_replaced(visitor: JudgingClient, db: Database, junk: str) -> None:
    visitor.post_form(f"{BASE}/worked", {"worked": "yes"})
    visitor.post_form(f"{BASE}/jobs/add", {"employer": "A school", "item_id": junk, **BEGAN})
    (item,) = stored(db)["items"]["jobs"]  # type: ignore[index]
    assert len(item["id"]) == 16
    assert item["id"].isascii()


def test_half_an_entry_is_kept_and_marked(visitor: JudgingClient) -> None:
    visitor.post_form(f"{BASE}/worked", {"worked": "yes"})
    visitor.post_form(
        f"{BASE}/jobs/add", {"employer": "A school", "began-day": "31", "began-month": "2", "later": "1"}
    )
    page = visitor.get(f"{BASE}/jobs").page
    assert page.first(class_="govuk-summary-card__title").text == "A school Incomplete"
    change = page.first(class_="govuk-summary-card__action").first("a")["href"]
    assert visitor.get(change).page.by_id("began-day")["value"] == "31"
    answer = visitor.post_form(f"{BASE}/jobs", {"section_completed": "yes"})
    assert answer.page.errors == ["Complete or remove “A school”"]


def test_no_more_entries_than_allowed(visitor: JudgingClient, db: Database) -> None:
    visitor.post_form(f"{BASE}/worked", {"worked": "yes"})
    data = field_values(find_form(visitor.get(f"{BASE}/jobs/add").page, {"employer"}, None))
    for number in range(3):
        add_job(visitor, f"School {number}")
    assert visitor.get(f"{BASE}/jobs/add").location == f"{BASE}/jobs"
    assert "as many as you can" in visitor.get(f"{BASE}/jobs").page.main.text
    late = visitor.post(f"{BASE}/jobs/add", data={**data, "employer": "Fourth", **BEGAN}, headers=SAME_ORIGIN)
    assert late.status_code == 422
    assert len(stored(db)["items"]["jobs"]) == 3  # type: ignore[index]


def test_entries_are_checked_and_changed_from_the_check_page(visitor: JudgingClient) -> None:
    visitor.post_form(f"{BASE}/full-name", {"full_name": "Zoë", "section_completed": "yes"})
    visitor.post_form(f"{BASE}/worked", {"worked": "yes"})
    add_job(visitor, "A school")
    visitor.post_form(f"{BASE}/jobs", {"section_completed": "yes"})
    visitor.post_form(f"{BASE}/your-statement", {"statement": "Hello", "section_completed": "yes"})
    page = visitor.get(f"{BASE}/check-answers").page
    assert "A school" in [heading.text for heading in page.all("h3")]
    change = next(link["href"] for link in page.all("a") if link.text == "Change Employer")
    answer = visitor.post_form(change.partition("#")[0], {"employer": "A college"})
    visitor.post_form(answer.location, {"section_completed": "yes"})
    assert "A college" in visitor.get(f"{BASE}/check-answers").text


def test_a_page_that_has_become_the_last_asks_then_whether_the_section_is_completed(
    visitor: JudgingClient,
) -> None:
    visitor.post_form(f"{BASE}/worked", {"worked": "yes"})
    assert visitor.get(f"{BASE}/worked").page.first("input", name="section_completed") is None
    assert visitor.post_form(f"{BASE}/worked", {"worked": "no"}).location == f"{BASE}/worked"
    assert (
        visitor.post_form(f"{BASE}/worked", {"worked": "no", "section_completed": "yes"}).location
        == f"{BASE}/"
    )
    assert statuses(visitor.get(f"{BASE}/").page)[1] == "Completed"
    assert (
        visitor.post_form(f"{BASE}/worked", {"worked": "yes", "section_completed": "yes"}).location
        == f"{BASE}/jobs"
    )
    assert statuses(visitor.get(f"{BASE}/").page)[1] == "In progress"


def test_sending_what_is_gone_says_so_on_the_list(visitor: JudgingClient, author: Author) -> None:
    visitor.post_form(f"{BASE}/full-name", {"full_name": "Zoë", "section_completed": "yes"})
    do_work(visitor)
    visitor.post_form(f"{BASE}/your-statement", {"statement": "I care", "section_completed": "yes"})
    page = visitor.get(f"{BASE}/check-answers").page
    data = field_values(find_form(page, {"true"}, None)) | {"true": "yes"}
    visitor.post_form(f"{BASE}/delete-answers", {})
    refused = visitor.post(f"{BASE}/check-answers", data=data, headers=SAME_ORIGIN)
    assert refused.location == f"{BASE}/?away=sent"
    assert "Your answers were not sent" in visitor.follow(refused).page.first(class_="notice").text
    assert author.names == []


def test_an_entry_that_comes_after_sending_is_not_swallowed(visitor: JudgingClient, author: Author) -> None:
    visitor.post_form(f"{BASE}/full-name", {"full_name": "Zoë", "section_completed": "yes"})
    visitor.post_form(f"{BASE}/worked", {"worked": "yes"})
    add_job(visitor, "A school")
    visitor.post_form(f"{BASE}/jobs", {"section_completed": "yes"})
    visitor.post_form(f"{BASE}/your-statement", {"statement": "Hello", "section_completed": "yes"})
    stale = field_values(find_form(visitor.get(f"{BASE}/jobs/add").page, {"employer"}, None))
    card = visitor.get(f"{BASE}/jobs").page.first(class_="govuk-summary-card")
    remove = card.all("a")[1]["href"]
    visitor.post_form(f"{BASE}/check-answers", {"true": "yes"})
    late = visitor.post(
        f"{BASE}/jobs/add", data={**stale, "employer": "A clinic", **BEGAN}, headers=SAME_ORIGIN
    )
    assert late.status_code == 409
    assert "A clinic" in late.page.main.text
    assert visitor.post(remove, data=stale, headers=SAME_ORIGIN).status_code == 409
    assert author.names == ["Zoë"]
