"""INSERT … ON CONFLICT on both databases: SQLAlchemy spells it in two dialects with one meaning."""

from __future__ import annotations

from sqlalchemy import FromClause
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.database import Base


def insert_into(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An insert for the session's database that takes `on_conflict_do_update` and `returning`."""
    return insert_on(session.get_bind().dialect.name, table)


def insert_on(dialect: str, table: type[Base] | FromClause) -> postgresql.Insert | sqlite.Insert:
    """The same by the dialect's name, for a statement that is built once and kept."""
    if dialect == "postgresql":
        return postgresql.insert(table)  # type: ignore[arg-type]  # FromClause: `__table__` is a Table
    return sqlite.insert(table)  # type: ignore[arg-type]  # the same
