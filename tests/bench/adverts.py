"""Adverts by the hundred thousand: what a council has after years, made by the database itself.

Two mixes. *A council's*: a hundred open adverts whatever the size of the archive, since a council advertises
as much this year as ten years ago. *All open*: every advert of the table, which no council has, to see
whether anything grows with the number of open ones.

Whatever its size, a table holds the same number of open adverts with the rare word, so that a page about them
is the same page everywhere, and one archived advert in a thousand has it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.database import Database
from portal.vacancies.models import Vacancy
from tests.support.builders import make_team, make_vacancy

OPEN = 100
"""Open adverts of a council with fewer than two hundred at any time."""

AT_ONCE = 5_000
"""Adverts in one statement."""

MEASURED = "/vacancies/measured"

TITLES = (
    "Social worker",
    "Senior practitioner",
    "Social worker in assessment",
    "Assistant team manager",
    "Educational psychologist",
    "Newly qualified social worker",
    "Independent reviewing officer",
    "Team manager",
    "Family support worker",
    "Senior social worker, children in care",
)
FAMILIES = ("social_work", "social_work", "social_work", "management", "psychology")
PATTERNS = (" full_time ", " full_time part_time ", " part_time ", " full_time job_share ", " term_time ")
CONTRACTS = ("permanent", "permanent", "permanent", "fixed_term", "secondment")
TEAMS = (
    ("assessment", "Assessment Service"),
    ("children-in-care", "Children in Care"),
    ("early-help", "Early Help"),
    ("fostering", "Fostering Service"),
    ("leaving-care", "Leaving Care"),
    ("psychology", "Educational Psychology"),
)
SENTENCES = (
    "You will work with families who need help, early and without blame.",
    "Caseloads are looked at every week, and nobody is asked to carry more than was promised.",
    "Your manager sits in the same room and has done the work.",
    "Supervision is reflective, written down, and not cancelled for a meeting.",
    "We visit children at home, at school and wherever they feel safe enough to talk.",
    "The team has a psychologist, two support workers and an administrator of its own.",
    "You will write plainly, so that children can read what was said about them.",
    "Court work is shared, with a legal adviser down the corridor.",
    "New colleagues visit together with experienced ones for three months.",
    "You can work from home on two days a week, as the needs of families allow.",
    "Training is planned with you, and the day for it is kept free.",
    "We are looking for somebody who stays calm, curious and kind.",
)
RARELY_OPEN = 3
RARELY_ARCHIVED = 1_000
"""One archived advert in so many has the rare word."""


OWN = {
    "reference": "'SCC-CS-2025-' || n",
    "slug": "'measured-' || n",
    "title": "(%(titles)s::text[])[1 + n %% 10] || ', post ' || n",
    "family": "(%(families)s::text[])[1 + n %% 5]",
    "team_id": "(%(teams)s::bigint[])[1 + n %% 6]",
    "contract_type": "(%(contracts)s::text[])[1 + n / 3 %% 5]",
    "working_patterns": "(%(patterns)s::text[])[1 + n / 7 %% 5]",
    "salary_min": "28000 + 500 * (n %% 60)",
    "salary_max": "32000 + 500 * (n %% 60)",
    "description": """(%(sentences)s::text[])[1 + n %% 12]
        || ' ' || (%(sentences)s::text[])[1 + (n / 5 + 3) %% 12]
        || E'\\n\\n' || (%(sentences)s::text[])[1 + (n / 12 + 5) %% 12]
        || ' ' || (%(sentences)s::text[])[1 + (n + 7) %% 12]
        || ' ' || (%(sentences)s::text[])[1 + (n + 10) %% 12]
        || CASE WHEN n < %(rarely_open)s OR (n >= %(open)s AND n %% %(rarely)s = 0) THEN ' Falconry.'
           ELSE '' END""",
    "approved_at": "approved_at - days",
    "publish_at": "publish_at - days",
    "closes_at": "closes_at + CASE WHEN n < %(open)s THEN (n %% 7) * interval '1 day' ELSE -days END",
    "outcome": "CASE WHEN n < %(open)s THEN NULL ELSE 'filled' END",
    "archived_at": "CASE WHEN n < %(open)s THEN NULL ELSE closes_at - days + interval '30 days' END",
}
"""What makes the copy with the number `n` an advert of its own. It is `days` older than the measured one: an
open one up to a fortnight, an archived one two months to ten years."""

DAYS = "interval '1 day' * CASE WHEN n < %(open)s THEN n %% 14 ELSE 60 + n %% 3600 END"


def add_adverts(db: Database, plain_url: str, count: int, *, all_open: bool) -> None:
    """So many adverts, the one at `MEASURED` among them; indices of words are made afterwards, at once."""
    with db.transaction() as session:
        teams = [make_team(session, slug=s, name=n, position=i).id for i, (s, n) in enumerate(TEAMS)]
        measured = measured_advert(session)
    values = {
        "id": measured.id,
        "open": count if all_open else OPEN,
        "teams": teams,
        "titles": list(TITLES),
        "families": list(FAMILIES),
        "contracts": list(CONTRACTS),
        "patterns": list(PATTERNS),
        "sentences": list(SENTENCES),
        "rarely": RARELY_ARCHIVED,
        "rarely_open": RARELY_OPEN,
    }
    with (
        psycopg.connect(plain_url, autocommit=True) as connection,
        without_indices(connection, "vacancies", "gin"),
    ):
        for start in range(1, count, AT_ONCE):
            run = {"start": start, "end": min(start + AT_ONCE, count) - 1}
            connection.execute(copy_statement(), {**values, **run})
    with psycopg.connect(plain_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def measured_advert(session: Session) -> Vacancy:
    """The advert that is opened, and the pattern of all others."""
    at = clock.now()
    return make_vacancy(
        session,
        slug="measured",
        reference="SCC-CS-2025-0",
        description="\n\n".join(SENTENCES),
        publish_at=at - timedelta(days=7),
        approved_at=at - timedelta(days=8),
        closes_at=at + timedelta(days=21),
    )


def copy_statement() -> str:
    """Copies with the numbers from `start` to `end`."""
    names = [column.name for column in inspect(Vacancy).columns if column.name != "id"]
    chosen = ", ".join(OWN.get(name, name) for name in names)
    numbers = f"SELECT n, {DAYS} AS days FROM generate_series(%(start)s::integer, %(end)s::integer) n"
    return (
        f"INSERT INTO vacancies ({', '.join(names)}) "
        f"SELECT {chosen} FROM vacancies, ({numbers}) numbers WHERE id = %(id)s"
    )


@contextmanager
def without_indices(connection: psycopg.Connection, table: str, kind: str = "") -> Iterator[None]:
    """A table’s indices, which take longer to keep than to make, are made again at the end.

    All but those that keep rows unique, or those of one `kind`.
    """
    found = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE tablename = %s AND indexdef LIKE %s AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
        (table, f"%USING {kind}%"),
    ).fetchall()
    for name, _definition in found:
        connection.execute(f"DROP INDEX {name}")
    yield
    connection.execute("SET maintenance_work_mem = '256MB'")
    for _name, definition in found:
        connection.execute(definition)
