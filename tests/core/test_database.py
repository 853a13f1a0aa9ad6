"""The kernel's sessions and transactions, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.core.database import Database, read, small_write, transaction, violates
from portal.core.errors import StaleEdit
from portal.fostering.models import Enquiry
from portal.vacancies.models import Vacancy
from tests.support import watch
from tests.support.builders import make_enquiry, make_staff, make_vacancy
from tests.support.databases import ON_POSTGRESQL, ON_SQLITE


def test_builders_make_rows_that_both_databases_take(db: Database) -> None:
    with db.transaction() as session:
        make_staff(session)
        make_vacancy(session)
        make_enquiry(session)


def count(db: Database) -> int:
    with db.reading() as session:
        return session.query(StaffUser).count()


def test_a_transaction_commits_at_its_end(db: Database) -> None:
    with db.transaction() as session:
        make_staff(session)
    assert count(db) == 1


def test_an_exception_undoes_everything(db: Database) -> None:
    with pytest.raises(LookupError):
        add_and_fail(db)
    assert count(db) == 0


def add_and_fail(db: Database) -> None:
    with db.transaction() as session:
        make_staff(session)
        raise LookupError


def test_the_database_itself_refuses_a_write_while_reading(db: Database) -> None:
    with db.reading() as session, pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM staff_users"))
    with db.transaction() as session:  # and the connection is good for writing again
        make_staff(session)


def test_the_requests_reading_session_is_refused_a_write_too(app: Flask) -> None:
    with app.test_request_context("/", base_url="https://portal.example.org"), pytest.raises(DBAPIError):
        read().execute(text("DELETE FROM staff_users"))
    assert watch.current.faults.pop().startswith("GET / wrote"), "the tests’ own watch saw it too"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_get_opens_no_transaction(app: Flask, method: str) -> None:
    with app.test_request_context("/", method=method), pytest.raises(RuntimeError), transaction():
        raise AssertionError("the transaction began")


def test_a_get_may_make_the_small_writes_that_are_named(app: Flask, db: Database) -> None:
    with app.test_request_context("/"), small_write("a test") as session:
        make_staff(session)
    assert count(db) == 1


def connections_in_use(db: Database) -> int:
    pools = {db.engine.pool, db.read_engine.pool}  # one and the same on SQLite
    return sum(pool.checkedout() for pool in pools)


def test_a_post_reads_and_then_writes_with_one_connection_at_a_time(app: Flask, db: Database) -> None:
    with app.test_request_context("/", method="POST"):
        assert read().query(StaffUser).count() == 0
        with transaction() as session:
            make_staff(session)
        assert read().query(StaffUser).count() == 1
        assert connections_in_use(db) == 1


def test_reading_sees_one_unchanging_state(db: Database) -> None:
    with db.reading() as session:
        assert session.query(StaffUser).count() == 0
        with db.transaction() as writer:
            make_staff(writer)
        assert session.query(StaffUser).count() == 0
    assert count(db) == 1


def in_parallel(work: Callable[[], None], times: int) -> list[BaseException]:
    """Run the work in so many threads at once; gives what went wrong."""
    failures: list[BaseException] = []
    ready = threading.Barrier(times)

    def run() -> None:
        ready.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_writers_wait_for_one_another_and_lose_nothing(db: Database) -> None:
    with db.transaction() as session:
        person_id = make_staff(session, version=0).id

    def increase() -> None:
        for _ in range(10):
            with db.transaction() as session:
                wanted = select(StaffUser).where(StaffUser.id == person_id).with_for_update()
                person = session.scalars(wanted).one()
                person.version += 1

    assert in_parallel(increase, 4) == []
    with db.reading() as session:
        assert session.get_one(StaffUser, person_id).version == 40


def changed_after_it_was_read(db: Database, change: Callable[[Session], object]) -> None:
    with db.transaction() as session:
        key = make_enquiry(session).id
    with db.transaction() as session:
        mine = session.get_one(Enquiry, key)
        change(session)
        mine.case_system_ref = "mine"


@ON_POSTGRESQL
def test_a_row_that_another_transaction_changed_after_it_was_read_is_a_stale_edit(db: Database) -> None:
    def meanwhile(_session: Session) -> None:
        with db.transaction() as other:
            other.scalars(select(Enquiry)).one().case_system_ref = "theirs"

    with pytest.raises(StaleEdit):
        changed_after_it_was_read(db, meanwhile)
    with db.reading() as session:
        assert session.scalars(select(Enquiry)).one().case_system_ref == "theirs"


def test_a_row_that_is_not_as_it_was_read_is_a_stale_edit_on_both_databases(db: Database) -> None:
    behind_its_back = text("UPDATE fostering_enquiries SET version = 7")
    with pytest.raises(StaleEdit):
        changed_after_it_was_read(db, lambda session: session.connection().execute(behind_its_back))


@ON_SQLITE
def test_sqlite_is_durable_and_strict(db: Database) -> None:
    with db.reading() as session:
        found = {name: session.scalar(text(f"PRAGMA {name}")) for name in SQLITE}
    assert found == SQLITE


SQLITE = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "busy_timeout": 5000,
}


@ON_POSTGRESQL
def test_postgresql_waits_no_longer_than_a_person_would(db: Database) -> None:
    with db.reading() as session:
        assert session.scalar(text("SHOW statement_timeout")) == "4s"
        assert session.scalar(text("SHOW lock_timeout")) == "3500ms"
        assert session.scalar(text("SHOW transaction_isolation")) == "repeatable read"


def test_instants_come_back_as_they_went_in(db: Database) -> None:
    odd = datetime(2026, 3, 29, 2, 30, 15, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with db.transaction() as session:
        person_id = make_staff(session, created_at=odd).id
    with db.reading() as session:
        found = session.get_one(StaffUser, person_id).created_at
    assert found == odd
    assert found.tzinfo is UTC


def test_an_instant_without_a_zone_is_a_defect(db: Database) -> None:
    with pytest.raises(StatementError), db.transaction() as session:
        make_staff(session, created_at=datetime(2026, 3, 29))  # noqa: DTZ001 - what is refused


def test_instants_compare_in_the_database_as_instants(db: Database, at: datetime) -> None:
    with db.transaction() as session:
        make_staff(
            session, email="early@example.org", created_at=at.astimezone(timezone(timedelta(hours=-9)))
        )
        make_staff(session, email="late@example.org", created_at=at + timedelta(microseconds=1))
    with db.reading() as session:
        found = session.scalars(select(StaffUser.email).where(StaffUser.created_at <= at)).all()
    assert found == ["early@example.org"]


def test_codes_are_stored_by_their_values(db: Database) -> None:
    with db.transaction() as session:
        make_vacancy(session)
    with db.reading() as session:
        assert session.scalar(text("SELECT family FROM vacancies")) == "social_work"


def test_an_unknown_code_is_refused(db: Database) -> None:
    with pytest.raises(StatementError), db.transaction() as session:
        make_vacancy(session, family="witchcraft")


def test_a_violated_constraint_is_known_by_its_name(db: Database) -> None:
    with db.transaction() as session:
        make_staff(session, email="taken@example.org")
    with pytest.raises(IntegrityError) as caught, db.transaction() as session:
        make_staff(session, email="taken@example.org")
    assert violates(caught.value, "uq_staff_users_email")
    assert not violates(caught.value, "uq_vacancies_slug")
    assert not violates(caught.value, "uq_there_is_no_such")


def test_an_error_does_not_quote_what_was_stored(db: Database) -> None:
    with db.transaction() as session:
        make_staff(session, email="taken@example.org")
    with pytest.raises(IntegrityError) as caught, db.transaction() as session:
        make_staff(session, email="taken@example.org", name="Somebody Unspoken")
    assert "Unspoken" not in str(caught.value)


def test_rows_stay_readable_after_their_session(db: Database) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session)
    assert vacancy.title == "Social worker"


def test_references_are_kept(db: Database) -> None:
    with db.transaction() as session:
        make_vacancy(session)
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(update(Vacancy).values(team_id=999_999))


@ON_POSTGRESQL
@pytest.mark.parametrize("way", ["reading", "looking"])
def test_statements_that_come_again_are_planned_once(db: Database, way: str) -> None:
    look = getattr(db, way)
    for number in range(9):
        with look() as session:
            session.scalars(select(StaffUser.name.label("again")).where(StaffUser.id == number)).all()
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '% AS again %'")
    with look() as session:
        assert session.scalar(prepared) == 1
