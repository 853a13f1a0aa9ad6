"""The schema of a test database, made by the migrations as in production."""

from __future__ import annotations

from portal.core import migrating, schema
from portal.core.database import Base, Database
from portal.vacancies.search import index  # noqa: F401 - create_all also makes its objects


def build_schema(url: str) -> None:
    """Bring an empty database to the newest migration, and leave nothing of it open."""
    database = Database(url)
    try:
        if schema.head() is not None:
            migrating.upgrade(database)
        else:
            with database.engine.begin() as connection:
                Base.metadata.create_all(connection)
        if database.is_sqlite:
            move_log_into_file(database)
    finally:
        database.dispose()


def move_log_into_file(database: Database) -> None:
    """Empty SQLite’s write-ahead log, so that the file alone can be copied."""
    connection = database.engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
