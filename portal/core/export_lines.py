"""Lines of CSV that PostgreSQL writes itself, for exports that are nothing but one statement.

Python would spend most of an export on fetching and turning over cells that need nothing. The database
writes what is plain by its looks: letters, digits and signs of ASCII that need no quotes, with an apostrophe
where they would begin a formula, days, instants, numbers. All else it hands over as JSON between marks, lists
of codes too, and the same function cleans it that cleans every cell. A test holds both to the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Enum,
    Integer,
    Null,
    String,
    Text,
    case,
    cast,
    func,
    literal_column,
    type_coerce,
)

from portal.core.database import UtcDateTime
from portal.core.json_rows import Codes

MARK = "\x01"
"""Before and after what is handed over. JSON writes it in another way, so it cannot be in there."""
PLAIN = "[0-9A-Za-z][ !#-+.-~-]*"
"""A text that is its own cell: all of printable ASCII but the quotation mark and the comma."""
SIGNED = "[=+@-][ !#-+.-~-]*"
"""A text that would be plain if it did not begin a formula, as telephone numbers do: all that its cell needs
is the apostrophe."""
NEEDS_QUOTES = re.compile('[",\r\n]')
REMEMBERED = 5_000
"""Cells; the lists of codes of an export are few, and come again and again."""


@lru_cache(maxsize=8)
def line_of(*expressions: ColumnElement[Any]) -> ColumnElement[str]:
    """A row as a line without its end; at most 99 expressions, as functions of PostgreSQL take."""
    nothing = literal_column("''", Text)
    line: ColumnElement[str] = func.concat_ws(
        literal_column("','"), *(func.coalesce(written(expression), nothing) for expression in expressions)
    )
    return line


def written(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """An expression as its cell, or as what `Cells` makes it of; raises TypeError for an unknown type."""
    match expression.type:
        case UtcDateTime():
            cell: Any = func.to_char(expression, literal_column("""'YYYY-MM-DD"T"HH24:MI:SS"Z"'"""))
        case Date():
            cell = func.to_char(expression, literal_column("'YYYY-MM-DD'"))
        case Boolean():
            cell = case((expression, literal_column("'yes'")), (~expression, literal_column("'no'")))
        case Integer():
            cell = cast(expression, Text)
        case Enum(enums=codes) if all(re.fullmatch(PLAIN, code) for code in codes):
            cell = type_coerce(expression, Text)
        case Codes():
            cell = marked(type_coerce(expression, Text))
        case String(length=length):
            text = type_coerce(expression, Text)
            handed = marked(cast(func.to_json(cast(text, Text)), Text))
            simple = (looks(text, PLAIN), text), (looks(text, SIGNED), literal_column("chr(39)").concat(text))
            # A text without a limit may be longer than a cell: how long it is, is for Python to see.
            cell = handed if length is None else case(*simple, else_=handed)
        case _ if isinstance(expression, Null):
            cell = expression
        case _:
            raise TypeError(f"PostgreSQL is not told how to write {expression.type!r}")
    return cell  # type: ignore[no-any-return]


def looks(text: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    """That the whole text is of this pattern, whatever language the database sorts by."""
    return text.collate("C").op("~", is_comparison=True)(literal_column(f"'^{pattern}$'"))


def marked(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """JSON to be made a cell of."""
    mark = literal_column(f"chr({ord(MARK)})", Text)
    return mark.concat(text).concat(mark)


class Cells(dict[str, str]):
    """Cells by the JSON that they come as, each made once while an export runs."""

    def __init__(self, clean: Callable[[Any], str]) -> None:
        super().__init__()
        self.clean = clean

    def __missing__(self, handed: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        cell = self[handed] = quoted(self.clean(json.loads(handed)))
        return cell

    def put_into(self, lines: str) -> str:
        """The lines, with the cells where what they are made of was."""
        parts = lines.split(MARK)
        parts[1::2] = map(self.__getitem__, parts[1::2])
        return "".join(parts)


def quoted(cell: str) -> str:
    """In quotation marks where CSV needs them."""
    if NEEDS_QUOTES.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell
