"""The export of enquiries, beside PostgreSQL's own COPY of the same columns.

Ours runs in a process of its own (`python -m tests.bench.exports DATABASE_URL [workbook]`), whose memory can
be read. The workbook has every column of the open enquiries; the design measures 100,000 rows of twelve.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
import zipfile
from datetime import timedelta

import psycopg
from sqlalchemy.dialects import postgresql

from portal.core import clock
from portal.core.access import Actor
from portal.core.database import Database
from portal.core.export import csv_chunks, write_workbook
from portal.council import load_council
from portal.fostering.follow_up.exports import (
    columns_for,
    export_count,
    rows_for,
    sheet_columns_for,
    statement_of,
)
from portal.fostering.follow_up.filters import ExportFilters
from portal.fostering.options import Status
from tests.bench.report import ExportRow, WorkbookRow
from tests.support.sources import ROOT

NOBODY = Actor.system("the bench")
TIMES = 2


def measure_export(url: str, plain: str, count: int, times: int = TIMES) -> ExportRow:
    """Export and COPY a database of so many enquiries in turn."""
    row = ExportRow([], [], 0.0, 0.0, what=f"{count:,} enquiries")
    for _ in range(times):
        row.copy.append(copied(plain))
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.exports", url], capture_output=True, cwd=ROOT, check=True
        )
        found = json.loads(done.stdout)
        if found["lines"] != count + 1:
            raise ValueError(f"the export has {found['lines']} lines")
        row.ours.append(found["seconds"])
        row.first_byte, row.rise = max(row.first_byte, found["first"]), max(row.rise, found["rise"])
    return row


def measure_workbook(url: str) -> WorkbookRow:
    """The open enquiries as a workbook, opened again to see that all are in it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.exports", url, "workbook"],
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    return WorkbookRow(**json.loads(done.stdout))


def copied(plain: str) -> float:
    """Seconds that COPY takes for the same columns in the same order of rows."""
    dialect = postgresql.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]
    text = str(
        statement_of(ExportFilters(), NOBODY).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    )
    with psycopg.connect(plain) as connection, connection.cursor() as cursor:
        begun = time.perf_counter()
        with cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT csv)") as copy:
            for _ in copy:
                pass
        return time.perf_counter() - begun


def memory() -> float:
    """The most that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """One export, thrown away as it comes."""
    db = Database(sys.argv[1])
    found = workbook(db) if "workbook" in sys.argv else lines(db)
    db.dispose()
    json.dump(found, sys.stdout)


def lines(db: Database) -> dict[str, float]:
    """CSV of all: how long it took, in seconds and to the first byte in milliseconds, and megabytes more."""
    columns, rows = columns_for(load_council().retention), rows_for(ExportFilters(), NOBODY)
    next(csv_chunks(columns, rows, db))  # connected, and the statement built
    before, begun, count, first = memory(), time.perf_counter(), 0, 0.0
    for chunk in csv_chunks(columns, rows, db):
        first = first or time.perf_counter() - begun
        count += chunk.count(b"\r\n")
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "first": 1000 * first, "lines": count, "rise": memory() - before}


def workbook(db: Database) -> dict[str, float]:
    """A workbook of the open ones: rows, columns, seconds, and megabytes more than a small one takes."""
    columns = sheet_columns_for(load_council().retention)
    few = ExportFilters(statuses=(Status.OPEN,), received_from=clock.today() - timedelta(days=30))
    write_workbook(columns, rows_for(few, NOBODY), db).close()
    before, begun = memory(), time.perf_counter()
    file = write_workbook(columns, rows_for(ExportFilters(statuses=(Status.OPEN,)), NOBODY), db)
    seconds, rise = time.perf_counter() - begun, memory() - before
    with file, zipfile.ZipFile(file) as parts:
        rows = parts.read("xl/worksheets/sheet1.xml").count(b"<row ") - 1
    with db.reading() as session:
        if rows != export_count(session, ExportFilters(statuses=(Status.OPEN,)), by=NOBODY):
            raise ValueError(f"the workbook has {rows} rows")
    return {"rows": rows, "columns": len(columns), "seconds": seconds, "rise": rise}


if __name__ == "__main__":
    main()
