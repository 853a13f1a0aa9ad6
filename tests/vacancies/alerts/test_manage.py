"""The pages behind the links: change, pause, keep, stop, and all alerts of a mailbox by a mailed link."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client

from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.logs import AccessLog
from portal.vacancies.alerts.models import (
    Alert,
    AlertMailbox,
    AlertStatus,
    AlertTold,
    Frequency,
    StopCount,
    StopReason,
)
from portal.vacancies.options import JobFamily
from tests.support.alerts import alert_mailbox, make_alert
from tests.support.builders import make_vacancy
from tests.support.client import JudgingClient
from tests.support.mailbox import Mailbox

WHO = "asha@example.com"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[Any]:
    with time_machine.travel(at, tick=False) as travel:
        yield travel


def made(db: Database, **changes: Any) -> Alert:
    with db.transaction() as session:
        return make_alert(session, **{"email": WHO, **changes})


def now_of(db: Database, alert: Alert) -> Alert:
    with db.reading() as session:
        return session.get_one(Alert, alert.id)


def page(alert: Alert, rest: str = "") -> str:
    return f"/alerts/{alert.token}{rest}"


def count(db: Database, kind: type[Any]) -> int:
    with db.reading() as session:
        return len(session.scalars(select(kind)).all())


def test_how_often_can_be_changed(client: JudgingClient, db: Database) -> None:
    alert = made(db)
    answer = client.post_form(page(alert), {"frequency": "weekly"}, action=page(alert, "/frequency"))
    assert "We have changed how often we look." in client.follow(answer).text
    changed = now_of(db, alert)
    assert changed.frequency is Frequency.WEEKLY
    assert changed.next_look_at == datetime.fromisoformat("2026-11-30T07:00:00+00:00")


@pytest.mark.parametrize("typed", ["hourly", "", "daily\x00x", None])
def test_another_rhythm_is_no_choice(typed: str | None, client: JudgingClient, db: Database) -> None:
    alert = made(db, frequency=Frequency.WEEKLY)
    answer = client.post_form(page(alert), {"frequency": typed}, action=page(alert, "/frequency"))
    assert answer.status_code == 422
    assert now_of(db, alert).frequency is Frequency.WEEKLY


def test_pause_and_start_again(client: JudgingClient, db: Database, at: datetime, clock: Any) -> None:
    alert = made(db)
    client.follow(client.post_form(page(alert), action=page(alert, "/pause")))
    assert now_of(db, alert).status is AlertStatus.PAUSED
    clock.shift(30 * DAY)
    client.follow(client.post_form(page(alert), action=page(alert, "/resume")))
    begun = now_of(db, alert)
    assert begun.status is AlertStatus.ACTIVE
    assert begun.told_until == at + 30 * DAY


def test_what_is_looked_for_is_changed_by_filtering(client: JudgingClient, db: Database) -> None:
    with db.transaction() as session:
        make_vacancy(session, title="Educational psychologist", family=JobFamily.PSYCHOLOGY)
        make_vacancy(session, title="Social worker")
    alert = made(db, search="q=psychologist")
    shown = client.get(page(alert, "/search"))
    assert "Educational psychologist" in shown.text
    assert "Social worker</strong>" not in shown.text
    wider = client.get(page(alert, "/search?q="))
    assert "Every new vacancy" in wider.text
    assert now_of(db, alert).search == "q=psychologist"
    address = page(alert, "/search?family=social_work&family=no-such&sort=salary&page=9&q=families")
    answer = client.post_form(address, action=page(alert, "/search"))
    assert "We have changed what we look for." in client.follow(answer).text
    assert now_of(db, alert).search == "q=families&family=social_work"


def test_keeping_answers_the_question(client: JudgingClient, db: Database, at: datetime) -> None:
    alert = made(db, kept_at=at - 400 * DAY, keep_by=at + 20 * DAY)
    assert "Do you want to keep this alert?" in client.get(page(alert)).text
    client.follow(client.post_form(page(alert), action=page(alert, "/keep")))
    kept = now_of(db, alert)
    assert (kept.keep_by, kept.kept_at) == (None, at)


def test_stopping_deletes_it_and_the_address_with_the_last_one(client: JudgingClient, db: Database) -> None:
    first, second = made(db), made(db, search="q=asye")
    for alert, left in ((first, 1), (second, 0)):
        answer = client.post_form(page(alert, "/stop"))
        assert client.follow(answer).page.h1 == "The alert is stopped"
        assert count(db, Alert) == count(db, AlertMailbox) * 1 == left


def test_a_stopped_alert_never_errors(client: JudgingClient, make_client: Callable, db: Database) -> None:
    alert = made(db)
    other = make_client()
    token = other.get(page(alert, "/stop")).page.first("input", name="csrf_token")
    client.post_form(page(alert, "/stop"))
    body = {"csrf_token": token["value"], "form_end": "1"}
    same_origin = {"Sec-Fetch-Site": "same-origin"}
    assert other.post(page(alert, "/stop"), data=body, headers=same_origin).status_code == 303
    assert other.get(page(alert, "/stop")).page.h1 == "The alert is stopped"
    for deed in ("/pause", "/resume", "/keep"):
        gone = other.post(page(alert, deed), data=body, headers=same_origin)
        assert (gone.status_code, gone.page.h1) == (410, "This alert is stopped")
    assert other.get(page(alert)).status_code == other.get(page(alert, "/search")).status_code == 410


def test_why_is_asked_afterwards_and_kept_with_nobody(client: JudgingClient, db: Database) -> None:
    assert client.post_form("/alerts/why", {}).status_code == 422
    for _ in range(2):
        assert client.follow(client.post_form("/alerts/why", {"reason": "too_many"})).page.h1 == "Thank you"
    with db.reading() as session:
        assert [(row.reason, row.number) for row in session.scalars(select(StopCount))] == [
            (StopReason.TOO_MANY, 2)
        ]
        assert not session.scalars(select(AuditEvent)).all()


def test_all_alerts_only_by_a_link_that_was_mailed(
    client: JudgingClient, db: Database, mailbox: Mailbox, clock: Any
) -> None:
    first, second = made(db, search="q=asye"), made(db, status=AlertStatus.PAUSED)
    made(db, status=AlertStatus.UNCONFIRMED, search="q=waiting")
    answers = [
        client.follow(client.post_form("/alerts/find", {"email": who})).text
        for who in ("ASHA@example.com", "nobody@example.com")
    ]
    assert answers[0] == answers[1]
    assert [mail.to for mail in mailbox] == [WHO]
    link = re.search(r"https://portal\.example\.org(/alerts/all/[\w-]+)", mailbox[0].body)
    assert link is not None
    assert mailbox[0].unsubscribe_url is None
    shown = client.get(link[1])
    for alert in (first, second):
        assert page(alert) in shown.text
    assert "waiting" not in shown.text
    clock.shift(DAY)
    assert client.get(link[1]).status_code == 410
    with db.reading() as session:
        token = alert_mailbox(session, now_of(db, first)).token
    assert client.get(f"/alerts/all/{token}").status_code == 410


def test_an_unconfirmed_mailbox_gets_no_link(client: JudgingClient, db: Database, mailbox: Mailbox) -> None:
    alert = made(db, status=AlertStatus.UNCONFIRMED)
    client.post_form("/alerts/find", {"email": WHO})
    assert len(mailbox) == 0
    assert client.get(page(alert)).status_code == 410


def test_these_pages_are_nobody_elses_business(client: JudgingClient, db: Database) -> None:
    alert = made(db)
    for address in ("/alerts/new", page(alert), page(alert, "/stop"), page(alert, "/search")):
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert "noindex" in answer.headers["X-Robots-Tag"]


def test_no_token_reaches_the_log(app: Flask, db: Database, caplog: pytest.LogCaptureFixture) -> None:
    alert = made(db)
    with db.reading() as session:
        tokens = [alert.token, alert_mailbox(session, alert).token]
    addresses = [
        page(alert),
        page(alert, "/stop"),
        page(alert, "/nothing"),
        f"/alerts/unsubscribe/{tokens[1]}",
    ]
    addresses += [f"/alerts/confirm/{tokens[0]}", f"/alerts/all/{tokens[0]}", f"/alerts/{tokens[0]}/"]
    logged = Client(AccessLog(app.wsgi_app))
    with caplog.at_level(logging.INFO, "portal.access"):
        for address in addresses:
            logged.get(address, base_url="https://portal.example.org").close()
    paths = [record.__dict__["path"] for record in caplog.records]
    assert len(paths) == len(addresses)
    assert not [path for path in paths if any(token in path for token in tokens)]


def test_erasure_on_request(db: Database, runner: Any) -> None:
    with db.transaction() as session:
        alert = make_alert(session, email=WHO)
        vacancy = make_vacancy(session)
        session.add(AlertTold(mailbox_id=alert.mailbox_id, vacancy_id=vacancy.id, told_at=vacancy.created_at))
    assert "active: 1\n" in runner.invoke(args=["alerts", "status"]).output
    assert (
        "nothing under this address"
        in runner.invoke(args=["alerts", "forget"], input="b@example.com\n").output
    )
    assert runner.invoke(args=["alerts", "forget"], input="nonsense\n").exit_code == 1
    assert "Deleted." in runner.invoke(args=["alerts", "forget"], input="ASHA@example.com\n").output
    assert count(db, Alert) == count(db, AlertMailbox) == count(db, AlertTold) == 0
