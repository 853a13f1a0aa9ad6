"""`kill -9` while an application is being sent: all of it or nothing, and sending again gives exactly one.

The real production server; its worker processes are killed at KILL_ROUNDS moments (6 unless told), from the
first byte of the request to after the answer, and the server forks new ones.
"""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from portal.applications.candidates.models import ApplicationDraft, Candidate, SignInLink
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import ApplicationStatus, HistoryKind
from portal.core import clock
from portal.core.audit import AuditEvent, verify
from portal.core.database import Database
from portal.core.mail import OutgoingMail
from portal.core.throttle import ThrottleWindow
from portal.core.tokens import hash_of
from portal.journeys.models import Draft
from portal.vacancies.models import Vacancy
from tests.applications.apply.filling import base, complete_draft
from tests.support.applications import make_candidate
from tests.support.killing import Pace, Visitor, rounds, send_and_be_killed, served

ROUNDS = rounds(6)


@pytest.fixture
def server(app: Flask, database: Any, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`portal serve` with two workers on the test’s own database."""
    with served(database.url, tmp_path) as running:
        yield running


@pytest.fixture
def person(db: Database, vacancy: Vacancy) -> Candidate:
    """Somebody whose application only has to be sent."""
    with db.transaction() as session:
        person = make_candidate(session)
    complete_draft(db, vacancy, person)
    return person


def signed_in(db: Database, base_url: str, person: Candidate) -> Visitor:
    """By a link, as everybody."""
    token, at = secrets.token_urlsafe(32), clock.now()
    with db.transaction() as session:
        link = SignInLink(
            token_hash=hash_of(token),
            email=person.email,
            email_key=person.email_key,
            created_at=at,
            expires_at=at + timedelta(minutes=10),
        )
        session.add(link)
    visitor = Visitor(base_url)
    visitor.fill(f"/applications/sign-in/{token}", {})
    return visitor


def begin_again(db: Database, vacancy: Vacancy, person: Candidate, filled_in: dict[str, Any]) -> str:
    """The same answers as a draft that was not sent yet, and what was sent withdrawn; the new key."""
    key, at = secrets.token_urlsafe(32), clock.now()
    with db.transaction() as session:
        session.execute(update(Application).values(status=ApplicationStatus.WITHDRAWN, withdrawn_at=at))
        draft = session.scalars(select(Draft).where(Draft.journey == "application")).one()
        draft.answers, draft.reference, draft.submission_key = filled_in, None, key
        session.execute(delete(ThrottleWindow))
        session.execute(delete(ApplicationDraft))
        row = {"started_at": at, "saved_at": at, "closes_at_told": vacancy.closes_at, "reminded": []}
        session.add(ApplicationDraft(candidate_id=person.id, vacancy_id=vacancy.id, **row))
    return key


def counts(db: Database) -> tuple[int, ...]:
    """Applications, their first lines of history, their audit events, their mails."""
    received = ApplicationHistory.kind == HistoryKind.SUBMITTED
    sent = AuditEvent.event == "application.sent"
    with db.reading() as session:
        return tuple(
            session.scalar(wanted) or 0
            for wanted in (
                select(func.count()).select_from(Application),
                select(func.count()).select_from(ApplicationHistory).where(received),
                select(func.count()).select_from(AuditEvent).where(sent),
                select(func.count()).select_from(OutgoingMail),
            )
        )


def reference_of(db: Database, key: str) -> str | None:
    with db.reading() as session:
        return session.scalar(select(Application.reference).where(Application.submission_key == key))


def test_an_application_survives_kill_9_at_any_moment(
    server: tuple[subprocess.Popen[bytes], str], db: Database, vacancy: Vacancy, person: Candidate
) -> None:
    process, base_url = server
    visitor, check = signed_in(db, base_url, person), f"{base(vacancy)}/check-answers"
    with db.reading() as session:
        filled_in = session.scalars(select(Draft.answers)).one()
    pace = Pace(visitor.time_of_sending(check, {}), ROUNDS)
    broken = 0
    for round_ in range(1, ROUNDS + 1):
        moment = pace.moment(round_)
        key = begin_again(db, vacancy, person, filled_in)
        body = urlencode(visitor.form(check))
        seen, seconds = send_and_be_killed(visitor, process, check, body, moment)
        pace.note(seen, seconds)
        broken += seen is None
        applications, *rest, mails = counts(db)
        assert applications in (round_, round_ + 1)
        assert ([*rest], mails) == ([applications] * 2, 2 * applications), f"half of one after {moment} s"
        if seen == 303:
            assert applications == round_ + 1, "it was said to be sent for nothing"
        before = reference_of(db, key)
        assert visitor.send_again(check, {})[0] == 303
        assert counts(db) == (*(round_ + 1,) * 3, 2 * (round_ + 1))
        reference = reference_of(db, key)
        assert reference is not None
        assert before in (None, reference)
        assert reference in visitor.ask("GET", f"/applications/{reference}/confirmation")[2]
    assert broken, "no kill ever hit a request"
    with db.reading() as session:
        assert verify(session).intact
