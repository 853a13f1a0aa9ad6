"""Exports in constant memory: a list of columns in, a stream of CSV or a workbook out.

The first rows are fetched before the response exists: an error there is an error page, not a file that
says 200 and stops. Cells are cleaned in one place. What the caller notes in the audit is committed before
the first byte, and counted in the very view of the data that the rows are then read from.

CSV is for other systems: codes, ISO dates, instants in UTC. A workbook is for people: headings and options
in words, dates and times as such, on a London clock.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from itertools import chain, groupby, islice
from operator import itemgetter
from types import NoneType
from typing import IO, Any, Generic, TypeVar

import xlsxwriter
from flask import Response
from sqlalchemy import Select
from sqlalchemy.orm import Session

from portal.core.clock import london
from portal.core.database import Database, database
from portal.core.errors import InvalidInput
from portal.core.export_lines import Cells, line_of, quoted
from portal.core.options import Option
from portal.core.wording import number

Row = TypeVar("Row")
Rows = Callable[[Session], Iterable[Row]]
Before = Callable[[Session], object]
"""Called with the session that the rows will come from: to count them, and to note that they leave."""

BATCH = 500
MOST_ROWS = 1_048_575
"""What a sheet holds beside its headings."""
LONGEST_CELL = 32_767
CUT_MARK = " … (cut here: too long for a cell)"
FORMULA_STARTS = frozenset("=+-@\t\r\n\x00＝＋－＠")
UNPRINTABLE = {code: None for code in range(32) if chr(code) not in "\t\n\r"} | {
    0xFFFE: None,
    0xFFFF: None,
    0x7F: None,
}

FIRST_YEAR = 1900
"""A spreadsheet knows no earlier date."""
DATE_FORMAT = "d mmm yyyy"
MOMENT_FORMAT = "d mmm yyyy hh:mm"

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of an export: its heading and how a row gives its value.

    For a workbook also the heading in words, words for codes that are no Option, and the width in characters.
    The expression is the same value said to the database, in an export whose rows are `Selected`.
    """

    header: str
    value: Callable[[Row], Any]
    title: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    width: int = 16
    expression: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Selected:
    """The rows of a statement, most of whose columns PostgreSQL can write itself: those with an expression.

    The others read what is `beside` those, by these names of the statement's columns and by no place.
    """

    statement: Select[*tuple[Any, ...]]
    beside: tuple[str, ...] = ()

    def __call__(self, session: Session) -> Iterator[Any]:
        """The rows, a batch at a time."""
        yield from session.execute(self.statement.execution_options(yield_per=BATCH))


def nothing_before(_session: Session) -> None:
    """For exports that nobody counts."""


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
            text = instant_text(value)
        case date():
            text = value.isoformat()
        case list() | tuple() | set() | frozenset():
            text = "; ".join(str(item) for item in value)
        case _:
            text = str(value)
    return text


def instant_text(value: datetime) -> str:
    """To the second, in UTC."""
    instant = value if value.tzinfo is UTC else value.astimezone(UTC)
    return instant.isoformat(timespec="seconds")[:19] + "Z"


def clean_cells(values: list[Any]) -> list[str]:
    """`clean_cell` of each value of a column: most are nothing, plain text, or the same code again."""
    kinds = set(map(type, values)) - {NoneType}
    if not kinds:
        return [""] * len(values)
    if kinds == {datetime}:
        return [instant_text(value) if value else "" for value in values]
    if kinds == {str}:
        whole = "".join(filter(None, values))
        if len(whole) <= LONGEST_CELL and whole.isascii() and whole.isprintable():
            texts = (value or "" for value in values)
            return ["'" + text if text[:1] in FORMULA_STARTS else text for text in texts]
    different = {id(value): value for value in values}  # not by being equal: True is 1, yet reads as yes
    cells = {key: clean_cell(value) for key, value in different.items()}
    return [cells[id(value)] for value in values]


def clean_cell(value: Any) -> str:
    """A value as a CSV cell that no spreadsheet runs as a formula (CWE-1236).

    A leading sign that starts a formula gets an apostrophe and is never taken away: +44 survives.
    Numbers stay numbers.
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else text_of(value)
    if isinstance(value, (int, float, Decimal)):
        return text
    shown = printable(text)
    return shorten("'" + shown if shown[:1] in FORMULA_STARTS else shown)


def printable(text: str) -> str:
    """Without what no file of this kind can hold."""
    if text.isascii() and text.isprintable():
        return text  # nearly every cell; looking at each of its characters would be most of an export
    return text.translate(UNPRINTABLE).encode("utf-8", "replace").decode()


def shorten(text: str) -> str:
    """No longer than a spreadsheet's cell can be, and saying so where it was cut."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT_MARK)] + CUT_MARK


def refuse_large_workbook(file_format: str, rows: int, *, most: int, things: str) -> None:
    """Raise InvalidInput for a workbook that a web request would make for longer than the proxy waits."""
    if file_format == "xlsx" and rows > most:
        raise InvalidInput(
            "file_format",
            f"A spreadsheet can have up to {number(most)} {things} and these are {number(rows)}. "
            f"Select CSV, or fewer {things}",
        )


def csv_response(
    columns: list[Column[Row]], rows: Rows[Row], filename: str, before: Before = nothing_before
) -> Response:
    """A CSV download; `filename` without ending. Raises what the query raises, before any byte is sent."""
    return download(primed(csv_chunks(columns, rows, database(), before)), CSV_TYPE, f"{filename}.csv")


def xlsx_response(
    columns: list[Column[Row]], rows: Rows[Row], filename: str, before: Before = nothing_before
) -> Response:
    """An XLSX download, every text a real text cell."""
    file = write_workbook(columns, rows, database(), before)
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


def csv_chunks(
    columns: list[Column[Row]], rows: Rows[Row], source: Database, before: Before = nothing_before
) -> Iterator[bytes]:
    """UTF-8 with BOM (spreadsheets need it), CRLF lines, a batch of rows at a time."""
    with source.reading() as session:
        before(session)
        if isinstance(rows, Selected) and not source.is_sqlite:
            batches = database_lines(columns, rows, session)
        else:
            batches = python_lines([column.value for column in columns], iter(rows(session)))
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerow([column.header for column in columns])
        unsent = b"\xef\xbb\xbf" + take(buffer)
        for batch in batches:
            yield unsent + batch
            unsent = b""
        if unsent:
            yield unsent


def database_lines(columns: list[Column[Row]], rows: Selected, session: Session) -> Iterator[bytes]:
    """Lines of which PostgreSQL writes what it can, with the cells that it leaves to us."""
    written: list[Any] = []
    takers: list[Callable[[Any], Iterable[str]]] = []
    for is_made, run in groupby(columns, key=lambda column: column.expression is None):
        if is_made:
            takers += [partial(made_cells, column.value) for column in run]
        else:
            takers.append(partial(map, itemgetter(len(written))))
            written.append(line_of(*(column.expression for column in run)))
    cells, beside = Cells(clean_cell), [rows.statement.selected_columns[name] for name in rows.beside]
    wanted = rows.statement.with_only_columns(*written, *beside).execution_options(yield_per=BATCH)
    with session.connection().execute(wanted) as found:  # as columns, none of them an entity
        for batch in found.partitions():
            lines = map(",".join, zip(*(take(batch) for take in takers), strict=True))
            yield cells.put_into("\r\n".join([*lines, ""])).encode()


def made_cells(value: Callable[[Any], Any], batch: list[Any]) -> Iterable[str]:
    """The cells of a column that PostgreSQL cannot write."""
    return map(quoted, clean_cells(list(map(value, batch))))


def python_lines(getters: list[Callable[[Row], Any]], rows: Iterator[Row]) -> Iterator[bytes]:
    """Lines of any rows, cleaned a column of a batch at a time."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    while batch := list(islice(rows, BATCH)):
        writer.writerows(zip(*(clean_cells(list(map(get, batch))) for get in getters), strict=True))
        yield take(buffer)


def take(buffer: io.StringIO) -> bytes:
    """What the buffer holds, leaving it empty."""
    data = buffer.getvalue().encode("utf-8")
    buffer.seek(0)
    buffer.truncate()
    return data


def write_workbook(
    columns: list[Column[Row]], rows: Rows[Row], source: Database, before: Before = nothing_before
) -> IO[bytes]:
    """A workbook in a temporary file without a name, row by row, so that memory does not grow."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed on to the response, which closes it
    try:
        fill_workbook(file, columns, rows, source, before)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def fill_workbook(
    file: IO[bytes],
    columns: list[Column[Row]],
    rows: Rows[Row],
    source: Database,
    before: Before = nothing_before,
) -> None:
    """Write the rows into an open file; raises ValueError where a sheet would silently leave some out."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with source.reading() as session:
        before(session)
        with closing(xlsxwriter.Workbook(file, options)) as book:
            sheet = book.add_worksheet("Export")
            formats: dict[Any, Any] = {date: book.add_format({"num_format": DATE_FORMAT, "align": "left"})}
            formats[datetime] = book.add_format({"num_format": MOMENT_FORMAT, "align": "left"})
            write_headings(sheet, columns, book.add_format({"bold": True}))
            line = 0
            for line, row in enumerate(rows(session), start=1):
                if line > MOST_ROWS:
                    raise ValueError(f"a sheet holds {MOST_ROWS} rows")
                for place, column in enumerate(columns):
                    write_cell(sheet, (line, place), column.value(row), column.words, formats)
            sheet.autofilter(0, 0, line, len(columns) - 1)


def write_headings(sheet: Any, columns: list[Column[Row]], bold: Any) -> None:
    """The first row, which stays in sight, and how wide each column is."""
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.title or column.header, bold)
        sheet.set_column(place, place, max(column.width, len(column.title or column.header) + 4))


def write_cell(
    sheet: Any, place: tuple[int, int], value: Any, words: Mapping[str, str], formats: Mapping[Any, Any]
) -> None:
    """Numbers as numbers, dates as dates, all else as inert text."""
    if value is None:
        return
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        sheet.write_number(*place, value)
        return
    if isinstance(value, date) and value.year >= FIRST_YEAR:
        is_moment = isinstance(value, datetime)
        shown = london(value).replace(tzinfo=None) if isinstance(value, datetime) else value
        sheet.write_datetime(*place, shown, formats[datetime if is_moment else date])
        return
    text = words.get(value, value) if type(value) is str else worded(value, words)
    if text:
        sheet.write_string(*place, shorten(printable(text)))


def worded(value: Any, words: Mapping[str, str]) -> str:
    """A value as people read it: the labels of options instead of their codes."""
    match value:
        case Option():
            return value.label
        case bool():
            return "Yes" if value else "No"
        case str():
            return words.get(value, value)
        case list() | tuple() | set() | frozenset():
            return "; ".join(worded(item, words) for item in value)
        case _:
            return text_of(value)


def file_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """A file's content, closed at the end."""
    with file:
        while chunk := file.read(64 * 1024):
            yield chunk
