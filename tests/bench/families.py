"""Households by the million, made by the database itself from one that was accepted through the form.

Received evenly over ten years; of a hundred twenty are open, eight kept in touch with, sixty-two closed
and ten approved, each with what was done and how it moved. More are open than any council has: a queue
is measured by what it could hold.
"""

from __future__ import annotations

import psycopg
from flask import Flask
from sqlalchemy import inspect, select

from portal.core.database import Database
from portal.fostering.closures import AFTER_APPLICATION, BEFORE_APPLICATION
from portal.fostering.models import Enquiry
from portal.fostering.options import Area, Channel, HeardFrom, Status
from portal.fostering.pipeline import NEXT, status_in
from portal.fostering.references import ALPHABET
from tests.bench.adverts import without_indices
from tests.bench.households import ENQUIRE
from tests.fostering.households import PAGES, SEND
from tests.support import watch
from tests.support.client import client_of

AT_ONCE = 50_000
"""Enquiries in one statement."""

RARE, RARELY = "Nightingale", 10
"""A name, and how many households have it, whatever the size."""
COMMON = "ash"
"""How one name in forty begins."""

BEGINNINGS = (
    *("Ash", "Barn", "Beck", "Brad", "Brock", "Burn", "Carl", "Clay", "Cole", "Cran", "Dar", "Dray", "Fair"),
    *("Farn", "Glad", "Had", "Hart", "Hazel", "Hol", "Kel", "Lang", "Lin", "Marl", "Mil", "Nor", "Oak"),
    *(
        "Pem",
        "Rad",
        "Rush",
        "Sel",
        "Shel",
        "Stan",
        "Thorn",
        "Wal",
        "War",
        "Wes",
        "Whit",
        "Win",
        "Wood",
        "Yar",
    ),
)
ENDINGS = ("bridge", "bury", "by", "den", "field", "ford", "ham", "ley", "low", "man", "more", "ton", "well")
FIRST_NAMES = ("Alex", "Billie", "Charlie", "Dana", "Eden", "Frankie", "Jo", "Kit", "Lee", "Morgan", "Robin")
OPEN = tuple(stage for stage in NEXT if status_in(stage) is Status.OPEN)

NUMBERS = """
    SELECT n, (%(beginnings)s::text[])[1 + n %% 40] || (%(endings)s::text[])[1 + n / 40 %% 13] AS made_name,
        n %% ((%(count)s + 1) / %(rarely)s) = 1 AS rare,
        %(at)s::timestamptz - n * (interval '3650 days' / %(count)s) AS received,
        %(at)s::timestamptz + (n * 104729::bigint %% 5184000 - 2592000) * interval '1 second' AS due,
        n * 7919::bigint %% 100 AS share,
        n * 7368787::bigint %% 24300000 AS tail
    FROM generate_series(%(start)s::integer, %(end)s::integer) n
"""
"""Of each copy: its number, and what several of its columns are made of."""

OWN = {
    "public_ref": "'FOS-' || to_char(received, 'YY') || '-' || "
    + " || ".join(f"substr(%(alphabet)s, 1 + (tail / {30**place} %% 30)::integer, 1)" for place in range(5)),
    "submission_key": "'bench-' || n",
    "household_key": "'bench-' || n - CASE WHEN n %% 50 = 0 THEN 1 ELSE 0 END",
    "last_name": "CASE WHEN rare THEN %(rare)s ELSE made_name END",
    "last_name_key": "lower(CASE WHEN rare THEN %(rare)s ELSE made_name END)",
    "first_name": "(%(firsts)s::text[])[1 + n / 7 %% 11]",
    "first_name_key": "lower((%(firsts)s::text[])[1 + n / 7 %% 11])",
    "second_last_name": "CASE WHEN n %% 3 = 0 THEN made_name END",
    "second_last_name_key": "CASE WHEN n %% 3 = 0 THEN lower(made_name) END",
    "second_first_name": "CASE WHEN n %% 3 = 0 THEN (%(firsts)s::text[])[1 + n / 5 %% 11] END",
    "second_first_name_key": "CASE WHEN n %% 3 = 0 THEN lower((%(firsts)s::text[])[1 + n / 5 %% 11]) END",
    "email": "'family' || n || '@example.com'",
    "email_key": "'family' || n || '@example.com'",
    "phone": "'+447' || lpad(n::text, 9, '0')",
    "received_at": "received",
    "sla_due_at": "received + interval '1 day 7 hours'",
    "channel": "(%(channels)s::text[])[1 + n %% 8]",
    "heard_from": "(%(heard)s::text[])[1 + n / 3 %% %(heards)s]",
    "area": "(%(areas)s::text[])[1 + n / 2 %% 6]",
    "hub_ref": "NULL",
    "status": "CASE WHEN share < 20 THEN 'OPEN' WHEN share < 28 THEN 'KEEP_IN_TOUCH'"
    " WHEN share < 90 THEN 'CLOSED' ELSE 'APPROVED' END",
    "stage": "CASE WHEN share < 20 THEN (%(open)s::text[])[1 + n / 3 %% %(opens)s]"
    " WHEN share < 28 THEN 'KIT' WHEN share < 90 THEN 'CL' ELSE 'AP' END",
    "due_at": "CASE WHEN share < 28 THEN due END",
    "kit_review_on": "CASE WHEN share BETWEEN 20 AND 27 THEN due::date END",
    "attempts": "share %% 4",
    "first_attempt_at": "CASE WHEN share >= 4 THEN received + (n %% 60) * interval '1 hour' END",
    "first_contact_at": "CASE WHEN share >= 6 THEN received + (n %% 200) * interval '1 hour' END",
    "initial_call_at": "CASE WHEN share >= 12 THEN received + (n %% 200) * interval '1 hour' END",
    "visit_done_at": "CASE WHEN share >= 70 THEN received + interval '20 days' END",
    "application_at": "CASE WHEN share >= 80 OR share < 20 AND n / 3 %% %(opens)s >= 6 "
    "THEN received + interval '40 days' END",
    "panel_at": "CASE WHEN share >= 85 THEN received + (200 + n %% 90) * interval '1 day' END",
    "adm_at": "CASE WHEN share >= 85 THEN received + (210 + n %% 90) * interval '1 day' END",
    "approved_at": "CASE WHEN share >= 90 THEN received + (210 + n %% 90) * interval '1 day' END",
    "closed_at": "CASE WHEN share BETWEEN 28 AND 89 THEN received + interval '60 days' END",
    "closure_code": "CASE WHEN share BETWEEN 28 AND 79 THEN (%(before)s::text[])[1 + n / 3 %% %(befores)s]"
    " WHEN share BETWEEN 80 AND 89 THEN (%(after)s::text[])[1 + n / 3 %% %(afters)s] END",
    "owner_id": "CASE WHEN n %% 4 > 0 THEN %(owner)s::integer END",
    "flagged": "n %% 10 = 0",
    # The longest of all columns, which only the page of the household reads: one in a hundred has it.
    "snapshot": "CASE WHEN n %% 100 = 57 THEN snapshot ELSE '{\"sections\": []}' END",
}
"""What makes each copy a household of its own."""

MOVES = """
    INSERT INTO fostering_history (enquiry_id, at, kind, from_stage, to_stage, closure_code, facts, by_name)
    SELECT e.id, moved.at, 'MOVED', moved.before, moved.stage, moved.code, moved.facts, 'Robin Officer'
    FROM fostering_enquiries e CROSS JOIN LATERAL (VALUES
        (e.first_attempt_at, 'E10', 'E20', NULL, json_build_object()),
        (e.initial_call_at, 'E20', 'E30', NULL, json_build_object()),
        (e.application_at, 'E60', 'A10', NULL, json_build_object('application_at', e.application_at)),
        (e.adm_at, 'A40', 'A50', NULL, json_build_object('panel_at', e.panel_at, 'adm_at', e.adm_at)),
        (e.approved_at, 'A50', 'AP', NULL, json_build_object('approved_at', e.approved_at)),
        (e.closed_at, 'E30', 'CL', e.closure_code, json_build_object())
    ) moved (at, before, stage, code, facts) WHERE moved.at IS NOT NULL AND e.id <> %(pattern)s
"""
CALLS = """
    INSERT INTO fostering_activities (enquiry_id, at, kind, outcome, by_name)
    SELECT e.id, e.received_at + call.hours * interval '1 hour', 'CALL_OUT', call.outcome, 'Robin Officer'
    FROM fostering_enquiries e
    CROSS JOIN LATERAL (VALUES (1, 2, 'NO_ANSWER'), (2, 26, 'VOICEMAIL'), (3, 50, 'SPOKE'))
        call (number, hours, outcome) WHERE call.number <= e.attempts AND e.id <> %(pattern)s
"""


def accept_one(app: Flask, db: Database) -> int:
    """The household that all others are copies of, sent through the form; its id."""
    client = client_of(app, watch.current)
    for slug, answers in (*PAGES, ("check-answers", SEND)):
        response = client.post_form(f"{ENQUIRE}/{slug}", answers)
        if response.status_code != 303:
            raise ValueError(f"{slug}: {response.page.errors}")
    with db.reading() as session:
        return session.scalars(select(Enquiry.id)).one()


def add_families(plain_url: str, pattern: int, count: int, *, owner: int) -> None:
    """So many households beside the pattern, three in four of them the owner’s."""
    names = [column.name for column in inspect(Enquiry).columns if column.name != "id"]
    chosen = ", ".join(OWN.get(name, name) for name in names)
    copy = (
        f"INSERT INTO fostering_enquiries ({', '.join(names)}) "
        f"SELECT {chosen} FROM fostering_enquiries, ({NUMBERS}) numbers WHERE id = %(pattern)s"
    )
    with psycopg.connect(plain_url, autocommit=True) as connection:
        found = connection.execute("SELECT now()").fetchone()
        values = {**VALUES, "pattern": pattern, "count": count, "owner": owner, "at": found and found[0]}
        # The rows are made together with those they belong to: nothing is to be looked up for each.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        with without_indices(connection, "fostering_enquiries"):
            for start in range(1, count + 1, AT_ONCE):
                run = {"start": start, "end": min(start + AT_ONCE - 1, count)}
                connection.execute(copy, {**values, **run})
        for table, statement in {"fostering_history": MOVES, "fostering_activities": CALLS}.items():
            with without_indices(connection, table):
                connection.execute(statement, {"pattern": pattern})
        connection.execute("VACUUM ANALYZE")


VALUES = {
    "beginnings": list(BEGINNINGS),
    "endings": list(ENDINGS),
    "firsts": list(FIRST_NAMES),
    "rare": RARE,
    "rarely": RARELY,
    "alphabet": ALPHABET,
    "channels": [one.value for one in Channel],
    "heard": [one.value for one in HeardFrom],
    "heards": len(HeardFrom),
    "areas": [one.value for one in Area],
    "open": [one.value for one in OPEN],
    "opens": len(OPEN),
    "before": [one.value for one in BEFORE_APPLICATION],
    "befores": len(BEFORE_APPLICATION),
    "after": [one.value for one in AFTER_APPLICATION],
    "afters": len(AFTER_APPLICATION),
}
