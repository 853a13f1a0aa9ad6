"""Facts kept in memory: one reading for many pages, and never true for longer than a kept page is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask, g
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.core import kept_facts, page_cache
from portal.core.database import Database, read
from portal.core.errors import Unavailable
from portal.core.kept_facts import Fact, kept_until_published
from portal.core.page_cache import note_publication
from portal.vacancies.models import Vacancy
from tests.support.builders import make_vacancy

MakeApp = Callable[..., Flask]


@pytest.fixture(autouse=True)
def look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "LOOK_EVERY", 0.0)


@pytest.fixture
def worker(make_app: MakeApp) -> Flask:
    """A web process: an application with a memory of its own."""
    return make_app(page_cache_seconds=60)


def count(session: Session, _at: datetime) -> Fact[int]:
    """How many adverts there are, of whatever kind."""
    return Fact(session.scalar(select(func.count()).select_from(Vacancy)) or 0)


def known_to(worker: Flask) -> int:
    """What a request to this process would show."""
    with worker.app_context():
        return kept_until_published("adverts", count)


def publish(db: Database, at: datetime, **changes: object) -> None:
    with db.transaction() as session:
        make_vacancy(session, **changes)
        note_publication(session, at)


def test_a_fact_is_read_once_for_many_pages(worker, statements) -> None:  # type: ignore[no-untyped-def]
    known_to(worker)
    with statements() as found:
        assert [known_to(worker) for _ in range(3)] == [0, 0, 0]
    assert not [sql for sql in found if "vacancies" in sql]


def test_what_is_published_or_withdrawn_is_known_to_every_worker(worker, make_app, db, at) -> None:  # type: ignore[no-untyped-def]
    both = worker, make_app(page_cache_seconds=60)
    assert [known_to(one) for one in both] == [0, 0]
    publish(db, at)
    assert [known_to(one) for one in both] == [1, 1]
    with db.transaction() as session:
        session.delete(session.scalars(select(Vacancy)).one())
        note_publication(session, at)
    assert [known_to(one) for one in both] == [0, 0]


def test_a_fact_is_as_old_as_a_kept_page_may_be_and_no_older(worker, db, at, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(page_cache, "LOOK_EVERY", 1000.0)
    known_to(worker)
    publish(db, at)
    assert known_to(worker) == 0
    worker.extensions["portal.page_cache"].looked_at -= 1000.0  # as if the second had passed
    assert known_to(worker) == 1


def test_what_was_read_while_something_was_published_is_not_taken_for_the_new_state(worker, db, at) -> None:  # type: ignore[no-untyped-def]
    """The counter is looked at first: a publication between the two makes the fact one to be read again."""

    def slow(session: Session, moment: datetime) -> Fact[int]:
        found = count(session, moment)
        publish(db, at)
        return found

    with worker.app_context():
        assert kept_until_published("adverts", slow) == 0
    assert known_to(worker) == 1


def test_a_request_that_began_before_does_not_keep_what_it_saw(worker, db, at) -> None:  # type: ignore[no-untyped-def]
    """On SQLite a request that has read sees that state to its end; the fact is read afresh all the same."""
    with worker.app_context():
        assert count(read(), at).value == 0
        publish(db, at)
        assert kept_until_published("adverts", count) == 1


def test_nothing_uncommitted_is_kept(worker, db) -> None:  # type: ignore[no-untyped-def]
    with worker.app_context(), db.transaction() as session:
        make_vacancy(session)
        assert kept_until_published("adverts", count) == 0


def test_a_fact_ends_when_it_says_and_so_does_the_page_that_shows_it(worker, db, at) -> None:  # type: ignore[no-untyped-def]
    closing = at + timedelta(seconds=20)

    def closes(session: Session, moment: datetime) -> Fact[int]:
        return Fact(count(session, moment).value, until=closing if moment < closing else None)

    with time_machine.travel(at, tick=False) as clock:
        for _ in ("made", "kept"):
            with worker.app_context():
                assert kept_until_published("closing", closes) == 0
                assert g.valid_until == closing
        with db.transaction() as session:
            make_vacancy(session)  # not announced: only the closing time can make it known
        clock.move_to(closing - timedelta(seconds=1))
        with worker.app_context():
            assert kept_until_published("closing", closes) == 0
        clock.move_to(closing)
        with worker.app_context():
            assert kept_until_published("closing", closes) == 1
            assert "valid_until" not in g


def test_nothing_outlives_the_setting(worker, db, at) -> None:  # type: ignore[no-untyped-def]
    with time_machine.travel(at, tick=False) as clock:
        known_to(worker)
        with db.transaction() as session:
            make_vacancy(session)
        clock.move_to(at + timedelta(seconds=59))
        assert known_to(worker) == 0
        clock.move_to(at + timedelta(seconds=60))
        assert known_to(worker) == 1


def test_without_a_cache_nothing_is_kept(make_app, db) -> None:  # type: ignore[no-untyped-def]
    worker = make_app(page_cache_seconds=0)
    known_to(worker)
    with db.transaction() as session:
        make_vacancy(session)
    assert known_to(worker) == 1


def test_no_page_need_be_kept_for_facts_to_be(make_app, make_client, at) -> None:  # type: ignore[no-untyped-def]
    worker = make_app(page_cache_seconds=60, page_cache_pages=0)
    with time_machine.travel(at, tick=False):
        assert make_client(worker).get("/vacancies").status_code == 200
    assert not worker.extensions["portal.page_cache"].pages
    known_to(worker)
    assert worker.extensions["portal.kept_facts"].facts


def test_memory_is_bounded(worker, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(kept_facts, "MOST_FACTS", 2)
    with worker.app_context():
        for key in ("first", "second", "first", "third"):
            kept_until_published(key, count)
    assert list(worker.extensions["portal.kept_facts"].facts) == ["first", "third"]


def test_facts_outlast_an_outage_and_new_ones_do_not_wait_for_it(worker, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    known_to(worker)

    class Away:
        @contextmanager
        def looking(self) -> Iterator[Session]:
            raise OperationalError("", {}, Exception())
            yield

    monkeypatch.setattr(page_cache, "database", Away)
    assert known_to(worker) == 0
    with worker.app_context():
        page_cache.wait_no_more()
        with pytest.raises(Unavailable):
            kept_until_published("another", count)
