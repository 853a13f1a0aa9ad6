"""Two windows on one page: what one saved is never replaced by the other without having been shown."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.database import Database
from portal.journeys.meanwhile import digest_of
from portal.journeys.models import Draft
from tests.support.client import SAME_ORIGIN, Answer, JudgingClient, field_values, find_form

BASE = "/test/tasks"
BEGAN = {"began-day": "1", "began-month": "9", "began-year": "2019"}


def page_of(visitor: JudgingClient, path: str) -> dict[str, object]:
    """A page as a second window has it open."""
    return dict(field_values(find_form(visitor.get(path).page, set(), None)))


def post(visitor: JudgingClient, path: str, body: dict[str, object], **typed: str) -> Answer:
    return visitor.post(path, data={**body, **typed}, headers=SAME_ORIGIN)


def stored(db: Database) -> dict[str, object]:
    with db.reading() as session:
        return dict(session.scalars(select(Draft)).one().answers)


def test_a_newer_version_is_shown_beside_what_was_typed_and_kept(
    visitor: JudgingClient, db: Database
) -> None:
    path = f"{BASE}/full-name"
    visitor.post_form(path, {"full_name": "Zoë", "section_completed": "no"})
    second = page_of(visitor, path)
    visitor.post_form(path, {"full_name": "Ana", "section_completed": "no"})
    answer = post(visitor, path, second, full_name="Kit", section_completed="no")
    assert answer.status_code == 409
    text = answer.page.main.text
    assert "Somebody saved another version of this page" in text
    assert "Ana" in text
    assert answer.page.by_id("full_name")["value"] == "Kit"
    assert stored(db)["steps"]["full-name"] == {"full_name": "Ana"}


def test_who_has_seen_both_may_replace_it(visitor: JudgingClient, db: Database) -> None:
    path = f"{BASE}/full-name"
    visitor.post_form(path, {"full_name": "Zoë", "section_completed": "no"})
    second = page_of(visitor, path)
    visitor.post_form(path, {"full_name": "Ana", "section_completed": "no"})
    answer = post(visitor, path, second, full_name="Kit", section_completed="no")
    shown = dict(field_values(find_form(answer.page, {"full_name"}, None)))
    assert post(visitor, path, shown, section_completed="no").status_code == 303
    assert stored(db)["steps"]["full-name"] == {"full_name": "Kit"}


def test_a_third_version_is_shown_again(visitor: JudgingClient) -> None:
    path = f"{BASE}/full-name"
    visitor.post_form(path, {"full_name": "Zoë", "section_completed": "no"})
    second = page_of(visitor, path)
    visitor.post_form(path, {"full_name": "Ana", "section_completed": "no"})
    answer = post(visitor, path, second, full_name="Kit", section_completed="no")
    shown = dict(field_values(find_form(answer.page, {"full_name"}, None)))
    visitor.post_form(path, {"full_name": "Olu", "section_completed": "no"})
    again = post(visitor, path, shown, section_completed="no")
    assert again.status_code == 409
    assert "Olu" in again.page.main.text


def test_the_same_words_stand_in_nobodys_way(visitor: JudgingClient) -> None:
    path = f"{BASE}/full-name"
    second = page_of(visitor, path)
    visitor.post_form(path, {"full_name": "Ana", "section_completed": "no"})
    assert post(visitor, path, second, full_name="Ana", section_completed="no").status_code == 303


def test_another_page_saved_meanwhile_is_no_conflict(visitor: JudgingClient) -> None:
    path = f"{BASE}/full-name"
    visitor.post_form(path, {"full_name": "Ana", "section_completed": "no"})
    second = page_of(visitor, path)
    visitor.post_form(f"{BASE}/worked", {"worked": "no", "section_completed": "no"})
    assert post(visitor, path, second, full_name="Kit", section_completed="no").status_code == 303


def test_half_a_page_is_guarded_too_and_a_page_that_says_nothing_of_what_it_showed(
    visitor: JudgingClient, db: Database
) -> None:
    path = f"{BASE}/your-statement"
    visitor.post_form(f"{BASE}/full-name", {"full_name": "Ana", "section_completed": "no"})
    visitor.post_form(path, {"statement": "x" * 900, "section_completed": "no"})
    second = {name: value for name, value in page_of(visitor, path).items() if name != "answers_seen"}
    answer = post(visitor, path, second, statement="mine", section_completed="no")
    assert answer.status_code == 409
    assert stored(db)["steps"]["your-statement"] == {"statement": "x" * 900}


def test_entries_are_guarded_each_for_itself(visitor: JudgingClient, db: Database) -> None:
    visitor.post_form(f"{BASE}/worked", {"worked": "yes"})
    visitor.post_form(f"{BASE}/jobs/add", {"employer": "First", **BEGAN})
    visitor.post_form(f"{BASE}/jobs/add", {"employer": "Other", **BEGAN})
    first = visitor.get(f"{BASE}/jobs").page.all("a")
    path = next(
        link["href"]
        for link in first
        if link["href"].startswith(f"{BASE}/jobs/") and "add" not in link["href"]
    )
    second = page_of(visitor, path)
    visitor.post_form(path, {"employer": "Theirs"})
    answer = post(visitor, path, second, employer="Mine")
    assert answer.status_code == 409
    assert "Theirs" in answer.page.main.text
    assert answer.page.by_id("employer")["value"] == "Mine"
    employers = [entry["answers"]["employer"] for entry in stored(db)["items"]["jobs"]]
    assert employers == ["Theirs", "Other"]


def test_an_entry_too_many_says_so_and_keeps_what_was_typed(visitor: JudgingClient) -> None:
    visitor.post_form(f"{BASE}/worked", {"worked": "yes"})
    late = page_of(visitor, f"{BASE}/jobs/add")
    for name in ("One", "Two", "Three"):
        visitor.post_form(f"{BASE}/jobs/add", {"employer": name, **BEGAN})
    answer = post(visitor, f"{BASE}/jobs/add", late, employer="Four", **BEGAN)
    assert answer.status_code == 422
    assert answer.page.errors == ["Remove a job first: you can add 3 at most"]
    assert answer.page.by_id("employer")["value"] == "Four"


def test_a_digest_is_of_the_words_and_not_of_their_order() -> None:
    assert digest_of({"a": 1, "b": ["x"]}) == digest_of({"b": ["x"], "a": 1})
    assert digest_of({"a": "Zoë \U0001f41d"}) != digest_of({"a": "Zoe"})
    assert digest_of(None) == digest_of({})
