"""/health and /ready: what a monitor relies on, and what a stranger must not learn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from portal import create_app
from portal.core import jobs, mail
from portal.core.database import Database
from portal.core.mail import MailStatus, OutgoingMail
from portal.core.schema import head
from tests.support.databases import TestDatabase
from tests.support.ports import free_port
from tests.support.settings import settings_for

MINUTE = timedelta(minutes=1)
Ask = Callable[[str], tuple[int, dict[str, Any]]]


@pytest.fixture
def ask(app: Flask) -> Ask:
    """Status and JSON of a path; also that the answer is neither kept nor tied to a person."""

    def asked(path: str, of: Flask = app) -> tuple[int, dict[str, Any]]:
        plain: FlaskClient = of.test_client()
        answer = plain.get(path, base_url="https://portal.example.org")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        return answer.status_code, answer.get_json()

    return asked


def wait(db: Database, since: datetime, **changes: Any) -> None:
    """A mail that waits since then."""
    values: dict[str, Any] = {
        "to": "a.person@example.org",
        "subject": "About a person",
        "body": "Hello",
        "purpose": "test",
        "message_id": mail.new_message_id("no-reply@example.org"),
        "status": MailStatus.WAITING,
        "created_at": since,
        "next_try_at": since,
        "waiting_since": since,
        "give_up_at": since + mail.GIVE_UP,
        "attempts": 0,
        "lost_claims": 0,
    }
    with db.transaction() as session:
        session.add(OutgoingMail(**{**values, **changes}))


def test_alive_asks_nothing_of_anybody(ask: Ask, statements: Callable[[], Any]) -> None:
    with statements() as found:
        assert ask("/health") == (200, {"alive": True})
    assert found == []


def test_ready_when_everything_is_in_order(db: Database, ask: Ask, at: datetime) -> None:
    with db.transaction() as session:
        jobs.beat(session, at)
    with time_machine.travel(at + MINUTE, tick=False):
        assert ask("/ready") == (200, {"ready": True, "reasons": [], "notes": []})


def test_a_silent_worker_is_noted_but_pages_are_still_served(db: Database, ask: Ask, at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        status, answer = ask("/ready")
    assert (status, answer["ready"]) == (200, True)
    assert "no worker" in answer["notes"][0]
    with db.transaction() as session:
        jobs.beat(session, at)
    with time_machine.travel(at + 6 * MINUTE, tick=False):
        assert "no worker" in ask("/ready")[1]["notes"][0]


def test_mail_that_waits_longer_than_a_quarter_of_an_hour_raises_the_alarm(
    db: Database, ask: Ask, at: datetime
) -> None:
    wait(db, at)
    with time_machine.travel(at + 15 * MINUTE, tick=False):
        assert ask("/ready")[0] == 200
    with time_machine.travel(at + 16 * MINUTE, tick=False):
        status, answer = ask("/ready")
    assert status == 503
    assert answer["reasons"] == ["mail has been waiting for 16 minutes"]


@pytest.mark.parametrize("status", [MailStatus.SENT, MailStatus.FAILED, MailStatus.EXPIRED])
def test_mail_that_waits_no_more_raises_none(
    db: Database, ask: Ask, at: datetime, status: MailStatus
) -> None:
    wait(db, at, status=status)
    with time_machine.travel(at + 60 * MINUTE, tick=False):
        assert ask("/ready")[0] == 200


def test_a_recipient_who_says_later_raises_none(db: Database, ask: Ask, at: datetime) -> None:
    wait(db, at, next_try_at=at + 90 * MINUTE, waiting_since=at + 90 * MINUTE)
    with time_machine.travel(at + 60 * MINUTE, tick=False):
        assert ask("/ready")[0] == 200


def test_a_schema_of_another_version_is_a_reason(db: Database, ask: Ask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        status, answer = ask("/ready")
    finally:
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head()})
    assert status == 503
    assert "schema" in answer["reasons"][0]
    assert "0000" not in str(answer)


def test_a_database_that_is_away_is_a_reason_and_health_stays_alive(
    ask: Callable[..., Any], tmp_path: Path, database: TestDatabase
) -> None:
    away = (
        f"sqlite:///{tmp_path}/no/such/folder/portal.sqlite3"
        if database.kind == "sqlite"
        else f"postgresql+psycopg://portal:hunter2@127.0.0.1:{free_port()}/portal"
    )
    app = create_app(settings_for(tmp_path, away))
    status, answer = ask("/ready", app)
    assert (status, answer["reasons"]) == (503, ["the database does not answer"])
    assert "hunter2" not in str(answer)
    assert ask("/health", app)[0] == 200
    app.extensions["portal.database"].dispose()


def test_nothing_in_it_helps_a_stranger(db: Database, ask: Ask, at: datetime) -> None:
    wait(db, at)
    with time_machine.travel(at + 16 * MINUTE, tick=False):
        said = str(ask("/ready"))
    for secret in ("example.org", "About", "sqlite", "postgres", head() or "-", "Traceback"):
        assert secret not in said
