"""Rows that ride along with another statement as one JSON value: a trip to the database costs more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute


def rows_as_json(
    dialect: str, *columns: ColumnElement[Any] | InstrumentedAttribute[Any]
) -> ColumnElement[Any]:
    """These columns of every row that a statement finds, as a list of lists in no order.

    Dates come as ISO text, codes as they are stored. None, or an empty list, where nothing is found.
    """
    if dialect == "postgresql":
        return func.json_agg(func.json_build_array(*columns), type_=JSON)
    return func.json_group_array(func.json_array(*columns), type_=JSON)
