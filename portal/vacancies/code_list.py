"""A short list of codes in one text column, such as the working patterns of a post.

Kept as " full_time part_time ": searched with one portable LIKE, and several times cheaper to read than
JSON, which matters in a list of adverts.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Dialect, String, or_, type_coerce
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.types import TypeDecorator


class CodeList(TypeDecorator[list[str]]):
    """A list of the values of one StrEnum, each at most once; an unknown code raises ValueError."""

    impl = String
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__(200)
        self.codes = codes

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        """The codes in the order of the enum."""
        if value is None:
            return None
        chosen = {self.codes(code) for code in value}
        return "".join([" ", *(f"{code.value} " for code in self.codes if code in chosen)])

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str]:
        """The codes."""
        return value.split() if value else []


def has_any(column: ColumnElement[Any], names: Sequence[str]) -> ColumnElement[bool]:
    """Whether the column has any of the codes, given as `spaced` parameters of these names."""
    plain = type_coerce(column, String)
    return or_(*(plain.like(BindParameter(name, type_=String)) for name in names))


def with_ids(kept: str, *ids: int | None) -> str:
    """Ids kept as " 3 17 ", with others added; each at most once, None for nobody."""
    found = {*kept.split(), *(str(one) for one in ids if one is not None)}
    return "".join([" ", *(f"{one} " for one in sorted(found, key=int))])


def has_id(kept: str, one: int | None) -> bool:
    """Whether an id is among those kept as " 3 17 "."""
    return one is not None and str(one) in kept.split()


def spaced(code: str) -> str:
    """A code as LIKE finds it, whole; that its underscore stands for any sign finds no other code."""
    return f"% {code} %"
