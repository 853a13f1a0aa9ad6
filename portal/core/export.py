"""Exports in constant memory: a list of columns in, a stream of CSV or a workbook out.

The first rows are fetched before the response exists: an error there is an error page, not a file that
says 200 and stops. Cells are cleaned in one place. The caller commits the audit event first.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any, Generic, TypeVar

import xlsxwriter
from flask import Response
from sqlalchemy.orm import Session

from portal.core.database import Database, database

Row = TypeVar("Row")
Rows = Callable[[Session], Iterable[Row]]

BATCH = 500
LONGEST_CELL = 32_767
CUT_MARK = " … (cut here: too long for a cell)"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
UNPRINTABLE = {code: None for code in range(32) if chr(code) not in "\t\n\r"} | {
    0xFFFE: None,
    0xFFFF: None,
    0x7F: None,
}

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of an export: its heading and how a row gives its value."""

    header: str
    value: Callable[[Row], Any]


def text_of(value: Any) -> str:
    """A value as text: ISO dates, instants in UTC, yes and no, lists separated by semicolons."""
    match value:
        case None:
            return ""
        case str():
            text = value
        case bool():
            text = "yes" if value else "no"
        case datetime():
            text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            text = value.isoformat()
        case list() | tuple() | set() | frozenset():
            text = "; ".join(str(item) for item in value)
        case _:
            text = str(value)
    return text


def clean_cell(value: Any) -> str:
    """A value as a CSV cell that no spreadsheet runs as a formula (CWE-1236).

    A leading sign that starts a formula gets an apostrophe and is never taken away: +44 survives.
    Numbers stay numbers.
    """
    text = text_of(value)
    if isinstance(value, (int, float, Decimal)):
        return text
    printable = text.translate(UNPRINTABLE).encode("utf-8", "replace").decode()
    return shorten("'" + printable if printable.startswith(FORMULA_STARTS) else printable)


def shorten(text: str) -> str:
    """No longer than a spreadsheet's cell can be, and saying so where it was cut."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT_MARK)] + CUT_MARK


def csv_response(columns: list[Column[Row]], rows: Rows[Row], filename: str) -> Response:
    """A CSV download; `filename` without ending. Raises what the query raises, before any byte is sent."""
    return download(primed(csv_chunks(columns, rows, database())), CSV_TYPE, f"{filename}.csv")


def xlsx_response(columns: list[Column[Row]], rows: Rows[Row], filename: str) -> Response:
    """An XLSX download of the same columns, every text a real text cell."""
    file = write_workbook(columns, rows, database())
    return download(file_chunks(file), XLSX_TYPE, f"{filename}.xlsx")


def download(chunks: Iterator[bytes], content_type: str, filename: str) -> Response:
    """A streamed attachment that nothing keeps."""
    response = Response(chunks, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def primed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same chunks, the first of them already made."""
    first = next(chunks)
    return chain((first,), chunks)


def csv_chunks(columns: list[Column[Row]], rows: Rows[Row], source: Database) -> Iterator[bytes]:
    """UTF-8 with BOM (spreadsheets need it), CRLF lines, a batch of rows at a time."""
    with source.reading() as session:
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        writer.writerow([column.header for column in columns])
        getters = [column.value for column in columns]
        remaining = iter(rows(session))
        buffer.seek(0, io.SEEK_END)
        prefix = b"\xef\xbb\xbf"
        while batch := list(islice(remaining, BATCH)):
            writer.writerows([clean_cell(get(row)) for get in getters] for row in batch)
            yield prefix + take(buffer)
            prefix = b""
        if left := prefix + take(buffer):
            yield left


def take(buffer: io.StringIO) -> bytes:
    """What the buffer holds, leaving it empty."""
    data = buffer.getvalue().encode("utf-8")
    buffer.seek(0)
    buffer.truncate()
    return data


def write_workbook(columns: list[Column[Row]], rows: Rows[Row], source: Database) -> IO[bytes]:
    """A workbook in a temporary file without a name, row by row, so that memory does not grow."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed on to the response, which closes it
    try:
        fill_workbook(file, columns, rows, source)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def fill_workbook(file: IO[bytes], columns: list[Column[Row]], rows: Rows[Row], source: Database) -> None:
    """Write the rows into an open file."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with source.reading() as session, closing(xlsxwriter.Workbook(file, options)) as book:
        sheet = book.add_worksheet("Export")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.header, bold)
        for line, row in enumerate(rows(session), start=1):
            for place, column in enumerate(columns):
                write_cell(sheet, line, place, column.value(row))


def write_cell(sheet: Any, line: int, place: int, value: Any) -> None:
    """Numbers as numbers, all else as inert text."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        sheet.write_number(line, place, value)
        return
    text = text_of(value)
    if text:
        sheet.write_string(
            line, place, shorten(text.translate(UNPRINTABLE).encode("utf-8", "replace").decode())
        )


def file_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """A file's content, closed at the end."""
    with file:
        while chunk := file.read(64 * 1024):
            yield chunk
