"""Opening an export as a spreadsheet does, and proving that nothing in it is live (CWE-1236).

Every feature that exports asks this module, with the starts of `STARTS` in each of its text columns.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape

STARTS = (
    "=1+1",
    "+44",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    '=T("x")',
)
"""Beginnings of text that some spreadsheet takes for a formula."""

LIVE_STARTS = tuple("=+-@\t\r\n＝＋－＠")
NUMBER = re.compile(r"-?\d+(\.\d+)?")

PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml"
    r"|xl/(workbook|styles|sharedStrings|theme/theme1|worksheets/sheet1)\.xml|xl/_rels/workbook\.xml\.rels"
)
"""All that a workbook of ours has: no macros, links to other files, connections, drawings or objects."""

LIVE_XML = (
    b"<f>",
    b"<f ",
    b"<formula",
    b"<hyperlink",
    b"<ddeLink",
    b"<oleLink",
    b'TargetMode="External"',
    b"macroEnabled",
)
"""Formulas, and whatever fetches or runs something."""


def read_csv(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file, once it is proved that no cell is live and every row has every column."""
    assert data.startswith(b"\xef\xbb\xbf"), "a spreadsheet would guess at the encoding"
    headings, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    for row in [headings, *rows]:
        assert len(row) == len(headings), row
        live = [cell for cell in row if cell.startswith(LIVE_STARTS) and not NUMBER.fullmatch(cell)]
        assert not live, live
    return [dict(zip(headings, row, strict=True)) for row in rows]


def read_workbook(data: bytes) -> list[dict[str, Any]]:
    """The rows of a workbook by their headings, once it is proved that nothing in the file is live."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        odd = [name for name in archive.namelist() if not PARTS.fullmatch(name)]
        assert not odd, odd
        for name in archive.namelist():
            judge_part(name, archive.read(name))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert (len(book.sheetnames), list(book.defined_names)) == (1, [])
    sheet = book.active
    assert {cell.data_type for cells in sheet for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cells in sheet for cell in cells if cell.hyperlink]
    headings, *rows = (tuple(map(as_shown, row)) for row in sheet.iter_rows(values_only=True))
    return [dict(zip(headings, row, strict=True)) for row in rows]


def as_shown(value: Any) -> Any:
    """A carriage return is written as _x000D_ in the file."""
    return unescape(value) if isinstance(value, str) else value


def judge_part(name: str, content: bytes) -> None:
    """Nothing in the XML of this part fetches, links or computes; what people wrote is escaped in it."""
    found = [mark for mark in LIVE_XML if mark in content]
    assert not found, (name, found)
