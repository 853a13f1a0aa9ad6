"""The export of enquiries, beside PostgreSQL's own COPY of the same columns.

Ours runs in a process of its own (`python -m tests.bench.exports DATABASE_URL`), whose memory can be read.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import psycopg
from sqlalchemy.dialects import postgresql

from portal.core.access import Actor
from portal.core.database import Database
from portal.core.export import csv_chunks
from portal.council import load_council
from portal.fostering.follow_up.exports import columns_for, rows_for, statement_of
from portal.fostering.follow_up.filters import ExportFilters
from tests.bench.report import ExportRow
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
    columns, rows = columns_for(load_council().retention), rows_for(ExportFilters(), NOBODY)
    next(csv_chunks(columns, rows, db))  # connected, and the statement built
    before, begun, lines, first = memory(), time.perf_counter(), 0, 0.0
    for chunk in csv_chunks(columns, rows, db):
        first = first or time.perf_counter() - begun
        lines += chunk.count(b"\r\n")
    seconds = time.perf_counter() - begun
    db.dispose()
    json.dump(
        {"seconds": seconds, "first": 1000 * first, "lines": lines, "rise": memory() - before}, sys.stdout
    )


if __name__ == "__main__":
    main()
