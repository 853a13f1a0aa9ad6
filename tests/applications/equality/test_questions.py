"""The questions after sending: optional, once, skipped by one button, and no trace of who answered what."""

from __future__ import annotations

import io
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, text

from portal.applications.models import Application, EqualityAnswers
from portal.core import logs
from portal.core.audit import AuditEvent
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application
from tests.support.builders import AT, make_vacancy
from tests.support.client import SAME_ORIGIN

CHOSEN = {
    "sex": "female",
    "disability": "yes",
    "day_to_day": "a_little",
    "ethnic_group": "other",
    "ethnic_other": "any_other",
    "ethnic_other_words": "Łemko",
    "religion": "prefer_not_to_say",
    "choice": "send",
}


@pytest.fixture
def candidate(sign_in_candidate):
    with time_machine.travel(AT, tick=False):
        yield sign_in_candidate()


@pytest.fixture
def application(db, candidate):
    with db.transaction() as session:
        return make_application(session, make_vacancy(session), candidate=candidate.person)


@pytest.fixture
def path(application):
    return f"/applications/{application.reference}/equality"


def rows(db):
    with db.reading() as session:
        return session.scalars(select(EqualityAnswers)).all()


def send(candidate, path, **changes):
    """The form with answers, sent by its own button."""
    body = {**CHOSEN, **changes}
    return candidate.post_form(path, {name: value for name, value in body.items() if value is not None})


def confirmation(application):
    return f"/applications/{application.reference}/confirmation"


def test_answers_are_kept_and_the_confirmation_follows(candidate, db, application, path):
    answer = send(candidate, path)
    assert (answer.status_code, answer.location) == (303, confirmation(application))
    (row,) = rows(db)
    assert row.answers == {name: value for name, value in CHOSEN.items() if name != "choice"}
    assert (row.lists_version, row.stage_reached) == ("2026-11", "applied")


def test_nothing_is_chosen_on_the_page(candidate, path):
    page = candidate.get(path).page
    assert not [box for box in page.main.all("input", type="radio") if "checked" in box.attrs]
    assert page.main.text.count("Prefer not to say") == 13


def test_enter_in_a_box_sends_and_does_not_skip(candidate, path):
    """A browser presses the first button of the form that a box is in."""
    page = candidate.get(path).page
    box = page.main.first("input", name="religion_words")
    form = box.inside("form")
    assert [button["value"] for button in form.all("button")] == ["send"]


def test_skipping_keeps_nothing_and_looks_the_same(candidate, db, application, path):
    answer = candidate.post_form(path, {"choice": "skip"})
    assert (answer.status_code, answer.location) == (303, confirmation(application))
    assert rows(db) == []
    with db.reading() as session:
        assert session.get_one(Application, application.id).equality_mark is None


def test_a_blank_form_is_skipped(candidate, db, path):
    answer = candidate.post_form(path, {"choice": "send"})
    assert answer.status_code == 303
    assert rows(db) == []


def test_sending_twice_keeps_the_first(candidate, db, application, path):
    page = candidate.get(path).page
    token = page.main.first("input", name="csrf_token")["value"]
    for sex in ("female", "male"):
        body = {**CHOSEN, "sex": sex, "csrf_token": token, "form_end": "1"}
        answer = candidate.post(path, data=body, headers=SAME_ORIGIN)
        assert (answer.status_code, answer.location) == (303, confirmation(application))
    (row,) = rows(db)
    assert row.answers["sex"] == "female"
    assert "You have answered these questions." in candidate.get(path).page.main.text


def test_parallel_posts_converge_to_one(app, candidate, db, application, path):
    page = candidate.get(path)
    token = page.page.main.first("input", name="csrf_token")["value"]
    headers = {**SAME_ORIGIN, "Cookie": page.request.headers["Cookie"]}
    body = {**CHOSEN, "csrf_token": token, "form_end": "1"}

    def post(_number):
        another = FlaskClient(app, use_cookies=False)
        answer = another.post(path, data=body, headers=headers, base_url="https://portal.example.org")
        return answer.status_code, answer.location

    with ThreadPoolExecutor(8) as pool:
        answers = [*pool.map(post, range(8))]
    assert answers == [(303, confirmation(application))] * 8
    assert len(rows(db)) == 1


def test_a_code_that_is_not_offered_is_refused_and_the_rest_stays(candidate, db, path):
    answer = send(candidate, path, sex="4", age="25_29")
    assert answer.status_code == 422
    assert answer.page.errors == ["Select one of the answers, or leave the question blank"]
    chosen = {box["value"] for box in answer.page.main.all("input", type="radio") if "checked" in box.attrs}
    assert {"25_29", "a_little", "any_other"} <= chosen
    assert rows(db) == []


def test_too_many_words_are_refused(candidate, db, path):
    answer = send(candidate, path, ethnic_other_words="x" * 101)
    assert answer.page.errors == ["Your words must be 100 characters or less"]


def test_somebody_elses_questions_are_not_there(sign_in_candidate, path):
    with time_machine.travel(AT, tick=False):
        assert sign_in_candidate().get(path).status_code == 404


@pytest.mark.parametrize(("days", "open_"), [(-1, True), (0.9, True), (1, False), (6, False)])
def test_they_can_be_answered_until_a_day_after_closing(  # noqa: PLR0917
    candidate, db, application, path, days, open_
):
    with db.transaction() as session:
        session.get_one(Vacancy, application.vacancy_id).closes_at = AT - timedelta(days=days)
    page = candidate.get(path).page
    assert (page.main.first("input", name="sex") is not None) == open_


def test_no_trace_of_the_answers_is_left(candidate, db, application, path):
    """Neither in a log, in the audit, in the session, among kept words nor in a mail."""
    log = io.StringIO()
    lines = logging.StreamHandler(log)
    lines.setFormatter(logs.JsonLines())
    root = logging.getLogger("portal")
    root.addHandler(lines)
    try:
        send(candidate, path)
    finally:
        root.removeHandler(lines)
    assert "any_other" not in log.getvalue()
    (row,) = rows(db)
    with db.reading() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.subject.contains("equality"))).all() == []
        for table in ("browser_sessions", "kept_words", "audit_events", "outgoing_mails", "jobs", "drafts"):
            if session.get_bind().dialect.has_table(session.connection(), table):
                for found in session.execute(text(f"SELECT * FROM {table}")).mappings():
                    said = json.dumps(dict(found), default=str)
                    assert row.token not in said
                    assert "Łemko" not in said
                    assert "a_little" not in said
