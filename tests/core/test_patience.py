"""A database server that hangs: the connection gives up, is thrown away, and the next one works."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from portal.core import database, page_cache
from portal.core.database import Database
from portal.core.error_pages import is_outage


@contextmanager
def hanging(pid: int) -> Iterator[None]:
    """Stop one process of the server, and let it go on afterwards."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_server_that_hangs_is_not_waited_for(app: Flask, db: Database) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite has no server")
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


@pytest.mark.parametrize("kind", ["engine", "read_engine"])
def test_after_a_rest_a_connection_that_died_is_replaced_unnoticed(
    db: Database, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite has no server")
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


def test_ordinary_connections_are_patient_for_a_request_only(app: Flask, db: Database) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite has no server")
    with db.engine.connect() as connection:
        assert connection.connection.driver_connection.patience == 6.0  # type: ignore[union-attr]


def test_pages_that_need_no_database_are_served_without_it(make_app, make_client, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    caching = make_app(page_cache_seconds=60)

    def away() -> None:
        raise SQLAlchemyError

    monkeypatch.setattr(page_cache, "database", away)
    assert make_client(caching).get("/accessibility").status_code == 200
