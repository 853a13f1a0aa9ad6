"""The demonstration shows the whole life: something in every list, and somebody who may approve."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.accounts.models import StaffUser
from portal.core.access import Actor
from portal.vacancies.demo import load_demo_vacancies
from portal.vacancies.life.approval import why_not_approve
from portal.vacancies.life.demo import HIRING_MANAGER, SECOND, WRITER, load_demo_life
from portal.vacancies.life.lists import queries as lists
from portal.vacancies.life.lists.filters import Only
from portal.vacancies.life.lists.tabs import Tab
from portal.vacancies.life.queries import authors_of
from portal.vacancies.life.readiness import refusals
from portal.vacancies.options import Status
from tests.support.builders import make_staff
from tests.vacancies.life.adverts import actor_of, look

MOMENTS = [
    datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
]


@pytest.fixture
def people(db):
    with db.transaction() as session:
        make_staff(session, role="hr", email=WRITER)
        make_staff(session, role="hr", email=SECOND)
        make_staff(session, role="hiring_manager", email=HIRING_MANAGER)


@pytest.mark.parametrize("at", MOMENTS, ids=str)
def test_every_list_but_the_archive_has_something(db, people, at):
    with db.transaction() as session:
        load_demo_vacancies(session, at)
        assert load_demo_life(session, at) == 5
    with db.reading() as session:
        counts = lists.figures(session, by=Actor.visitor(), at=at)
    assert [tab for tab in Tab if not counts.tabs[tab]] == [Tab.ARCHIVED]
    assert counts.only[Only.OVERDUE] >= 1


def test_what_waits_is_complete_and_the_second_person_and_the_manager_may_approve_it(db, people, at):
    with db.transaction() as session:
        load_demo_life(session, at)
    with db.reading() as session:
        staff = {person.email: actor_of(person) for person in session.scalars(select(StaffUser))}
        reference = (
            lists.list_page(session, lists.only_filters(Only.MINE), by=staff[SECOND], at=at).rows[0].reference
        )
        vacancy = look(session, reference)
        authors = authors_of(session, vacancy.id)
    assert vacancy.status(at) is Status.PENDING_APPROVAL
    assert refusals(vacancy, at) == []
    assert {email for email, by in staff.items() if not why_not_approve(vacancy, authors, by)} == {
        SECOND,
        HIRING_MANAGER,
    }


def test_loading_again_adds_nothing(db, people, at):
    with db.transaction() as session:
        load_demo_life(session, at)
        assert load_demo_life(session, at) == 0
