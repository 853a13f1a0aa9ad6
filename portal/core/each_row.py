"""Asking beside each row of a list whether something else is there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select


def any_row(wanted: Select[Any]) -> ColumnElement[bool]:
    """Whether the subquery finds a row, for the columns of a list; it names the row that it is about.

    Not EXISTS: PostgreSQL may answer that by reading the whole table that is asked, once, which for a page
    of twenty-five rows takes longer the more there is. This is asked row by row, from an index.
    """
    return wanted.limit(1).scalar_subquery().is_not(None)
