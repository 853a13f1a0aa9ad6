"""The export of 20,000 enquiries, beside PostgreSQL's own COPY of the same columns.

Ours runs in a process of its own (`python -m tests.bench.exports DATABASE_URL`), whose memory can be read.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import psycopg
from psycopg import sql
from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql

from portal.core.access import Actor
from portal.core.database import Database
from portal.core.export import csv_chunks
from portal.fostering.follow_up.exports import COLUMNS, rows_for, statement_of
from portal.fostering.follow_up.filters import ExportFilters
from portal.fostering.models import Enquiry
from tests.bench.report import ExportRow
from tests.bench.sites import Bench
from tests.support.builders import make_enquiry
from tests.support.databases import run, url_of
from tests.support.sources import ROOT

NOBODY = Actor.system("the bench")
ENQUIRIES = 20_000
TIMES = 3
OWN = {
    "public_ref": "'FOS-25-' || n",
    "submission_key": "'bench-' || n",
    "household_key": "'bench-' || n",
    "last_name": "'Specimen' || n",
    "last_name_key": "'specimen' || n",
    "received_at": "received_at - n * interval '7 minutes'",
}
"""What makes each copy an enquiry of its own."""


def measure_export(bench: Bench) -> ExportRow:
    """Fill a database, then export and COPY in turn."""
    run(bench.server, sql.SQL("CREATE DATABASE enquiries TEMPLATE migrated"))
    url, plain = url_of(bench.server, "enquiries"), bench.server.get_uri("enquiries")
    add_enquiries(url, plain)
    row = ExportRow([], [], 0.0, 0.0)
    for _ in range(TIMES):
        row.copy.append(copied(plain))
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.exports", url], capture_output=True, cwd=ROOT, check=True
        )
        found = json.loads(done.stdout)
        if found["lines"] != ENQUIRIES + 1:
            raise ValueError(f"the export has {found['lines']} lines")
        row.ours.append(found["seconds"])
        row.first_byte, row.rise = max(row.first_byte, found["first"]), max(row.rise, found["rise"])
    return row


def add_enquiries(url: str, plain: str) -> None:
    """One enquiry, and copies of it made by the database."""
    db = Database(url)
    with db.transaction() as session:
        first = make_enquiry(session).id
    db.dispose()
    names = [column.name for column in inspect(Enquiry).columns if column.name != "id"]
    chosen = ", ".join(OWN.get(name, name) for name in names)
    numbers = f"generate_series(1, {ENQUIRIES - 1}) n"
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(
            f"INSERT INTO fostering_enquiries ({', '.join(names)}) "
            f"SELECT {chosen} FROM fostering_enquiries, {numbers} WHERE id = {first}"
        )
        connection.execute("VACUUM ANALYZE fostering_enquiries")


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
    with db.reading() as session:
        next(rows_for(ExportFilters(), NOBODY)(session))  # connected, and the statement built
    before, begun, lines, first = memory(), time.perf_counter(), 0, 0.0
    for chunk in csv_chunks(COLUMNS, rows_for(ExportFilters(), NOBODY), db):
        first = first or time.perf_counter() - begun
        lines += chunk.count(b"\r\n")
    seconds = time.perf_counter() - begun
    db.dispose()
    json.dump(
        {"seconds": seconds, "first": 1000 * first, "lines": lines, "rise": memory() - before}, sys.stdout
    )


if __name__ == "__main__":
    main()
