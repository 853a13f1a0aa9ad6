"""Lines of CSV that PostgreSQL writes are, byte for byte, those that Python writes of the same rows."""

from __future__ import annotations

from datetime import UTC, date
from operator import attrgetter, itemgetter
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Float,
    Integer,
    String,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB

from portal.core.database import CodeType, Database, UtcDateTime
from portal.core.export import Column, Selected, csv_chunks
from portal.core.export_lines import line_of
from portal.core.json_rows import Codes
from portal.core.options import Option
from tests.support.databases import ON_POSTGRESQL
from tests.support.naughty import NAUGHTY
from tests.support.spreadsheets import STARTS


class Odd(Option):
    """Codes of which one would begin a formula."""

    PLAIN = "PLAIN"
    LIVE = "=LIVE"


STORABLE = [text.replace("\x00", "").encode(errors="replace").decode() for text in (*NAUGHTY, *STARTS)]
TEXTS = st.one_of(
    st.none(),
    st.sampled_from(
        [*STORABLE, "", "plain", "a,b", 'say "so"', "two\r\nlines", "x\x01y", "\x01", "\\", "[]"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6),
    st.text("=+-@aZ0 ,\"'\n\r\t\x01\x02\x7f＝é\\", max_size=4),
)
ROWS = st.tuples(
    TEXTS,
    TEXTS,
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.none() | st.dates(),
    st.none() | st.booleans(),
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.sampled_from([None, *Odd]),
    st.none() | st.lists(TEXTS.filter(lambda text: text is not None), max_size=3),
)
KINDS: tuple[Any, ...] = (String(60), Text(), UtcDateTime(), Date(), Boolean(), Integer(), CodeType(Odd))


def codes(value: list[str] | None) -> Any:
    """A list as a column of them is read."""
    return type_coerce(cast(literal(value, JSONB(none_as_null=True)), Text), Codes())


def both_ways(db: Database, expressions: list[Any]) -> tuple[bytes, bytes]:
    """The file as PostgreSQL writes it, and as Python does."""
    rows = Selected(select(*expressions, literal("=so, so").label("said")), ("said",))
    columns: list[Column[Any]] = [
        Column(f"column_{place}", itemgetter(place), expression=expression)
        for place, expression in enumerate(expressions)
    ]
    columns.insert(1, Column("made", attrgetter("said")))
    return b"".join(csv_chunks(columns, rows, db)), b"".join(csv_chunks(columns, rows.__call__, db))


@ON_POSTGRESQL
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(ROWS)
@example(("x" * 60, "é" * 40_000, None, None, None, None, None, ["=A", 'a "b", c']))
@example(("\x01[1]\x01", "-" + "x" * 40_000, None, date(1, 1, 1), True, -5, Odd.LIVE, []))
def test_the_database_writes_what_python_writes(db: Database, row: tuple[Any, ...]) -> None:
    *values, listed = row
    expressions = [literal(value, kind) for value, kind in zip(values, KINDS, strict=True)]
    database, python = both_ways(db, [*expressions, codes(listed), null()])
    assert database == python


@ON_POSTGRESQL
def test_every_text_that_a_spreadsheet_might_run_or_a_file_break_on(db: Database) -> None:
    for start in range(0, len(STORABLE), 20):
        database, python = both_ways(db, [literal(text, String(60)) for text in STORABLE[start : start + 20]])
        assert database == python


@pytest.mark.parametrize("expression", [literal(1.5, Float()), func.nullif("=1", ""), literal([], JSON())])
def test_what_it_was_not_told_how_to_write_is_never_written_as_it_is(expression: Any) -> None:
    with pytest.raises(TypeError, match="PostgreSQL is not told"):
        line_of(expression)
