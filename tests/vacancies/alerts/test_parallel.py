"""Exactly once, whatever happens: several workers at once, one killed, the night's work twice."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select, update

from portal.core.database import Database
from portal.core.jobs import Job
from portal.council import load_council
from portal.vacancies.alerts import sending
from portal.vacancies.alerts.jobs import ASK, PACE, SEND
from portal.vacancies.alerts.models import Alert, AlertMailbox, AlertStatus
from portal.vacancies.alerts.sending import send_batch
from tests.support.alerts import make_alert
from tests.support.builders import make_vacancy
from tests.support.databases import TestDatabase
from tests.support.mailbox import Mailbox
from tests.support.processes import ROOT, environment
from tests.vacancies.alerts.conftest import Send

DAY = timedelta(days=1)
SETTINGS = load_council().alerts
MAILBOXES = 30

KILLED = """
import os, signal
from datetime import datetime
from portal import create_app
from portal.core.database import transaction
from portal.council import load_council
from portal.vacancies.alerts.sending import send_batch

app = create_app()
with app.app_context(), transaction() as session:
    done = send_batch(session, datetime.fromisoformat("{at}"), load_council().alerts)
    session.flush()
    assert done.mails == {mails}, done
    os.kill(os.getpid(), signal.SIGKILL)
"""


def prepare(db: Database, at: datetime, mailboxes: int = MAILBOXES) -> None:
    """One new advert, and mailboxes with two alerts each that find it."""
    with db.transaction() as session:
        make_vacancy(session, publish_at=at, approved_at=at, title="Social worker")
        for number in range(mailboxes):
            for search in ("q=social", "family=social_work"):
                make_alert(session, email=f"c{number}@example.com", at=at - DAY, search=search)


def test_several_workers_at_once_write_one_mail_each(
    app: Flask, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    prepare(db, at)
    begin, faults = threading.Barrier(4), []

    def work() -> None:
        begin.wait(20)
        try:
            with app.app_context(), db.transaction() as session:
                send_batch(session, at + DAY, SETTINGS)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            faults.append(error)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert not faults
    assert sorted(mail.to for mail in mailbox) == sorted(
        f"c{number}@example.com" for number in range(MAILBOXES)
    )


def test_a_worker_killed_before_it_commits_has_written_nothing(
    database: TestDatabase, db: Database, at: datetime, tmp_path: Path, send: Send
) -> None:
    mailbox = Mailbox(db)
    prepare(db, at, 5)
    script = KILLED.format(at=(at + DAY).isoformat(), mails=5)
    env = environment(tmp_path, database.url)
    killed = subprocess.run(
        [sys.executable, "-c", script], env=env, cwd=ROOT, capture_output=True, check=False
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert len(mailbox) == 0
    assert send(at + DAY) == (10, 5)
    assert send(at + DAY) == (0, 0)
    assert len(mailbox) == 5


def test_a_morning_goes_in_batches_and_leaves_the_mail_server_time(
    db: Database, at: datetime, work: Callable[[datetime], None], mailbox: Mailbox, monkeypatch
) -> None:
    monkeypatch.setattr(sending, "BATCH", 10)
    prepare(db, at)
    morning = (at + DAY).replace(hour=7)
    work(morning - timedelta(hours=3))
    assert len(mailbox) == 0
    with db.reading() as session:
        planned = {job.kind: job.run_at for job in session.scalars(select(Job)) if job.kind in (SEND, ASK)}
    assert planned == {SEND: morning, ASK: morning - timedelta(minutes=10)}
    work(morning)
    assert len(mailbox) == 5
    work(morning + 5 * PACE)
    assert len(mailbox) == 10
    for number in range(60):
        work(morning + timedelta(seconds=number + 2))
    assert len(mailbox) == MAILBOXES
    with db.reading() as session:
        assert not session.scalars(select(Job).where(Job.kind == SEND)).all()


def test_a_job_that_is_run_again_does_nothing_twice(
    db: Database, at: datetime, work: Callable[[datetime], None], mailbox: Mailbox
) -> None:
    prepare(db, at, 3)
    evening = (at + DAY).replace(hour=18)
    work(evening)
    assert len(mailbox) == 3
    with db.transaction() as session:
        session.add(Job(kind=SEND, key="again", payload={"day": "again"}, run_at=evening))
    work(evening)
    assert len(mailbox) == 3


def test_an_alert_stopped_meanwhile_is_left_out(
    app: Flask, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    prepare(db, at, 2)
    with db.transaction() as session:
        session.delete(session.scalars(select(AlertMailbox).limit(1)).one())
    with app.app_context(), db.transaction() as session:
        assert send_batch(session, at + DAY, SETTINGS).mails == 1
    assert len(mailbox) == 1


def test_the_night_deletes_what_is_past_its_time(
    db: Database, at: datetime, work: Callable[[datetime], None]
) -> None:
    night = (at + 30 * DAY).replace(hour=4)
    with db.transaction() as session:
        late = make_alert(session, status=AlertStatus.UNCONFIRMED, at=night - 7 * DAY)
        waiting = make_alert(session, status=AlertStatus.UNCONFIRMED, at=night - 6 * DAY)
        unanswered = make_alert(session, keep_by=night)
        asked = make_alert(session, keep_by=night + timedelta(seconds=1))
        both = make_alert(session, email=asked.email, keep_by=night - DAY)
        ids = {late.id, waiting.id, unanswered.id, asked.id, both.id}
    work(night)
    work(night)
    with db.reading() as session:
        assert set(session.scalars(select(Alert.id))) == {waiting.id, asked.id} < ids
        mailboxes = set(session.scalars(select(AlertMailbox.mailbox)))
    assert mailboxes == {waiting.email, asked.email}


def test_after_a_year_it_is_asked_once_and_deleted_without_an_answer(
    db: Database, at: datetime, work: Callable[[datetime], None], mailbox: Mailbox
) -> None:
    with db.transaction() as session:
        kept = make_alert(session, email="a@example.com", at=at, search="q=asye")
        other = make_alert(session, email="a@example.com", at=at, status=AlertStatus.PAUSED)
        make_vacancy(session, publish_at=at + 364 * DAY, approved_at=at + 364 * DAY, closes_at=at + 400 * DAY)
    year = (at + 365 * DAY).replace(hour=8)
    work(year - DAY)
    assert len(mailbox) == 0
    with db.transaction() as session:
        session.execute(update(Alert).values(next_look_at=year, told_until=at))
    work((at + 365 * DAY).replace(hour=11))
    (question,) = mailbox
    assert question.subject == "Do you want to keep your vacancy alerts?"
    assert question.unsubscribe_url is not None
    assert f"/alerts/{kept.token}\n" in question.body
    assert f"/alerts/{other.token}\n" in question.body
    assert "“asye”" in question.body
    work((at + 366 * DAY).replace(hour=11))
    assert [mail.purpose for mail in mailbox] == ["alerts.keep"]
    with db.transaction() as session:
        session.execute(update(Alert).where(Alert.id == kept.id).values(keep_by=None, kept_at=at + 367 * DAY))
    work((at + 396 * DAY).replace(hour=11))
    with db.reading() as session:
        assert list(session.scalars(select(Alert.id))) == [kept.id]
    assert [mail.purpose for mail in mailbox] == ["alerts.keep"]
