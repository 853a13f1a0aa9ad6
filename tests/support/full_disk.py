"""A database whose disk is full, and is not any more: while it is, nothing new finds room.

SQLite is allowed no page more than it has (`max_page_count`), on every connection as it begins a
transaction, and has none to spare. PostgreSQL has no such limit, so a trigger raises the very error that
the server raises when it cannot extend a file: `disk_full`, 53100.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Connection, event, text

from portal.core.database import Database

NO_LIMIT = 4_294_967_294

REFUSE = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
"""


@contextmanager
def full_disk(database: Database, table: str) -> Iterator[None]:
    """No room in the whole database (SQLite) or for this table's rows (PostgreSQL), for the block."""
    with sqlite_full(database) if database.is_sqlite else postgresql_full(database, table):
        yield


@contextmanager
def sqlite_full(database: Database) -> Iterator[None]:
    """The same connections before, while and after: nothing is opened afresh for the portal's sake."""
    limit = 1  # SQLite takes the pages it has when asked for fewer

    def set_limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={limit}")

    with closing(database.engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA query_only=OFF")
        connection.cursor().execute("VACUUM")  # free pages inside the file would be room
    event.listen(database.engine, "begin", set_limit, insert=True)
    yield
    limit = NO_LIMIT


@contextmanager
def postgresql_full(database: Database, table: str) -> Iterator[None]:
    """Rows of this table are refused as the server itself would refuse them."""
    with database.transaction() as session:
        session.execute(text(REFUSE))
        session.execute(
            text(
                f"CREATE TRIGGER disk_is_full BEFORE INSERT OR UPDATE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION disk_is_full()"
            )
        )
    try:
        yield
    finally:
        with database.transaction() as session:
            session.execute(text("DROP FUNCTION disk_is_full() CASCADE"))
