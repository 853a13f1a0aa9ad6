"""The export of 100,000 applications, beside PostgreSQL's own COPY of the same columns.

Ours runs in a process of its own (`python -m tests.bench.application_exports DATABASE_URL`).
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

import psycopg
from psycopg import sql
from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql

from portal.applications.export.content import Content, Wanted
from portal.applications.export.exports import COLUMNS, rows_for, statement_of
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus
from portal.core.database import Database
from portal.core.export import csv_chunks
from tests.bench.exports import memory
from tests.bench.report import ExportRow
from tests.bench.sites import Bench
from tests.support.applications import make_application
from tests.support.builders import AT
from tests.support.databases import run, url_of
from tests.support.sources import ROOT

APPLICATIONS = 100_000
TIMES = 2
ALL = Wanted(Content.APPLICATIONS)
OWN = {
    "reference": "'APP-' || n",
    "submission_key": "'bench-' || n",
    "candidate_id": "NULL::bigint",
    "family_name": "'Specimen' || n",
    "submitted_at": "submitted_at - n * interval '7 seconds'",
    "shortlisted_at": "CASE WHEN n % 2 = 0 THEN shortlisted_at END",
}
"""What makes each copy an application of its own; every second one is behind the veil."""


def measure_applications(bench: Bench) -> ExportRow:
    """Fill a database, then export and COPY in turn."""
    run(bench.server, sql.SQL("CREATE DATABASE applied TEMPLATE migrated"))
    url, plain = url_of(bench.server, "applied"), bench.server.get_uri("applied")
    add_applications(url, plain)
    row = ExportRow([], [], 0.0, 0.0, what=f"{APPLICATIONS:,} applications")
    for _ in range(TIMES):
        row.copy.append(copied(plain))
        command = [sys.executable, "-m", "tests.bench.application_exports", url]
        done = subprocess.run(command, capture_output=True, cwd=ROOT, check=True)
        found = json.loads(done.stdout)
        if found["lines"] != APPLICATIONS + 1:
            raise ValueError(f"the export has {found['lines']} lines")
        row.ours.append(found["seconds"])
        row.first_byte, row.rise = max(row.first_byte, found["first"]), max(row.rise, found["rise"])
    return row


def add_applications(url: str, plain: str) -> None:
    """One application, and copies of it made by the database."""
    db = Database(url)
    with db.transaction() as session:
        first = make_application(session, status=ApplicationStatus.SHORTLISTED, shortlisted_at=AT).id
    db.dispose()
    names = [column.name for column in inspect(Application).columns if column.name != "id"]
    chosen = ", ".join(OWN.get(name, name) for name in names)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(
            f"INSERT INTO applications ({', '.join(names)}) SELECT {chosen} "
            f"FROM applications, generate_series(1, {APPLICATIONS - 1}) n WHERE id = {first}"
        )
        connection.execute("VACUUM ANALYZE applications")


def copied(plain: str) -> float:
    """Seconds that COPY takes for the same columns in the same order of rows."""
    dialect = postgresql.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]
    text = str(statement_of(ALL).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    with psycopg.connect(plain) as connection, connection.cursor() as cursor:
        begun = time.perf_counter()
        with cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT csv)") as copy:
            for _ in copy:
                pass
        return time.perf_counter() - begun


def main() -> None:
    """One export, thrown away as it comes."""
    db = Database(sys.argv[1])
    next(csv_chunks(COLUMNS, rows_for(ALL), db))  # connected, and the statement built
    before, begun, lines, first = memory(), time.perf_counter(), 0, 0.0
    for chunk in csv_chunks(COLUMNS, rows_for(ALL), db):
        first = first or time.perf_counter() - begun
        lines += chunk.count(b"\r\n")
    seconds = time.perf_counter() - begun
    db.dispose()
    json.dump(
        {"seconds": seconds, "first": 1000 * first, "lines": lines, "rise": memory() - before}, sys.stdout
    )


if __name__ == "__main__":
    main()
