"""Backups that are known to be good, and restoring them.

A backup is one file and, beside it, a description with its checksum, the schema's version and the number
of rows of every table. SQLite is copied by its online interface while the portal runs; PostgreSQL by
pg_dump, from one snapshot. Restoring checks the file before it touches anything, refuses to overwrite
data unless told to, and counts the rows afterwards.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from portal.core import schema
from portal.core.database import Database

STATEMENT_MINUTES = 10
"""For counting a big table; on the portal’s pages no statement may take so long."""


class BackupError(Exception):
    """Nothing was changed, or what was is said; the message tells what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """What a backup holds, kept beside it as JSON."""

    made_at: str
    database: str
    revision: str | None
    sha256: str
    rows: dict[str, int]


def back_up(database: Database, folder: Path, at: datetime, label: str = "portal") -> Path:
    """Write a backup into the folder and return its file; raises BackupError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupError(f"{folder} cannot be made: {error.strerror}") from error
    suffix = "sqlite3" if database.is_sqlite else "dump"
    file = folder / f"{label}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.{suffix}"
    if file.exists():
        raise BackupError(f"{file} exists already: wait a second and try again")
    unfinished = file.with_suffix(".unfinished")
    unfinished.touch(mode=0o600)
    try:
        copy = copy_sqlite if database.is_sqlite else dump_postgresql
        revision, rows = copy(database, unfinished)
        description = Description(
            made_at=at.astimezone(UTC).isoformat(),
            database=database.url.get_backend_name(),
            revision=revision,
            sha256=checksum(unfinished),
            rows=rows,
        )
        description_file(file).write_text(json.dumps(asdict(description), indent=2) + "\n")
        unfinished.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"the backup could not be written: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return file


def restore(database: Database, file: Path, *, replace: bool) -> Description:
    """Put a backup's data in place and return what it holds; raises BackupError."""
    description = checked(file)
    if description.database != database.url.get_backend_name():
        raise BackupError(f"this is a backup of {description.database}: set DATABASE_URL to one")
    if database.is_sqlite:
        sqlite_file(database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if holds_data(database) and not replace:
        raise BackupError("the database holds data: add --replace to overwrite it")
    database.dispose()
    if database.is_sqlite:
        restore_sqlite(database, file)
    else:
        restore_postgresql(database, file)
    found = count_restored(database)
    if found != description.rows:
        wrong = sorted(
            name
            for name in found.keys() | description.rows.keys()
            if found.get(name) != description.rows.get(name)
        )
        raise BackupError(f"after restoring, the number of rows differs in: {', '.join(wrong)}")
    return description


def description_file(file: Path) -> Path:
    """Where a backup's description is."""
    return file.with_name(file.name + ".json")


def checked(file: Path) -> Description:
    """The description of a backup whose bytes are the ones that were written."""
    try:
        description = Description(**json.loads(description_file(file).read_text()))
        actual = checksum(file)
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{file} and {description_file(file).name} must both be there: {error}") from error
    if actual != description.sha256:
        raise BackupError(f"{file} is damaged: its checksum is not the one in its description")
    return description


def checksum(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def holds_data(database: Database) -> bool:
    """Whether any table has a row; in a database that was only migrated, those that migrations load."""
    with unhurried(database) as connection:
        return any(count_rows(connection).values())


@contextmanager
def unhurried(database: Database) -> Iterator[Connection]:
    """A connection with one unchanging view of the data, whose statements may take longer than a page’s."""
    if database.is_sqlite:
        with database.read_engine.connect() as connection:
            yield connection
        return
    engine = database.read_engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with driver.waiting(None), connection.begin():  # the limit below is the server's
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_MINUTES}min'"))
            yield connection


def count_restored(database: Database) -> dict[str, int]:
    """Rows in each table after restoring; raises BackupError, which says that the data is in place by now."""
    try:
        with unhurried(database) as connection:
            return count_rows(connection)
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or error
        raise BackupError(
            f"the backup is in place, but its rows could not be counted ({reason}): restore again to be sure"
        ) from error
    finally:
        database.dispose()


def count_rows(connection: Connection) -> dict[str, int]:
    """Rows in each of the portal's tables."""
    quote = connection.dialect.identifier_preparer.quote
    names = sorted(set(inspect(connection).get_table_names()) - {schema.VERSION_TABLE})
    return {name: connection.scalar(text(f"SELECT count(*) FROM {quote(name)}")) or 0 for name in names}  # noqa: S608  # names come from the database itself


def copy_sqlite(database: Database, target: Path) -> tuple[str | None, dict[str, int]]:
    """One consistent copy while others read and write, checked page by page."""
    with closing(sqlite3.connect(sqlite_file(database))) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        check_integrity(copy, target)
    inside = Database(f"sqlite:///{target}")
    try:
        with inside.read_engine.connect() as connection:
            result = schema.current(connection), count_rows(connection)
    finally:
        inside.dispose()
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")  # reading through our engine made it WAL again
    with target.open("rb") as stream:
        os.fsync(stream.fileno())
    return result


def restore_sqlite(database: Database, file: Path) -> None:
    """Overwrite the database through SQLite itself, so that a program that has it open sees a whole one."""
    target_file = sqlite_file(database)
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target_file)) as target:
            check_integrity(source, file)
            source.backup(target)
            check_integrity(target, target_file)
    except sqlite3.Error as error:
        raise BackupError(
            f"the database could not be written ({error}): stop the portal and try again"
        ) from error


def check_integrity(connection: sqlite3.Connection, file: Path) -> None:
    """Raise BackupError unless SQLite finds every page in order."""
    answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise BackupError(f"{file} is damaged: {answer}")


def sqlite_file(database: Database) -> Path:
    """Where the database is."""
    return Path(database.url.database or "")


def dump_postgresql(database: Database, target: Path) -> tuple[str | None, dict[str, int]]:
    """pg_dump and the rows counted, both in one snapshot."""
    with unhurried(database) as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        result = schema.current(connection), count_rows(connection)
        run_postgresql(
            database,
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={target}",
        )
    return result


def restore_postgresql(database: Database, file: Path) -> None:
    """pg_restore in one transaction: all of it or nothing."""
    run_postgresql(
        database,
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        str(file),
    )


def run_postgresql(database: Database, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password is in the environment, which no process list shows."""
    found = shutil.which(program)
    if found is None:
        raise BackupError(
            f"{program} is not installed: install PostgreSQL's client programs (postgresql-client), "
            "or use your hosting's own backups (docs/operations.md)"
        )
    parts = database.url.translate_connect_args(username="user", database="dbname")
    password = parts.pop("password", None)
    for name, value in database.url.query.items():
        parts[name] = value if isinstance(value, str) else ",".join(value)
    target = " ".join(f"{name}='{conninfo_quoted(str(value))}'" for name, value in parts.items())
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    done = subprocess.run(  # noqa: S603  # our own arguments, no shell
        [found, f"--dbname={target}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupError(f"{program} did not succeed: {done.stderr.strip()[-500:]}")


def conninfo_quoted(value: str) -> str:
    """A value between single quotes in a libpq connection string."""
    return value.replace("\\", "\\\\").replace("'", "\\'")
