"""Aliases of mapped classes that are made once and used by every request.

SQLAlchemy adapts a column of an alias when it is first asked for, and keeps what it finds. Two threads that
ask at the same moment may leave one of them, and the process for good, with the column of the table itself: a
condition about other rows than it says. So each is adapted when the application is made, by its one thread.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import aliased

Entity = TypeVar("Entity")

LASTING: list[Any] = []


def lasting_alias(entity: type[Entity], name: str | None = None) -> type[Entity]:
    """An alias for a module to keep; one that a function makes for itself needs none of this."""
    alias = aliased(entity, name=name)
    LASTING.append(alias)
    return alias


def adapt_aliases() -> None:
    """Adapt every column of every lasting alias; called once all classes are mapped."""
    for alias in LASTING:
        for attribute in inspect(alias).mapper.column_attrs:
            getattr(alias, attribute.key).__clause_element__()
