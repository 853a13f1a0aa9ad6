"""An application sent, against one durable insert of the same body."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from portal.applications.apply.journey import JOURNEY, VERSION
from portal.applications.candidates.models import ApplicationDraft, Candidate, holder_of
from portal.core import clock
from portal.core.database import Database
from portal.core.sessions import CSRF_FIELD, BrowserSession, StoredSession
from portal.journeys.models import Draft
from tests.applications.apply.filling import base, complete_answers, open_vacancy
from tests.bench.measure import Side, compare
from tests.bench.report import PageRow
from tests.bench.sites import Bench

TARGETS = (0.4, 0.75)
MOST_A_SECOND = 500
"""More than any machine here accepts: a turn must not run out of applicants."""

FIRST = 1_000_000
"""Ids from here on, so that rows can be written in bulk."""


class Applicants:
    """Signed-in candidates who have completed every section and only have to press the button."""

    def __init__(self, app: Flask, db: Database, base_url: str) -> None:
        self.app = app
        self.db = db
        self.host = base_url.removeprefix("http://")
        self.number = FIRST
        with db.transaction() as session:
            self.vacancy = open_vacancy(session, reference="SCC-CS-2026-BENCH", slug="bench-of-applying")
        self.answers = complete_answers(self.vacancy, "applicant@example.com").to_json()

    def requests(self, count: int) -> list[bytes]:
        """So many new applicants, stored, and the request with which each sends the application."""
        at = clock.now()
        people = [(self.number + n, secrets.token_urlsafe(32)) for n in range(count)]
        self.number += count
        with self.db.transaction() as session:
            for table, rows in self._rows(people, at):
                session.execute(insert(table), rows)
        return [self._request(identifier) for _number, identifier in people]

    def _rows(
        self, people: list[tuple[int, str]], at: datetime
    ) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
        earlier, vacancy = at - timedelta(minutes=10), self.vacancy.id
        emails = {number: f"applicant{number}@example.com" for number, _ in people}
        yield (
            Candidate,
            [
                {"id": n, "email": email, "email_key": email, "created_at": earlier, "signed_in_at": earlier}
                for n, email in emails.items()
            ],
        )
        yield (
            StoredSession,
            [
                {
                    "key": BrowserSession(identifier).key,
                    "data": {"candidate_id": n, "epoch": 1, "signed_in_at": earlier.isoformat()},
                    "created_at": earlier,
                    "seen_at": at,
                    "candidate_id": n,
                }
                for n, identifier in people
            ],
        )
        yield (
            Draft,
            [
                {
                    "journey": JOURNEY,
                    "journey_version": VERSION,
                    "holder": holder_of(n, vacancy),
                    "answers": self._own(emails[n]),
                    "version": 1,
                    "submission_key": secrets.token_hex(16),
                    "created_at": earlier,
                    "updated_at": at,
                    "expires_at": at + timedelta(days=30),
                }
                for n, _ in people
            ],
        )
        yield (
            ApplicationDraft,
            [
                {
                    "candidate_id": n,
                    "vacancy_id": vacancy,
                    "started_at": earlier,
                    "saved_at": at,
                    "reminded": [],
                }
                for n, _ in people
            ],
        )

    def _own(self, email: str) -> dict[str, Any]:
        steps = self.answers["steps"]
        return {**self.answers, "steps": {**steps, "details": {**steps["details"], "email": email}}}

    def _request(self, identifier: str) -> bytes:
        signer = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token")
        token = str(signer.dumps(BrowserSession(identifier)[CSRF_FIELD]))
        body = urlencode({"csrf_token": token, "answers_version": "1", "form_end": "1"}).encode()
        head = (
            f"POST {base(self.vacancy)}/check-answers HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Cookie: session={identifier}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def counts(self) -> dict[str, int]:
        """Rows that a sent application leaves, to be compared with the answers counted."""
        with self.db.reading() as session:
            return dict(row_counts(session))


def row_counts(session: Session) -> Iterator[tuple[str, int]]:
    """Applications, and the mails that belong to them."""
    for name, statement in {
        "applications": "SELECT count(*) FROM applications",
        "mails": "SELECT count(*) FROM outgoing_mails",
    }.items():
        yield name, session.scalar(text(statement)) or 0


def measure_application(bench: Bench) -> PageRow:
    """All of it: session, every section judged again, one transaction with history, mails and audit."""
    live = bench.council.live
    applicants = Applicants(bench.app, bench.db, live.base_url)
    before = applicants.counts()
    kept = str(applicants.answers).encode()
    head = (
        "POST /keep HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(kept)}\r\n\r\n"
    )
    ours = Side(
        bench.council.port,
        lambda seconds: applicants.requests(int(MOST_A_SECOND * seconds)),
        303,
        f"Location: {base(applicants.vacancy)}/confirmation",
        bench.processes(live.process),
        repeat=False,
    )
    sent = compare(ours, bench.limit_side(head.encode() + kept, 303, "Location: /kept"), bench.seconds)
    after = applicants.counts()
    new = {name: after[name] - before[name] for name in after}
    if new["applications"] < sent.our_count or new["mails"] != 2 * new["applications"]:
        raise ValueError(f"{sent.our_count} were sent, yet the database says {new}")
    return PageRow("application sent", sent, *TARGETS)
