"""The worker as a process: killed at the worst moment, told to stop, several at once."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import select, update

from portal import create_app
from portal.core import clock, jobs, mail, migrating
from portal.core.database import Database
from portal.core.mail import MailStatus, OutgoingMail
from portal.core.sessions import ROW_LIFETIME, StoredSession
from portal.core.worker import BEAT_EVERY, Worker
from tests.support.databases import TestDatabase
from tests.support.mailbox import Mailbox
from tests.support.processes import environment, running
from tests.support.settings import settings_for
from tests.support.smtp import FreePortController, Inbox


class Gate(Inbox):
    """A mail server that answers only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.holding = threading.Event()
        self.open = threading.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        answer = await super().handle_DATA(server, session, envelope)
        self.holding.set()
        self.open.wait(20)
        return answer


@pytest.fixture
def gate() -> Iterator[tuple[Gate, str]]:
    """Such a server and its port."""
    inbox = Gate()
    controller = FreePortController(inbox, hostname="127.0.0.1")
    controller.start()
    yield inbox, str(controller.port)
    inbox.open.set()
    controller.stop(no_assert=True)


def queue(db: Database, *to: str, at: datetime) -> None:
    with db.transaction() as session:
        for address in to:
            session.add(
                OutgoingMail(
                    to=address,
                    subject="Hello",
                    body="Hello\n",
                    purpose="test",
                    message_id=mail.new_message_id("no-reply@example.org"),
                    status=MailStatus.WAITING,
                    created_at=at,
                    next_try_at=at,
                    waiting_since=at,
                    give_up_at=at + mail.GIVE_UP,
                    attempts=0,
                    lost_claims=0,
                )
            )


def test_killed_between_sending_and_marking(
    db: Database, database: TestDatabase, mailbox: Mailbox, gate: tuple[Gate, str], tmp_path: Path
) -> None:
    inbox, port = gate
    queue(db, "a@example.org", at=clock.now())
    env = environment(tmp_path, database.url, SMTP_PORT=port)
    with running("worker", env=env) as first:
        assert inbox.holding.wait(30), first.output
        first.stop(signal.SIGKILL)  # the server has the mail, the database does not know
    inbox.open.set()
    [row] = mailbox
    assert (row.status, row.claimed_until is not None) == (MailStatus.WAITING, True)
    with db.transaction() as session:  # five minutes later
        session.execute(update(OutgoingMail).values(claimed_until=clock.now()))
    with running("worker", "--once", env=env) as second:
        assert second.finish() == 0, second.output
    with running("worker", "--once", env=env) as third:
        assert third.finish() == 0, third.output
    assert [message["Message-ID"] for message in inbox.messages] == [row.message_id] * 2
    assert mailbox[0].status is MailStatus.SENT


def test_told_to_stop_it_finishes_the_mail_in_its_hands(
    db: Database, database: TestDatabase, mailbox: Mailbox, gate: tuple[Gate, str], tmp_path: Path
) -> None:
    inbox, port = gate
    queue(db, "a@example.org", "b@example.org", at=clock.now())
    with running("worker", env=environment(tmp_path, database.url, SMTP_PORT=port)) as worker:
        assert inbox.holding.wait(30), worker.output
        worker.popen.send_signal(signal.SIGTERM)
        inbox.open.set()
        assert worker.finish() == 0, worker.output
    assert [row.status for row in mailbox] == [MailStatus.SENT, MailStatus.WAITING]
    assert '"message": "the worker has stopped"' in worker.output


def test_a_mail_server_that_comes_back_gets_the_mail_without_help(
    db: Database, database: TestDatabase, gate: tuple[Gate, str], tmp_path: Path
) -> None:
    inbox, port = gate
    inbox.open.set()
    with running("worker", env=environment(tmp_path, database.url, SMTP_PORT=port)) as worker:
        worker.wait_for("the worker has started")
        queue(db, "a@example.org", at=clock.now())  # while it is idle
        inbox.wait_for(1)
        assert worker.stop() == 0


def test_a_round_does_one_of_each_and_says_whether_there_was_anything(
    app: Flask, db: Database, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def note(_session: Any, payload: dict[str, Any], _at: datetime) -> None:
        done.append(payload["name"])

    empty = jobs.Registry(handlers={"note": note})
    monkeypatch.setitem(app.extensions, "portal.jobs", empty)
    with db.transaction() as session:
        for name in ("one", "two"):
            jobs.enqueue(session, "note", {"name": name}, run_at=at)
    worker = Worker(app)
    assert worker.round(at)
    assert done == ["one"]
    assert worker.round(at)
    assert not worker.round(at)
    assert done == ["one", "two"]


def test_its_heart_beats_now_and_then_not_at_every_round(
    app: Flask, db: Database, at: datetime, statements: Callable[[], Any]
) -> None:
    worker = Worker(app)
    worker.round(at)
    with statements() as found:
        worker.round(at + timedelta(seconds=1))
    assert not [statement for statement in found if "worker_heartbeats" in statement]
    worker.round(at + BEAT_EVERY)
    with db.reading() as session:
        assert jobs.last_beat(session) == at + BEAT_EVERY


def test_the_nightly_work_of_the_portal_runs_without_failing(app: Flask, db: Database, at: datetime) -> None:
    worker = Worker(app)
    while worker.round(at):
        pass
    with db.reading() as session:
        left = session.execute(select(jobs.Job.kind, jobs.Job.last_error)).all()
        nights = set(session.scalars(select(jobs.NightlyRun.name)))
    assert left == []
    assert {"throttle-windows", "outgoing-mails", "sessions"} <= nights


def test_sessions_that_have_run_out_are_deleted_at_night(app: Flask, db: Database, at: datetime) -> None:
    with db.transaction() as session:
        for key, seen in (("old", at - ROW_LIFETIME - timedelta(seconds=1)), ("new", at - ROW_LIFETIME)):
            session.add(StoredSession(key=key, data={}, created_at=seen, seen_at=seen))
    worker = Worker(app)
    while worker.round(at):
        pass
    with db.reading() as session:
        assert session.scalars(select(StoredSession.key)).all() == ["new"]


class Heard(logging.Handler):
    """Says when the worker has complained."""

    def __init__(self) -> None:
        super().__init__()
        self.complaint = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() == "the worker could not work":
            self.complaint.set()


def test_a_database_in_trouble_is_waited_for(database: TestDatabase, tmp_path: Path) -> None:
    heard = Heard()
    logging.getLogger("portal.worker").addHandler(heard)
    with database.spare() as url:  # no tables yet: nothing the worker does can succeed
        worker = Worker(create_app(settings_for(tmp_path, url)))
        working = threading.Thread(target=worker.run)
        working.start()
        assert heard.complaint.wait(20)
        healer = Database(url)
        migrating.upgrade(healer)
        deadline = time.monotonic() + 20
        seen = None
        while seen is None and time.monotonic() < deadline:
            with healer.reading() as session:
                seen = jobs.last_beat(session)
            time.sleep(0.05)
        worker.stop()
        working.join(20)
        healer.dispose()
    logging.getLogger("portal.worker").removeHandler(heard)
    assert seen is not None
