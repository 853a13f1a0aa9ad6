"""HR’s list of a vacancy’s applications: one with two thousand beside one with twenty, signed in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, inspect, text
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.core import clock
from tests.bench.measure import Growth, grow
from tests.bench.report import as_table, timed_cells, timed_heads
from tests.bench.sites import Bench, request_for
from tests.support.applications import make_application
from tests.support.builders import make_staff, make_vacancy
from tests.support.people import SignIn

SMALL, LARGE = 20, 2_000
MOST = 2.0
"""What issue 4 asks."""

LISTS = {
    "applications list": "",
    "applications list, by name": "?tab=shortlisted&sort=name",
    "applications list, with gaps": "?only=gaps",
}


def add_applications(session: Session, count: int) -> str:
    """A vacancy with so many applications, half of them shortlisted; its reference."""
    at = clock.now()
    vacancy = make_vacancy(session, reference=f"SCC-BENCH-{count:05}", slug=f"bench-{count}")
    pattern = make_application(session, vacancy, reference=f"APP-{count:04}0000")
    columns = [column.key for column in inspect(Application).column_attrs if column.key != "id"]
    values = {name: getattr(pattern, name) for name in columns} | {"candidate_id": None}
    rows = [
        {
            **values,
            "reference": f"APP-{count:04}{number:04}",
            "submission_key": f"bench-{count}-{number}",
            "submitted_at": at - timedelta(minutes=number),
            "name_key": f"{number * 7919 % 10007:05}",
            "gap_count": number % 2,
            "status": ("submitted", "shortlisted")[number % 2],
            "shortlisted_at": at if number % 2 else None,
        }
        for number in range(1, count)
    ]
    session.execute(insert(Application), rows)
    return vacancy.reference


def measure_lists(bench: Bench) -> str:
    """The table: each list at both sizes."""
    with bench.db.transaction() as session:
        vacancies = {count: add_applications(session, count) for count in (SMALL, LARGE)}
        person = make_staff(session, role="hr")
    with bench.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    name, value = SignIn(bench.app, bench.db).new_session(person)
    found = {
        words: measure_list(bench, vacancies, query, f"{name}={value}") for words, query in LISTS.items()
    }
    rows = [timed_cells(words, growth, SMALL, MOST) for words, growth in found.items()]
    return as_table(timed_heads("page, signed in", SMALL, LARGE), rows)


def measure_list(bench: Bench, vacancies: dict[int, str], query: str, cookie: str) -> Growth:
    """One list at both sizes; the title says that it is the page and not the way to sign in."""
    live, host = bench.council.live, bench.council.live.base_url.removeprefix("http://")
    headers = {"Accept": "text/html", "Cookie": cookie}
    sides = {
        count: bench.side(
            live, request_for(host, f"/staff/applications/{reference}{query}", headers), 200, reference
        )
        for count, reference in vacancies.items()
    }
    return grow(sides, bench.seconds)
