"""Equality answers: kept once, joined to nobody, followed by a job alone."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import inspect, select, text

from portal.applications.equality import jobs, service
from portal.applications.equality.forms import form_of
from portal.applications.equality.lists import PREFER_NOT, lists_named, lists_on, versions
from portal.applications.equality.stages import REACHED, Stage, stage_of
from portal.applications.models import Application, EqualityAnswers
from portal.applications.options import ApplicationStatus as Status
from portal.core.audit import AuditEvent
from tests.applications.equality.answering import KEY, make_answered
from tests.support.applications import make_application
from tests.support.builders import AT, make_vacancy

CHOSEN = {"sex": "female", "ethnic_group": "white", "ethnic_white": "roma"}


@pytest.fixture
def application(db):
    with db.transaction() as session:
        return make_application(session)


def rows(db):
    with db.reading() as session:
        return session.scalars(select(EqualityAnswers)).all()


def keep(db, application, answers=CHOSEN, key=KEY):
    with db.transaction() as session:
        return service.keep_answers(session, application.id, answers, lists="2026-11", key=key)


def test_answers_are_kept_once_without_a_trace(db, application):
    assert keep(db, application)
    assert not keep(db, application, {"sex": "male"})
    (row,) = rows(db)
    assert row.answers == CHOSEN
    assert row.vacancy_id == application.vacancy_id
    with db.reading() as session:
        assert session.scalars(select(AuditEvent)).all() == []
        kept = session.get_one(Application, application.id)
    assert kept.equality_mark == service.mark_of(row.token, KEY)
    assert row.token not in kept.equality_mark
    assert kept.version == application.version


def test_the_table_has_no_time_and_nothing_of_a_person():
    columns = {column.name for column in inspect(EqualityAnswers).columns}
    assert columns == {"token", "vacancy_id", "lists_version", "answers", "stage_reached"}


def test_twenty_at_once_keep_one(db, application):
    kept = []

    def send(number):
        kept.append(keep(db, application, {"sex": "female", "age": str(number)}))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [False] * 19 + [True]
    assert len(rows(db)) == 1


def test_rows_lie_in_the_order_of_their_random_tokens(db):
    """Whatever the database keeps beside the columns says nothing about when a row came."""
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        for number in range(30):
            make_answered(session, vacancy, {"age": str(number)})
    with db.transaction() as session:
        service.shuffle(session)
    with db.reading() as session:
        if session.get_bind().dialect.name == "postgresql":
            found = session.execute(
                text("SELECT token, xmin::text FROM equality_answers ORDER BY ctid")
            ).all()
            assert len({row.xmin for row in found}) == 1
        else:
            found = session.execute(text("SELECT token FROM equality_answers NOT INDEXED")).all()
        tokens = [row.token for row in found]
    assert tokens == sorted(tokens)
    assert len(tokens) == 30


def test_the_night_follows_how_far_people_came(app, db):
    at = {"shortlisted_at": AT}
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        ended = {
            Stage.APPLIED: make_answered(session, vacancy, {"age": "1"}),
            Stage.SHORTLISTED: make_answered(
                session, vacancy, {"age": "2"}, status=Status.NOT_SHORTLISTED, **at
            ),
            Stage.INTERVIEWED: make_answered(
                session,
                vacancy,
                {"age": "3"},
                status=Status.WITHDRAWN,
                withdrawn_from=Status.INTERVIEWED,
                **at,
            ),
            Stage.OFFERED: make_answered(
                session, vacancy, {"age": "4"}, status=Status.OFFER_DECLINED, offered_at=AT, **at
            ),
        }
    with db.transaction() as session:
        assert service.follow_stages(session, [KEY]) == 3
    with db.transaction() as session:
        assert service.follow_stages(session, [KEY]) == 0
    found = {row.answers["age"]: row.stage_reached for row in rows(db)}
    assert found == {str(number): stage for number, stage in enumerate(ended, 1)}


def test_another_key_finds_nothing_and_an_older_one_is_replaced(db, application):
    keep(db, application, key="old")
    with db.transaction() as session:
        session.get_one(Application, application.id).status = Status.OFFERED
    with db.transaction() as session:
        assert service.follow_stages(session, ["new"]) == 0
    with db.transaction() as session:
        assert service.follow_stages(session, ["new", "old"]) == 1
    (row,) = rows(db)
    with db.reading() as session:
        mark = session.get_one(Application, application.id).equality_mark
    assert mark == service.mark_of(row.token, "new")


def test_the_job_uses_the_portals_keys(app, db, application):
    keep(db, application, key=app.extensions["portal.settings"].secret_key)
    with db.transaction() as session:
        session.get_one(Application, application.id).status = Status.INTERVIEWED
    with app.app_context(), db.transaction() as session:
        jobs.follow(session, AT)
    (row,) = rows(db)
    assert row.stage_reached == Stage.INTERVIEWED


def test_a_forgotten_link_is_followed_no_more(db, application):
    keep(db, application)
    with db.transaction() as session:
        service.forget_link(session, application.id)
        session.get_one(Application, application.id).status = Status.OFFERED
    with db.transaction() as session:
        assert service.follow_stages(session, [KEY]) == 0
    (row,) = rows(db)
    assert row.stage_reached == Stage.APPLIED


def test_every_status_has_its_stage():
    assert set(REACHED) == set(Status)
    for status in Status:
        assert stage_of(status, None, None, None) is REACHED[status]


def test_versions_are_in_order_and_complete():
    names = [one.name for one in versions()]
    assert len(set(names)) == len(names)
    assert [one.begins for one in versions()] == sorted(one.begins for one in versions())
    assert lists_on(date(2020, 1, 1)) is versions()[0]
    assert lists_on(date(2099, 1, 1)) is versions()[-1]
    assert lists_named("2026-11") is versions()[0]
    assert lists_named("never") is None


@pytest.mark.parametrize("lists", versions(), ids=lambda lists: lists.name)
def test_each_list_is_sound(lists):
    questions = {question.name: question for question in lists.questions}
    assert len(questions) == len(lists.questions)
    for question in lists.questions:
        codes = [code for code, _label in question.options]
        assert len(set(codes)) == len(codes) > 1
        assert PREFER_NOT not in codes
        if question.shown_for:
            before, answer = question.shown_for
            assert answer in dict(questions[before].options)
        if question.text:
            assert question.text[0] in codes


def test_nothing_is_chosen_and_every_question_can_be_declined(app):
    lists = versions()[-1]
    with app.test_request_context():
        form = form_of(lists).from_answers({})
        for question in lists.questions:
            field = form[question.name]
            assert not any(item.get("checked") for item in field.items())
            assert field.items()[-2:] == [
                {"divider": "or"},
                {"value": PREFER_NOT, "text": "Prefer not to say", "checked": False},
            ]
        assert form.given_answers() == {}


def test_details_of_another_group_are_not_kept(app):
    answers = {"ethnic_group": "asian", "ethnic_white": "irish", "ethnic_asian": "any_other"}
    with app.test_request_context():
        form = form_of(versions()[-1]).from_answers({**answers, "ethnic_asian_words": "Hmong"})
        assert form.given_answers() == {
            "ethnic_group": "asian",
            "ethnic_asian": "any_other",
            "ethnic_asian_words": "Hmong",
        }
