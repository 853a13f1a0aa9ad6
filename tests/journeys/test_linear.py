"""A journey of one page after another, over HTTP on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.core import jobs
from portal.core.database import Database
from portal.core.forms import SESSION_ENDED
from portal.journeys.models import Draft
from portal.journeys.service import expire_drafts
from portal.journeys.views import CHANGED_MEANWHILE
from tests.journeys.conftest import Author
from tests.support.client import SAME_ORIGIN, JudgingClient, field_values, find_form

BASE = "/test/linear"
ABOUT = {"name": "Zoë", "email": "zoe@example.org", "care": ["LONG"], "why": "one\r\ntwo"}


def answer_all(visitor: JudgingClient) -> None:
    """Every page, up to the check page."""
    visitor.post_form(f"{BASE}/room", {"room": "yes"})
    visitor.post_form(f"{BASE}/rooms", {"rooms": "2"})
    answer = visitor.post_form(f"{BASE}/about-you", ABOUT)
    assert answer.location == f"{BASE}/check-answers"


def drafts(db: Database) -> list[Draft]:
    with db.reading() as session:
        return list(session.scalars(select(Draft)))


def sending(visitor: JudgingClient, **changes: Any) -> dict[str, Any]:
    """What a browser would send from the check page."""
    page = visitor.get(f"{BASE}/check-answers").page
    return {**field_values(find_form(page, {"true"}, None)), "true": "yes", **changes}


def post(visitor: JudgingClient, path: str, data: dict[str, Any]) -> Any:
    return visitor.post(path, data=data, headers=SAME_ORIGIN)


def test_from_the_first_page_to_the_confirmation(
    visitor: JudgingClient, author: Author, db: Database
) -> None:
    assert visitor.get(f"{BASE}/").location == f"{BASE}/room"
    first = visitor.get(f"{BASE}/room").page
    assert first.h1 == "Do you have a spare room?"
    assert first.first(class_="govuk-back-link")["href"] == "/"
    assert visitor.post_form(f"{BASE}/room", {"room": "yes"}).location == f"{BASE}/rooms"
    assert visitor.get(f"{BASE}/rooms").page.first(class_="govuk-back-link")["href"] == f"{BASE}/room"
    assert visitor.post_form(f"{BASE}/rooms", {"rooms": "2"}).location == f"{BASE}/about-you"
    assert visitor.post_form(f"{BASE}/about-you", ABOUT).location == f"{BASE}/check-answers"
    check = visitor.get(f"{BASE}/check-answers").page
    rows = dict(
        zip(
            [key.text for key in check.all("dt")],
            [v.text for v in check.all(class_="govuk-summary-list__value")],
            strict=True,
        )
    )
    assert rows == {
        "Do you have a spare room?": "Yes", "How many spare rooms?": "2", "Your name": "Zoë",
        "Email address": "zoe@example.org", "Kinds of care": "Long", "Your reasons": "one two",
    }  # fmt: skip
    sent = visitor.post_form(f"{BASE}/check-answers", {"true": "yes"})
    confirmation = visitor.follow(sent).page
    assert confirmation.first(class_="reference").text == "TST-1"
    assert author.names == ["Zoë"]
    (submission,) = author.submissions
    assert submission.final == {"true": True}
    assert submission.answers.get("why") == "one\ntwo"
    assert (
        submission.snapshot["sections"][0]["groups"][0]["rows"][0]["question"] == "Do you have a spare room?"
    )
    (draft,) = drafts(db)
    assert draft.reference == "TST-1"
    assert draft.answers == {}


def test_a_get_writes_nothing(visitor: JudgingClient, db: Database) -> None:
    for path in ("/", "/room", "/rooms", "/about-you", "/check-answers", "/confirmation", "/delete-answers"):
        visitor.get(BASE + path)
    assert drafts(db) == []
    visitor.post_form(f"{BASE}/room", {"room": ""})
    assert drafts(db) == []
    visitor.post_form(f"{BASE}/room", {"room": "no"})
    assert len(drafts(db)) == 1


@pytest.mark.parametrize("path", ["/rooms", "/about-you", "/check-answers"])
def test_a_page_that_is_not_reached_yet_leads_to_the_first_missing(visitor: JudgingClient, path: str) -> None:
    assert visitor.get(BASE + path).location == f"{BASE}/room"
    visitor.post_form(f"{BASE}/room", {"room": "yes"})
    if path != "/rooms":
        assert visitor.get(BASE + path).location == f"{BASE}/rooms"


def test_addresses_that_do_not_exist(visitor: JudgingClient) -> None:
    for path in ("/nowhere", "/room/add", "/room/abcdefghijklmnop", "/room/abcdefghijklmnop/remove"):
        assert visitor.get(BASE + path).status_code == 404


def test_a_wrong_answer_keeps_what_was_typed(visitor: JudgingClient) -> None:
    visitor.post_form(f"{BASE}/room", {"room": "no"})
    answer = visitor.post_form(
        f"{BASE}/about-you", {"name": "", "email": "zoe at home", "care": ["LONG"], "why": "w" * 51}
    )
    assert answer.status_code == 422
    assert answer.page.errors == [
        "Enter your name",
        "Enter an email address in the correct format, like name@example.com",
        "Why? must be 50 characters or less",
    ]
    assert answer.page.by_id("email")["value"] == "zoe at home"
    assert answer.page.first("textarea").source == "w" * 51
    assert "checked" in answer.page.first("input", value="LONG").attrs


def test_a_choice_that_is_not_offered(visitor: JudgingClient) -> None:
    page = visitor.get(f"{BASE}/room").page
    data = {**field_values(find_form(page, set(), None)), "room": "castle\x00\ud7ff"}
    answer = post(visitor, f"{BASE}/room", data)
    assert answer.status_code == 422
    assert answer.page.errors == ["Select yes if you have a spare room"]


def test_an_expired_token_keeps_the_words(visitor: JudgingClient, db: Database) -> None:
    visitor.post_form(f"{BASE}/room", {"room": "no"})
    answer = visitor.post_form(f"{BASE}/about-you", {**ABOUT, "csrf_token": "stale"})
    assert answer.status_code == 422
    assert answer.page.errors == [SESSION_ENDED]
    assert answer.page.first("textarea").source == "one\ntwo"
    assert answer.page.by_id("name")["value"] == "Zoë"
    (draft,) = drafts(db)
    assert "about-you" not in draft.answers["steps"]
    again = field_values(find_form(answer.page, {"why"}, None))
    assert post(visitor, f"{BASE}/about-you", again).location == f"{BASE}/check-answers"


def test_words_of_an_ended_session_go_to_nobody_else(
    visitor: JudgingClient, make_client: Callable[..., JudgingClient], journey_app: Flask, db: Database
) -> None:
    visitor.post_form(f"{BASE}/room", {"room": "no"})
    mine = field_values(find_form(visitor.get(f"{BASE}/about-you").page, {"why"}, None))
    other = make_client(journey_app)
    answer = post(other, f"{BASE}/about-you", {**mine, **ABOUT})
    assert answer.status_code == 422
    assert answer.page.errors == [SESSION_ENDED]
    assert len(drafts(db)) == 1


def test_a_page_typed_after_the_draft_ran_out_is_kept(visitor: JudgingClient, db: Database) -> None:
    with time_machine.travel("2026-11-23T10:00:00Z", tick=False) as clock:
        visitor.post_form(f"{BASE}/room", {"room": "no"})
        page = visitor.get(f"{BASE}/about-you").page
        clock.shift(61 * 60)
        data = {**field_values(find_form(page, {"why"}, None)), **ABOUT}
        answer = post(visitor, f"{BASE}/about-you", data)
        assert answer.location == f"{BASE}/room?away=1"
        notice = visitor.follow(answer).page
        assert "not here any more" in notice.first(class_="notice").text
        visitor.post_form(f"{BASE}/room", {"room": "no"})
        assert visitor.get(f"{BASE}/about-you").page.by_id("name")["value"] == "Zoë"
        assert visitor.get(f"{BASE}/check-answers").status_code == 200
    assert len(drafts(db)) == 1


def test_a_body_cut_short_is_refused(visitor: JudgingClient, db: Database) -> None:
    visitor.post_form(f"{BASE}/room", {"room": "no"})
    data = field_values(find_form(visitor.get(f"{BASE}/about-you").page, {"why"}, None)) | ABOUT
    del data["form_end"]
    assert post(visitor, f"{BASE}/about-you", data).status_code == 400
    assert "about-you" not in drafts(db)[0].answers["steps"]


def test_changing_returns_to_the_check_page(visitor: JudgingClient) -> None:
    answer_all(visitor)
    page = visitor.get(f"{BASE}/check-answers").page
    links = {link.text: link["href"] for link in page.all("a") if link.text.startswith("Change")}
    assert links["Change How many spare rooms?"] == f"{BASE}/rooms?change=1#rooms"
    answer = visitor.post_form(f"{BASE}/rooms?change=1", {"rooms": "3"})
    assert answer.location == f"{BASE}/check-answers"
    assert (
        visitor.get(f"{BASE}/rooms?change=1").page.first(class_="govuk-back-link")["href"]
        == f"{BASE}/check-answers"
    )
    assert visitor.post_form(f"{BASE}/room?change=1", {"room": "no"}).location == f"{BASE}/check-answers"
    assert "How many spare rooms?" not in visitor.get(f"{BASE}/check-answers").text


def test_a_change_that_opens_a_page_leads_there_and_back(visitor: JudgingClient) -> None:
    visitor.post_form(f"{BASE}/room", {"room": "no"})
    visitor.post_form(f"{BASE}/about-you", ABOUT)
    answer = visitor.post_form(f"{BASE}/room?change=1", {"room": "yes"})
    assert answer.location == f"{BASE}/rooms?change=1"
    assert visitor.post_form(f"{BASE}/rooms?change=1", {"rooms": "1"}).location == f"{BASE}/check-answers"


def test_what_left_the_path_is_not_sent(visitor: JudgingClient, author: Author) -> None:
    answer_all(visitor)
    visitor.post_form(f"{BASE}/room?change=1", {"room": "no"})
    visitor.post_form(f"{BASE}/check-answers", {"true": "yes"})
    (submission,) = author.submissions
    assert submission.answers.get("rooms") is None
    assert "rooms" not in str(submission.snapshot)


def test_the_confirmations_must_be_given(visitor: JudgingClient, author: Author) -> None:
    answer_all(visitor)
    answer = visitor.post_form(f"{BASE}/check-answers", {})
    assert answer.status_code == 422
    assert answer.page.errors == ["Confirm that what you have entered is true"]
    assert "Zoë" in answer.text
    assert author.names == []


def test_sending_again_by_whatever_way_leads_to_the_same_confirmation(
    visitor: JudgingClient, author: Author
) -> None:
    answer_all(visitor)
    data = sending(visitor)
    first, second = post(visitor, f"{BASE}/check-answers", data), post(visitor, f"{BASE}/check-answers", data)
    assert first.location == second.location == f"{BASE}/confirmation"
    for path in ("/", "/room", "/rooms", "/about-you", "/check-answers", "/delete-answers"):
        answer = visitor.get(BASE + path)
        while answer.status_code == 303:
            answer = visitor.follow(answer)
        assert "TST-1" in answer.text, path
    assert author.names == ["Zoë"]


def test_twenty_at_once_are_one(
    visitor: JudgingClient, author: Author, journey_app: Flask, db: Database
) -> None:
    answer_all(visitor)
    data = sending(visitor)
    cookie = visitor.get_cookie("__Host-session", domain="portal.example.org")
    assert cookie is not None

    def send(_number: int) -> tuple[int, str]:
        client = FlaskClient(journey_app)
        client.set_cookie("__Host-session", cookie.value, domain="portal.example.org", secure=True)
        answer = client.post(
            f"{BASE}/check-answers", data=data, headers=SAME_ORIGIN, base_url="https://portal.example.org"
        )
        return answer.status_code, answer.location

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(send, range(20)))
    assert answers == {(303, f"{BASE}/confirmation")}
    assert author.names == ["Zoë"]
    assert len({draft.reference for draft in drafts(db)}) == 1


def test_answers_changed_in_another_tab_are_shown_before_they_are_sent(
    visitor: JudgingClient, author: Author
) -> None:
    answer_all(visitor)
    seen = sending(visitor)
    visitor.post_form(f"{BASE}/rooms?change=1", {"rooms": "5"})
    answer = post(visitor, f"{BASE}/check-answers", seen)
    assert answer.status_code == 422
    assert answer.page.errors == [CHANGED_MEANWHILE]
    assert ">5<" in answer.text
    assert author.names == []
    again = field_values(find_form(answer.page, {"true"}, None))
    assert post(visitor, f"{BASE}/check-answers", again).location == f"{BASE}/confirmation"


@pytest.mark.parametrize("junk", ["", "x", "٣", "-1", "9" * 5000])
def test_a_forged_version_of_the_answers(visitor: JudgingClient, author: Author, junk: str) -> None:
    answer_all(visitor)
    answer = post(visitor, f"{BASE}/check-answers", sending(visitor, answers_version=junk))
    assert answer.status_code == 422
    assert author.names == []


def test_two_tabs_do_not_lose_each_other(visitor: JudgingClient, db: Database) -> None:
    answer_all(visitor)
    one = field_values(find_form(visitor.get(f"{BASE}/rooms").page, set(), None))
    two = field_values(find_form(visitor.get(f"{BASE}/about-you").page, set(), None))
    post(visitor, f"{BASE}/rooms", {**one, "rooms": "6"})
    post(visitor, f"{BASE}/about-you", {**two, "name": "Ana"})
    answers = drafts(db)[0].answers["steps"]
    assert (answers["rooms"]["rooms"], answers["about-you"]["name"]) == (6, "Ana")


def test_a_refusal_of_the_author_stores_nothing(visitor: JudgingClient, author: Author) -> None:
    answer_all(visitor)
    author.refuse = "We are closed today"
    answer = visitor.post_form(f"{BASE}/check-answers", {"true": "yes"})
    assert answer.status_code == 422
    assert answer.page.errors == ["We are closed today"]
    assert author.names == []
    author.refuse = ""
    assert visitor.post_form(f"{BASE}/check-answers", {"true": "yes"}).status_code == 303


def test_a_limit_is_met_before_anything_is_written_and_never_after_sending(
    visitor: JudgingClient, author: Author
) -> None:
    answer_all(visitor)
    author.limit_reached = True
    data = sending(visitor)
    reply = post(visitor, f"{BASE}/check-answers", data)
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "60")
    assert "Try again in 1 minute" in reply.page.main.text
    assert reply.page.first("a", href=f"{BASE}/check-answers")
    assert author.names == []
    author.limit_reached = False
    post(visitor, f"{BASE}/check-answers", data)
    author.limit_reached = True
    assert post(visitor, f"{BASE}/check-answers", data).location == f"{BASE}/confirmation"


def test_a_fault_while_sending_leaves_nothing_and_the_answers_stay(
    visitor: JudgingClient, author: Author
) -> None:
    answer_all(visitor)
    author.breaks = True
    assert visitor.post_form(f"{BASE}/check-answers", {"true": "yes"}).status_code == 500
    assert author.names == []
    author.breaks = False
    assert visitor.post_form(f"{BASE}/check-answers", {"true": "yes"}).status_code == 303
    assert author.names == ["Zoë"]


def test_signs_of_robots_reach_the_author(visitor: JudgingClient, author: Author) -> None:
    answer_all(visitor)
    visitor.post_form(f"{BASE}/check-answers", {"true": "yes", "website": "http://spam.example"})
    assert author.submissions[0].signs == ("trap", "too_fast")


def test_answers_can_be_deleted(visitor: JudgingClient, db: Database) -> None:
    visitor.post_form(f"{BASE}/room", {"room": "no"})
    link = next(link for link in visitor.get(f"{BASE}/room").page.all("a") if "delete" in link.text)
    reply = visitor.post_form(link["href"], {})
    assert reply.location == f"{BASE}/answers-deleted"
    assert drafts(db) == []
    page = visitor.follow(reply).page
    assert page.h1 == "Your answers were deleted"
    assert page.first("a", href=f"{BASE}/")


def test_who_deleted_their_answers_keeps_no_cookie(visitor: JudgingClient) -> None:
    visitor.post_form(f"{BASE}/room", {"room": "no"})
    reply = visitor.post_form(f"{BASE}/delete-answers", {})
    (line,) = reply.headers.getlist("Set-Cookie")
    assert line.startswith("__Host-session=;")
    assert "Max-Age=0" in line
    assert not visitor.follow(reply).headers.getlist("Set-Cookie")


def test_a_cookie_that_holds_another_form_together_stays(visitor: JudgingClient) -> None:
    visitor.post_form("/test/tasks/full-name", {"full_name": "Zoë", "section_completed": "yes"})
    visitor.post_form(f"{BASE}/room", {"room": "no"})
    assert not visitor.post_form(f"{BASE}/delete-answers", {}).headers.getlist("Set-Cookie")
    assert visitor.get("/test/tasks/full-name").page.by_id("full_name")["value"] == "Zoë"


def test_the_page_of_the_deleted_leads_on_to_what_was_begun_since(visitor: JudgingClient) -> None:
    assert visitor.get(f"{BASE}/answers-deleted").status_code == 200
    visitor.post_form(f"{BASE}/room", {"room": "no"})
    assert visitor.get(f"{BASE}/answers-deleted").location == f"{BASE}/"


def test_a_page_that_comes_after_sending_is_not_swallowed(
    visitor: JudgingClient, author: Author, db: Database
) -> None:
    answer_all(visitor)
    stale = field_values(find_form(visitor.get(f"{BASE}/about-you").page, {"why"}, None))
    with time_machine.travel("2026-11-23T10:00:00Z", tick=False):
        visitor.get(f"{BASE}/check-answers")
        post(visitor, f"{BASE}/check-answers", sending(visitor))
        before = drafts(db)[0].answers
        reply = post(visitor, f"{BASE}/about-you", {**stale, "name": "Ana", "why": "Something new"})
    assert reply.status_code == 409
    said = reply.page.main.text
    for words in ("10am on Monday 23 November 2026", "TST-1", "was not added", "Ana", "Something new"):
        assert words in said
    assert drafts(db)[0].answers == before == {}
    assert author.names == ["Zoë"]


def test_a_tab_that_would_delete_does_not_hide_what_was_sent(visitor: JudgingClient, db: Database) -> None:
    answer_all(visitor)
    stale = field_values(find_form(visitor.get(f"{BASE}/delete-answers").page, set(), None))
    post(visitor, f"{BASE}/check-answers", sending(visitor))
    reply = post(visitor, f"{BASE}/delete-answers", stale)
    assert reply.status_code == 409
    assert "TST-1" in reply.page.main.text
    assert drafts(db)[0].reference == "TST-1"


def test_after_sending_one_can_begin_again(visitor: JudgingClient, author: Author) -> None:
    answer_all(visitor)
    visitor.post_form(f"{BASE}/check-answers", {"true": "yes"})
    assert (
        visitor.post_form(f"{BASE}/confirmation", {}, action=f"{BASE}/delete-answers").location == f"{BASE}/"
    )
    answer_all(visitor)
    visitor.post_form(f"{BASE}/check-answers", {"true": "yes"})
    assert author.names == ["Zoë", "Zoë"]
    assert len({submission.key for submission in author.submissions}) == 2


def test_a_draft_that_ran_out_is_gone_within_the_minute(
    visitor: JudgingClient, journey_app: Flask, db: Database, at: datetime
) -> None:
    with time_machine.travel(at, tick=False) as clock:
        visitor.post_form(f"{BASE}/room", {"room": "no"})
        clock.shift(60)
        visitor.post_form(f"{BASE}/room", {"room": "yes"})

    def work(moment: datetime) -> list[bool]:
        with journey_app.app_context():
            return [jobs.run_next(moment), bool(drafts(db))]

    assert work(at + timedelta(minutes=59)) == [False, True]
    assert work(at + timedelta(minutes=60)) == [True, True]
    assert work(at + timedelta(minutes=61)) == [True, False]
    assert work(at + timedelta(days=1)) == [False, False]


def test_drafts_that_nobody_touches_are_deleted(visitor: JudgingClient, db: Database, at: datetime) -> None:
    with time_machine.travel(at, tick=False) as clock:
        visitor.post_form(f"{BASE}/room", {"room": "no"})
        (draft,) = drafts(db)
        assert (draft.expires_at - at).total_seconds() == 3600
        clock.shift(3599)
        assert visitor.get(f"{BASE}/about-you").status_code == 200
        clock.shift(1)
        assert visitor.get(f"{BASE}/about-you").location == f"{BASE}/room"
    for moment, gone in ((draft.expires_at.replace(microsecond=0), 1), (draft.expires_at, 0)):
        with db.transaction() as session:
            assert expire_drafts(session, moment) == gone
    with db.reading() as session:
        assert session.scalar(select(func.count(Draft.id))) == 0
