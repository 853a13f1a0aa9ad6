"""Changing the schema: Alembic, run inside one transaction that either does all of it or nothing.

SQLite can undo a CREATE or ALTER TABLE like any other statement, provided that somebody says BEGIN;
Alembic leaves that out for SQLite and Python's driver would commit in between. So the transaction is
opened here, for both databases, and Alembic works inside it. On PostgreSQL a second migrator waits for
the first, and nothing waits for a lock that the running portal holds for longer than a few seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Connection, text
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator

from portal.core.database import Base, CodeType, Database, UtcDateTime
from portal.paths import MIGRATIONS

LOCK_SECONDS = 5
STATEMENT_MINUTES = 15
MIGRATION_LOCK = 7_120_613
"""An arbitrary number: PostgreSQL's advisory lock that only migrations of this portal take."""

UNMAPPED = "unmapped"
"""Key in the metadata's `info`: rules `(name) -> bool` for tables, columns and indexes that no model has."""


class MigrationFailed(Exception):
    """The schema is as it was; the message says what was found."""


@contextmanager
def migration(database: Database) -> Iterator[Connection]:
    """A connection inside one transaction, in which tables may be rebuilt; raises MigrationFailed at its end.

    SQLite rebuilds a table by copying it, so references are switched off meanwhile and checked after.
    """
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            patient: Any = connection.connection.driver_connection
            patient.patience = None  # the limits below are the migration's own
            with connection.begin():
                connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_MINUTES}min'"))
                connection.execute(text(f"SET LOCAL lock_timeout = '{STATEMENT_MINUTES}min'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                yield connection
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction, hence before it
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    tables = ", ".join(sorted({row[0] for row in broken}))
                    raise MigrationFailed(f"rows of {tables} refer to rows that do not exist any more")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def upgrade(database: Database, revision: str = "head", folder: Path = MIGRATIONS) -> None:
    """Migrate up; on any error nothing has changed."""
    with migration(database) as connection:
        command.upgrade(alembic_config(connection, folder), revision)


def downgrade(database: Database, revision: str, folder: Path = MIGRATIONS) -> None:
    """Migrate down; on any error nothing has changed."""
    with migration(database) as connection:
        command.downgrade(alembic_config(connection, folder), revision)


def write_revision(database: Database, message: str, number: str, folder: Path = MIGRATIONS) -> list[Path]:
    """Write the next migration: the difference between an upgraded database and the models."""
    before = set((folder / "versions").glob("*.py"))
    with migration(database) as connection:
        command.revision(alembic_config(connection, folder), message, autogenerate=True, rev_id=number)
    return sorted(set((folder / "versions").glob("*.py")) - before)


def differences(database: Database) -> list[str]:
    """How the database's schema differs from the models, one sentence each; empty when it does not."""
    with database.read_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=comparison_options(connection))
        return [describe(change) for change in compare_metadata(context, Base.metadata)]


def alembic_config(connection: Connection, folder: Path) -> Config:
    """Alembic's configuration without a file: where the migrations are and which connection to use."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def comparison_options(connection: Connection) -> dict[str, Any]:
    """How the schema is compared with the models, in `db check`, in `db revision` and in env.py."""
    hidden = shadow_tables(connection)
    unmapped: list[Callable[[str | None], bool]] = Base.metadata.info.get(UNMAPPED, [])

    def counts(item: SchemaItem, name: str | None, kind: str, *_: Any) -> bool:
        return not (kind == "table" and name in hidden) and not any(rule(name) for rule in unmapped)

    return {
        "target_metadata": Base.metadata,
        "compare_type": True,
        "compare_server_default": True,
        "include_object": counts,
        "render_item": render_plainly,
    }


def shadow_tables(connection: Connection) -> set[str]:
    """SQLite's full-text search keeps virtual and shadow tables that no model knows."""
    if connection.dialect.name != "sqlite":
        return set()
    rows = connection.exec_driver_sql("PRAGMA table_list").mappings()
    return {row["name"] for row in rows if row["type"] in ("virtual", "shadow")}


def render_plainly(kind: str, item: Any, context: Any) -> str | bool:
    """Our own column types as what they are in the database: a migration must not change with the program."""
    if kind == "type" and isinstance(item, JSON):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        json = "JSONB(none_as_null=True)"
        return f'sa.JSON(none_as_null=True).with_variant(postgresql.{json}, "postgresql")'
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, CodeType):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def describe(change: Any) -> str:
    """One difference as words: what would have to be done, and where."""
    if isinstance(change, list):
        return "; ".join(describe(part) for part in change)
    words = [getattr(part, "name", None) or part for part in change]
    return " ".join(str(word) for word in words if isinstance(word, str))
