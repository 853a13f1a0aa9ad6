"""What comes from the database as JSON, in cheaper ways than a trip or a reading for each.

Rows that ride along with another statement as one value, and lists of codes, of which a large export has
the same few again and again.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, ColumnElement, Dialect, Text, cast, func, type_coerce
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeDecorator


def rows_as_json(
    dialect: str, *columns: ColumnElement[Any] | InstrumentedAttribute[Any]
) -> ColumnElement[Any]:
    """These columns of every row that a statement finds, as a list of lists in no order.

    Dates come as ISO text, codes as they are stored. None, or an empty list, where nothing is found.
    """
    if dialect == "postgresql":
        return func.json_agg(func.json_build_array(*columns), type_=JSON)
    return func.json_group_array(func.json_array(*columns), type_=JSON)


class Codes(TypeDecorator[tuple[str, ...]]):
    """A list of codes, read from the text it is stored as; a text that was met before is not read again."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """The codes in their order; None where there is no list."""
        return None if value is None else codes_in(value)


@lru_cache(maxsize=10_000)
def codes_in(text: str) -> tuple[str, ...]:
    """The codes of a list in JSON."""
    return tuple(json.loads(text))


def codes_of(column: InstrumentedAttribute[list[str]]) -> ColumnElement[tuple[str, ...]]:
    """A column of lists of codes, for a statement with very many rows."""
    return type_coerce(cast(column, Text), Codes()).label(column.key)
