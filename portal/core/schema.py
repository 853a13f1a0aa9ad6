"""Which version the database's schema has, and which this program needs.

Read without Alembic, whose import costs more than half a second and which only `portal db` needs: the
files in `migrations/versions` are numbered, so the last number is the head (a test keeps it so).
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection, inspect, text

from portal.paths import MIGRATIONS

VERSION_TABLE = "alembic_version"


@cache
def head() -> str | None:
    """The revision this program needs: `0007` of `0007_what.py`; None when there is no migration."""
    return max(
        (file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py")), default=None
    )


def current(connection: Connection) -> str | None:
    """The revision the database is at; None when it was never migrated."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def shortfall(connection: Connection) -> str | None:
    """What is wrong with the schema, with what to do about it; None when the program can serve."""
    needed, found = head(), current(connection)
    if found == needed:
        return None
    if found is None:
        return "the database is empty: run portal db upgrade"
    if needed is None or found > needed:
        return f"the database is at {found}, newer than this program ({needed}): install the newer program"
    return f"the database is at {found}, this program needs {needed}: run portal db upgrade"
