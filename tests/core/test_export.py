"""Exports: safe cells, the same rows in both formats, no file for a failing query, constant memory."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.applications.options import ApplicationStatus
from portal.core import export
from portal.core.database import Database
from portal.core.export import Column, clean_cell
from tests.support.builders import make_staff
from tests.support.spreadsheets import STARTS, read_csv, read_workbook

PAIR: list[Column[tuple[str, Any]]] = [
    Column("name", lambda row: row[0]),
    Column("value", lambda row: row[1]),
]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44 7700 900123", "'+44 7700 900123"),
        ("-", "'-"),
        ("@cmd", "'@cmd"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("\x00=1", "'=1"),
        ("\x01=1+1", "'=1+1"),
        ("\x7f\x0b@x", "'@x"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("plain", "plain"),
        ("1-2", "1-2"),
        (-5, "-5"),
        (Decimal("-1.50"), "-1.50"),
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (["A", "B"], "A; B"),
        (["=A"], "'=A"),
        (date(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 7, 1, 9, 30, tzinfo=UTC), "2026-07-01T09:30:00Z"),
        ("a\x0bb\x1f\ufffe\uffff\x7f", "ab"),
        ("lone \ud800 surrogate", "lone ? surrogate"),
    ],
)
def test_a_cell_is_safe_and_says_what_was_there(value: object, cell: str) -> None:
    assert clean_cell(value) == cell


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False),
    st.text(max_size=5),
    st.text('=+-@＝ a,"\n\x0b\ud800é', max_size=3),
    st.sampled_from([*ApplicationStatus, "x" * 40_000]),
    st.dates(),
    st.datetimes(timezones=st.sampled_from((UTC, timezone(timedelta(hours=5, minutes=45))))),
    st.lists(st.one_of(st.text(max_size=2), st.booleans(), st.integers(0, 1)), max_size=2),
)


@given(st.one_of(st.lists(VALUES, max_size=8), *(st.lists(kind, max_size=8) for kind in VALUES.branches)))
@example([True, 1, 1.0, Decimal("1.0"), Decimal(1), False, 0, -0.0])
@example([(1,), (True,), (1.0,)])
@example(["+44", None, "", "plain"])
def test_a_column_is_cleaned_as_cell_by_cell(values: list[Any]) -> None:
    assert export.clean_cells(values) == [clean_cell(value) for value in values]


def test_an_overlong_text_is_cut_and_says_so() -> None:
    cell = clean_cell("x" * 40_000)
    assert len(cell) == 32_767
    assert cell.endswith(export.CUT_MARK)


@given(st.text())
def test_no_text_begins_a_formula_or_breaks_a_file(text: str) -> None:
    cell = clean_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    cell.encode("utf-8")


def rows_of(*rows: tuple[str, Any]) -> Any:
    return lambda _session: iter(rows)


def test_csv_has_a_bom_quotes_and_windows_lines(app: Flask) -> None:
    with app.app_context():
        answer = export.csv_response(PAIR, rows_of(("a, b", 'say "hello"'), ("Zoë", "two\nlines")), "pairs")
        data = answer.get_data()
    assert data.startswith(b"\xef\xbb\xbfname,value\r\n")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1:] == [
        ["a, b", 'say "hello"'],
        ["Zoë", "two\nlines"],
    ]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pairs.csv"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_export_without_rows_still_has_its_headings(app: Flask) -> None:
    with app.app_context():
        assert export.csv_response(PAIR, rows_of(), "none").get_data() == b"\xef\xbb\xbfname,value\r\n"


def test_a_workbook_holds_inert_text_and_real_numbers(app: Flask) -> None:
    rows = [
        ("=HYPERLINK(1)", 12),
        ("https://example.org", Decimal("1.5")),
        ("\x0bodd", None),
        ("x" * 40_000, "00123"),
    ]
    with app.app_context():
        data = export.xlsx_response(PAIR, rows_of(*rows), "book").get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert cells[0] == [("=HYPERLINK(1)", "s"), (12, "n")]
    assert cells[1] == [("https://example.org", "s"), (1.5, "n")]
    assert cells[2][0] == ("odd", "s")
    assert cells[3][1] == ("00123", "s")
    assert len(cells[3][0][0]) == 32_767
    assert all(cell.hyperlink is None for row in sheet.iter_rows() for cell in row)


def test_what_is_live_does_not_pass_for_inert() -> None:
    """The proof that every feature asks of its exports finds what it looks for."""
    for live in (
        lambda sheet: sheet.write_formula(1, 0, "=1+1"),
        lambda sheet: sheet.write_url(1, 0, "https://example.org"),
        lambda sheet: sheet.insert_textbox(1, 0, "object"),
        lambda sheet: sheet.data_validation(1, 0, 1, 0, {"validate": "custom", "value": "=1"}),
    ):
        file = io.BytesIO()
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            sheet.write_string(0, 0, "name")
            live(sheet)
        with pytest.raises(AssertionError):
            read_workbook(file.getvalue())
    for cell in ("=1", "+44 7700", "-cmd", "@x", "\t=1", "＝1"):
        with pytest.raises(AssertionError):
            read_csv(f'\ufeffname\r\n"{cell}"\r\n'.encode())
    with pytest.raises(AssertionError):
        read_csv(b"name\r\nno mark of the encoding\r\n")


@pytest.mark.parametrize("start", STARTS)
def test_every_start_is_inert_in_both_formats(app: Flask, start: str) -> None:
    with app.app_context():
        (row,) = read_csv(export.csv_response(PAIR, rows_of((start, -5)), "x").get_data())
        (line,) = read_workbook(export.xlsx_response(PAIR, rows_of((start, -5)), "x").get_data())
    assert row == {"name": f"'{start}", "value": "-5"}
    assert (str(line["name"]).strip(), line["value"]) == (start.strip(), -5)


@pytest.mark.parametrize("respond", [export.csv_response, export.xlsx_response])
def test_a_query_that_fails_gives_an_error_and_no_file(app: Flask, respond: Any) -> None:
    def broken(_session: object) -> Iterator[tuple[str, Any]]:
        raise LookupError
        yield ("never", 0)

    with app.app_context(), pytest.raises(LookupError):
        respond(PAIR, broken, "broken")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_rows(db: Database, kind: str) -> None:
    def many(_session: object) -> Iterator[tuple[str, Any]]:
        return ((f"household {number}", number) for number in range(60_000))

    def run() -> None:
        if kind == "csv":
            for _chunk in export.csv_chunks(PAIR, many, db):
                pass
        else:
            export.write_workbook(PAIR, many, db).close()

    tracemalloc.start()
    try:
        run()
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * 1024 * 1024, f"{peak / 2**20:.1f} MB for 60,000 rows"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_rows_are_those_that_were_counted(db: Database, kind: str) -> None:
    """Somebody enquires between the count, which the audit keeps, and the first row."""
    counted = []

    def before(session: Session) -> None:
        counted.append(session.scalar(select(func.count()).select_from(StaffUser)))
        with db.transaction() as writer:
            make_staff(writer)

    def rows(session: Session) -> Any:
        yield from session.execute(select(StaffUser.name, StaffUser.id))

    if kind == "csv":
        lines = b"".join(export.csv_chunks(PAIR, rows, db, before)).count(b"\r\n")
    else:
        with export.write_workbook(PAIR, rows, db, before) as file:
            lines = openpyxl.load_workbook(io.BytesIO(file.read())).active.max_row
    assert counted == [lines - 1]


def test_a_sheet_that_is_full_is_an_error_and_never_a_shorter_file(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 2)
    with app.app_context(), pytest.raises(ValueError, match="a sheet holds 2 rows"):
        export.xlsx_response(PAIR, rows_of(("a", 1), ("b", 2), ("c", 3)), "full")
