"""An installation of the release before adverts were written here keeps its adverts, search and mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, inspect, select

from portal.core import migrating
from portal.core.database import Database
from portal.core.mail import MailStatus, OutgoingMail
from portal.vacancies.models import Decision, ServiceTeam, Vacancy
from portal.vacancies.options import AnswerStyle, DecisionKind, Outcome, Status
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.index import SQLITE_FILL
from portal.vacancies.search.queries import search_vacancies
from tests.support.builders import AT, make_vacancy
from tests.support.databases import TestDatabase
from tests.support.samples import make_mail

RELEASED = "0007"
DAY = timedelta(days=1)
IN_STATES: dict[Status, dict[str, Any]] = {
    Status.DRAFT: {"approved_at": None, "publish_at": None, "closes_at": None, "contact_name": None},
    Status.PENDING_APPROVAL: {"approved_at": None, "submitted_at": AT},
    Status.SCHEDULED: {"publish_at": AT + DAY},
    Status.OPEN: {"title": "Lighthouse keeper"},
    Status.CLOSED: {"closed_early_at": AT - DAY},
    Status.FILLED: {"closes_at": AT - DAY, "outcome": Outcome.FILLED, "outcome_at": AT},
    Status.CANCELLED: {"cancelled_at": AT - DAY},
    Status.ARCHIVED: {"cancelled_at": AT - DAY, "archived_at": AT},
}


@pytest.fixture
def released(database: TestDatabase) -> Iterator[Database]:
    """A database as the release left it."""
    with database.spare() as url:
        found = Database(url)
        try:
            migrating.upgrade(found, RELEASED)
            yield found
        finally:
            found.dispose()


def put(connection: Connection, row: Any, **changes: Any) -> None:
    """Write a row of today’s model into the table as it was, without what was not there."""
    model = type(row).__table__
    there = {column["name"] for column in inspect(connection).get_columns(model.name)}
    columns = [Column(column.name, column.type) for column in model.columns if column.name in there]
    key_of = type(row).__mapper__.get_property_by_column
    values = {column.name: getattr(row, key_of(model.c[column.name]).key) for column in columns}
    connection.execute(Table(model.name, MetaData(), *columns).insert().values({**values, **changes}))


def test_adverts_mail_and_search_come_through_the_upgrade(db: Database, released: Database) -> None:
    with released.engine.begin() as connection:
        team = connection.scalar(select(ServiceTeam.id).limit(1))
        with db.transaction() as session:
            for changes in IN_STATES.values():
                vacancy = make_vacancy(session, **changes)
                put(connection, vacancy, team_id=team)
            decided = Decision(
                id=1, vacancy_id=vacancy.id, kind=DecisionKind.ARCHIVED, decided_at=AT, by_name="Sam Example"
            )
        put(connection, decided)
        put(connection, make_mail(AT), id=1)
        if released.is_sqlite:
            connection.exec_driver_sql(SQLITE_FILL)
    migrating.upgrade(released)
    assert migrating.differences(released) == []
    with released.transaction() as session:
        adverts = session.scalars(select(Vacancy).order_by(Vacancy.id)).all()
        assert [advert.status(AT) for advert in adverts] == list(IN_STATES)
        assert {(advert.relisted, advert.answer_style) for advert in adverts} == {
            (False, AnswerStyle.CRITERIA)
        }
        assert [advert.evidence for advert in adverts] == [[]] * len(adverts)
        (mail,) = session.scalars(select(OutgoingMail))
        assert (mail.status, mail.unsubscribe_url, mail.about) == (MailStatus.FAILED, None, None)
        assert found(session, "lighthouse") == ["Lighthouse keeper"]
        adverts[list(IN_STATES).index(Status.OPEN)].title = "Harbour master"
    with released.reading() as session:
        assert (found(session, "lighthouse"), found(session, "harbour")) == ([], ["Harbour master"])


def found(session: Any, q: str) -> list[str]:
    """What the list finds."""
    return [row.title for row in search_vacancies(session, Filters(q=q), AT).rows]
