"""Equality answers go a year after the campaign, with their links; the figures made of them stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.applications.equality import jobs, queries, storing
from portal.applications.equality.models import EqualityCounted, EqualityFigures
from portal.applications.keeping.models import VacancyHold
from portal.applications.keeping.service import delete_due_applications
from portal.applications.models import Application, EqualityAnswers
from portal.applications.options import ApplicationStatus as Status
from portal.core import retention
from portal.core.audit import AuditEvent
from portal.council import load_council
from portal.vacancies.models import Vacancy
from tests.applications.equality.answering import LONG_AGO, make_answered, make_ended

PERIODS = load_council().retention
ENDED = datetime(2025, 11, 10, 12, tzinfo=UTC)
GOES = datetime(2026, 11, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def make_over(session, *, answers=1, **changes):
    """A vacancy whose last applicant was decided about at ENDED."""
    times = {"publish_at": ENDED - timedelta(days=60), "approved_at": ENDED - timedelta(days=61)}
    times |= {"closes_at": ENDED - timedelta(days=30), "archived_at": ENDED + timedelta(days=5)}
    vacancy = make_ended(session, **{**times, **changes})
    for number in range(answers):
        at = ENDED - timedelta(days=number)
        said = {"sex": "female" if number % 2 else "male"}
        make_answered(session, vacancy, said, status_since=at, decided_at=at)
    return vacancy


def listed(db, at):
    """What a dry run says about equality."""
    with db.reading() as session:
        due = retention.everything_due(session, at)
        return {(one.kind, one.reference, one.goes_on) for one in due if "equality" in one.kind}


def deleted(db, at):
    with db.transaction() as session:
        return storing.delete_due_answers(session, at, PERIODS)


def count(db, table):
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_answers_and_links_go_with_their_day_and_figures_stay(db):
    with db.transaction() as session:
        vacancy = make_over(session, answers=36)
    with db.transaction() as session:
        assert storing.store_settled(session, GOES - timedelta(days=90)) == 1
    assert (listed(db, GOES - SECOND), deleted(db, GOES - SECOND)) == (set(), 0)
    assert listed(db, GOES) == {("equality answers to a vacancy", vacancy.reference, GOES.date())}
    assert deleted(db, GOES) == 1
    assert (listed(db, GOES), deleted(db, GOES)) == (set(), 0)
    with db.reading() as session:
        assert session.scalars(select(Application.equality_mark).distinct()).all() == [None]
        (event,) = session.scalars(select(AuditEvent))
        assert (event.event, event.subject) == ("retention.deleted", vacancy.reference)
        figures = session.scalars(select(EqualityFigures)).one()
        sex = next(table for table in figures.tables if table["code"] == "sex")
        assert sex["totals"][0] == 36
    assert count(db, EqualityAnswers) == 0


def test_answers_that_no_figures_were_made_of_are_counted_before_they_go(db):
    """Of the quarter are counted who is over; who is not is in no figures, and keeps nobody’s answers."""
    with db.transaction() as session:
        over = [make_over(session, answers=6), make_over(session, answers=7, archived_at=None)]
        waits = make_over(session, answers=3)
        session.scalars(
            select(Application).where(Application.vacancy_id == waits.id).limit(1)
        ).one().status = Status.SIFTING
        settled = make_over(session, answers=0)
        for _ in range(5):
            make_answered(session, settled, {"sex": "female"}, status_since=LONG_AGO, decided_at=LONG_AGO)
    assert {reference for _kind, reference, _day in listed(db, GOES)} == {one.reference for one in over}
    assert deleted(db, GOES) == 2
    with db.reading() as session:
        counted = set(session.scalars(select(EqualityCounted.vacancy_id)))
        assert counted == {*(one.id for one in over), settled.id}
        figures = session.scalars(select(EqualityFigures)).one()
        assert figures.name == "2025-q4"
        assert figures.tables[0]["totals"][0] == 18
        assert set(session.scalars(select(EqualityAnswers.vacancy_id))) == {waits.id, settled.id}
    with db.transaction() as session:
        assert storing.store_settled(session, GOES + timedelta(days=900)) == 0, "the quarter has its figures"


def test_the_order_in_which_records_go_does_not_matter(db):
    """With the applications goes what says when their campaign ended."""
    with db.transaction() as session:
        vacancy = make_over(session, answers=2)
    with db.transaction() as session:
        assert delete_due_applications(session, GOES, PERIODS) == 2
    assert {reference for _kind, reference, _day in listed(db, GOES)} == {vacancy.reference}
    assert deleted(db, GOES) == 1


def test_somebody_undecided_keeps_answers_for_half_a_year_longer(db):
    with db.transaction() as session:
        waits = make_over(session)
        make_answered(session, waits, {"sex": "female"}, status=Status.SUBMITTED)
    goes = datetime(2027, 4, 10, 23, tzinfo=UTC)
    assert listed(db, goes - SECOND) == set()
    assert {reference for _kind, reference, _day in listed(db, goes)} == {waits.reference}


def test_a_legal_hold_and_an_undecided_applicant_keep_answers(db):
    with db.transaction() as session:
        held, waits = make_over(session), make_over(session)
        hold = {"reason": "Tribunal", "held_at": GOES, "held_by_name": "Harper Example"}
        session.add(VacancyHold(vacancy_id=held.id, **hold))
        make_answered(session, waits, {"sex": "female"}, status=Status.SUBMITTED)
    assert listed(db, GOES) == set()
    assert deleted(db, GOES) == 0


def test_the_command_deletes_what_it_lists(app, db):
    with db.transaction() as session:
        first, second = make_over(session, answers=3), make_over(session, answers=31)
        references = {first.reference, second.reference}
        vacancies = [first.id, second.id]
    assert {reference for _kind, reference, _day in listed(db, GOES)} == references
    retention.delete_everything_due(GOES)
    with db.reading() as session:
        left = select(func.count()).where(EqualityAnswers.vacancy_id.in_(vacancies))
        assert session.scalar(left) == 0
        assert {one.name for one in session.scalars(select(EqualityFigures))} == {"2025-q4", second.reference}


def test_figures_go_six_years_after_they_were_made(db):
    with db.transaction() as session:
        vacancy = make_over(session, answers=30)
    made = datetime(2026, 1, 31, 3, tzinfo=UTC)
    with db.transaction() as session:
        assert storing.store_settled(session, made) == 1
    goes = datetime(2032, 1, 31, tzinfo=UTC)
    retention.delete_everything_due(goes - SECOND)
    assert listed(db, goes - SECOND) == set()
    assert listed(db, goes) == {("equality figures", vacancy.reference, goes.date())}
    with db.transaction() as session:
        assert storing.delete_due_figures(session, goes, PERIODS) == 1
    assert (count(db, EqualityFigures), count(db, EqualityCounted)) == (0, 0)


def test_the_night_makes_figures(app, db):
    with db.transaction() as session:
        vacancy = make_over(session, answers=30)
        session.get_one(Vacancy, vacancy.id).archived_at = GOES - timedelta(days=1)
    with db.transaction() as session:
        jobs.follow(session, GOES)
    with db.reading() as session:
        assert queries.stored_figures(session, vacancy.reference) is not None
