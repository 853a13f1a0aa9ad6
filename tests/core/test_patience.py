"""A database server that hangs: the connection gives up, is thrown away, and the next one works."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from portal.core import database, page_cache, patience
from portal.core.database import Database
from portal.core.error_pages import is_outage
from portal.core.patience import patient_connection
from tests.support.databases import ON_POSTGRESQL, PostgresServer


@contextmanager
def hanging(pid: int) -> Iterator[None]:
    """Stop one process of the server, and let it go on afterwards."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def wholly_hanging(server: PostgresServer) -> Iterator[None]:
    """Stop every process of the server, the one that takes new connections first."""
    postmaster = psutil.Process(server.get_pid())
    stopped = [postmaster]
    try:
        postmaster.suspend()
        for process in postmaster.children(recursive=True):
            process.suspend()
            stopped.append(process)
        yield
    finally:
        for process in stopped:
            process.resume()


def seconds(client, path: str, status: int) -> float:  # type: ignore[no-untyped-def]
    """How long a page took, which must have that status."""
    began = time.monotonic()
    assert client.get(path).status_code == status, path
    return time.monotonic() - began


@ON_POSTGRESQL
def test_a_server_that_hangs_is_not_waited_for(app: Flask, db: Database) -> None:
    with db.engine.connect() as connection:
        connection.connection.driver_connection.patience = 0.2  # type: ignore[union-attr]
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        assert pid is not None
        with hanging(pid):
            began = time.monotonic()
            with pytest.raises(OperationalError) as refusal:
                connection.execute(text("SELECT 1"))
            assert time.monotonic() - began < 4
        assert is_outage(refusal.value)
        assert connection.invalidated
    with db.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1


@ON_POSTGRESQL
@pytest.mark.parametrize("kind", ["engine", "read_engine"])
def test_after_a_rest_a_connection_that_died_is_replaced_unnoticed(
    db: Database, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = getattr(db, kind)
    engine.dispose()  # so that the one that dies is the next to be used, and none is left to another test
    with engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    # A connection of the other pool ends it.
    with (db.read_engine if kind == "engine" else db.engine).connect() as killer:
        killer.execute(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": pid})
    monkeypatch.setattr(database, "REST_SECONDS", -1.0)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


@ON_POSTGRESQL
def test_ordinary_connections_are_patient_for_a_request_only(app: Flask, db: Database) -> None:
    with db.engine.connect() as connection:
        assert connection.connection.driver_connection.patience == patience.PATIENCE  # type: ignore[union-attr]


def test_pages_that_need_no_database_are_served_without_it(make_app, make_client, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    caching = make_app(page_cache_seconds=60)

    def away() -> None:
        raise SQLAlchemyError

    monkeypatch.setattr(page_cache, "database", away)
    assert make_client(caching).get("/accessibility").status_code == 200


def test_whatever_a_request_waits_for_fits_into_what_it_may_wait() -> None:
    assert patience.PING_PATIENCE + patience.CONNECT_SECONDS <= patience.A_REQUEST
    assert patience.POOL_SECONDS + patience.CONNECT_SECONDS <= patience.A_REQUEST
    assert page_cache.LONG_WAIT + patience.PATIENCE <= patience.A_REQUEST
    assert page_cache.LONG_WAIT + patience.PING_PATIENCE + patience.CONNECT_SECONDS <= patience.A_REQUEST
    assert patience.LOCK_SECONDS < patience.STATEMENT_SECONDS < patience.PATIENCE
    assert patience.CONNECT_SECONDS >= 2, "the driver takes no less"
    assert patient_connection(psycopg).patience == patience.PATIENCE


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection counts as rested, and the pause is shorter than a look takes that waits in vain."""
    monkeypatch.setattr(database, "REST_SECONDS", -1.0)
    monkeypatch.setattr(database, "PING_PATIENCE", 0.5)
    monkeypatch.setattr(page_cache, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(page_cache, "PAUSE", 2.2)


@ON_POSTGRESQL
@pytest.mark.usefixtures("impatient")
def test_no_request_waits_long_for_a_server_that_hangs_and_most_do_not_wait(  # type: ignore[no-untyped-def]
    make_app, make_client, sign_in, db: Database, postgres: PostgresServer
) -> None:
    caching = make_app(page_cache_seconds=60)
    visitor, officer = make_client(caching), sign_in("fostering")
    seconds(visitor, "/vacancies", 200)
    seconds(officer, "/staff/fostering", 200)
    with wholly_hanging(postgres):
        assert seconds(officer, "/staff/fostering", 503) < 5
        assert seconds(visitor, "/vacancies?q=heron", 503) < 5
        assert seconds(visitor, "/vacancies?q=heron", 503) < 1.5
        assert seconds(visitor, "/vacancies", 200) < 1.5  # kept
        assert seconds(visitor, "/cookies", 200) < 1.5  # needs no database
    with caching.app_context():
        page_cache.cache().away_until = 0.0
    seconds(visitor, "/vacancies?q=heron", 200)
    seconds(officer, "/staff/fostering", 200)


@ON_POSTGRESQL
def test_a_server_that_restarts_is_asked_again_at_once(  # type: ignore[no-untyped-def]
    make_app, make_client, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "REST_SECONDS", 600.0)  # so that nothing notices before the page
    monkeypatch.setattr(page_cache, "LOOK_EVERY", 0.0)
    visitor = make_client(make_app(page_cache_seconds=60))
    seconds(visitor, "/vacancies", 200)
    db.dispose()
    with db.engine.connect() as killer:
        killer.execute(
            text(
                "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
                " WHERE application_name = 'portal' AND pid <> pg_backend_pid()"
            )
        )
    seconds(visitor, "/vacancies?q=heron", 200)
