"""One click (RFC 8058): the headers as a mail server gets them, and the POST as mail programs send it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.database import Database
from portal.core.mail import queue_mail
from portal.core.mail_delivery import Postman
from portal.core.mail_transport import SmtpTransport
from portal.core.sessions import StoredSession
from portal.council import load_council
from portal.settings import Smtp
from portal.vacancies.alerts.models import Alert, AlertMailbox
from portal.vacancies.alerts.sending import send_batch
from tests.support.alerts import alert_mailbox, make_alert
from tests.support.builders import make_vacancy
from tests.support.client import JudgingClient
from tests.support.smtp import SmtpServer

ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def address(db: Database, at: datetime) -> str:
    """Where the only mailbox unsubscribes."""
    with db.transaction() as session:
        alert = make_alert(session, at=at)
        make_alert(session, email=alert.email, at=at, search="q=asye")
        return f"/alerts/unsubscribe/{alert_mailbox(session, alert).token}"


def left(db: Database) -> int:
    with db.reading() as session:
        return len(session.scalars(select(Alert)).all())


def deliver(db: Database, smtp: SmtpServer, at: datetime, **options: Any) -> None:
    server = Smtp(host=smtp.host, port=smtp.port, tls="none")
    postman = Postman(
        db, SmtpTransport(server, "Council <no-reply@example.org>"), "no-reply@example.org", **options
    )
    while postman.deliver_next(at):
        pass
    postman.transport.close()


@pytest.mark.parametrize("mailto", ["", "unsubscribe-from-vacancy-alerts@children.southampton.example.org"])
def test_the_headers_as_they_arrive(
    mailto: str, db: Database, at: datetime, app: Flask, smtp: SmtpServer
) -> None:
    with db.transaction() as session:
        alert = make_alert(session, at=at)
        token = alert_mailbox(session, alert).token
        make_vacancy(session, publish_at=at, approved_at=at.replace(hour=11))
    with app.app_context(), db.transaction() as session:
        assert send_batch(session, at.replace(hour=12), load_council().alerts).mails == 1
    deliver(db, smtp, at.replace(hour=12), unsubscribe_email=mailto)
    raw = bytes(smtp.inbox.envelopes[0].content or b"")
    address = f"<https://portal.example.org/alerts/unsubscribe/{token}>"
    rest = f", <mailto:{mailto}?subject=unsubscribe>" if mailto else ""
    assert f"\r\nList-Unsubscribe: {address}{rest}\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    message = smtp.inbox.messages[0]
    assert message.get_all("List-Unsubscribe") == [address + rest]
    assert len(message.get_all("To", [])) == 1


def test_no_other_mail_has_them(db: Database, at: datetime, app: Flask, smtp: SmtpServer) -> None:
    facts = {"token": "x" * 43, "until": at}
    with app.app_context(), db.transaction() as session:
        queue_mail(
            session,
            to="a@example.com",
            template="vacancy_alerts_list",
            facts=facts,
            at=at,
            purpose="alerts.list",
        )
    deliver(db, smtp, at, unsubscribe_email="stop@example.org")
    assert not [name for name in smtp.inbox.messages[0] if name.lower().startswith("list-")]


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/a>\r\nBcc: b@example.com",
        "https://x.example/a>, <https://evil.example/",
        "https://x.example/a b",
        "javascript:alert(1)",
        "https://x.example/" + "a" * 500,
        "https://x.exämple/",
        "",
    ],
)
def test_an_address_that_breaks_the_header_is_refused(
    url: str, db: Database, at: datetime, app: Flask
) -> None:
    facts = {"token": "x" * 43, "until": at}
    with app.app_context(), db.transaction() as session, pytest.raises(ValueError, match="header"):
        queue_mail(
            session,
            to="a@example.com",
            template="vacancy_alerts_list",
            facts=facts,
            at=at,
            purpose="alerts.list",
            unsubscribe_url=url,
        )


BODIES = {
    "a form": {"data": ONE_CLICK, "content_type": FORM},
    "multipart": {"data": {"List-Unsubscribe": "One-Click"}, "content_type": "multipart/form-data"},
    "without a type": {"data": ONE_CLICK},
    "as text": {"data": ONE_CLICK + "\r\n", "content_type": "text/plain"},
}
HEADERS: dict[str, dict[str, str]] = {
    "a mail program": {},
    "a browser on another site": {"Origin": "https://mail.example.com", "Sec-Fetch-Site": "cross-site"},
    "no origin": {"Origin": "null"},
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("who", HEADERS)
def test_one_click_from_anywhere_without_session_or_redirect(
    who: str, body: str, client: JudgingClient, db: Database, address: str
) -> None:
    for _ in range(2):
        answer = client.post(address, headers=HEADERS[who], **BODIES[body])
        assert answer.status_code == 200
        assert "Location" not in answer.headers
        assert not answer.headers.getlist("Set-Cookie")
        assert left(db) == 0
    with db.reading() as session:
        assert not session.scalars(select(AlertMailbox)).all()
        assert not session.scalars(select(StoredSession)).all()


def test_an_unknown_mailbox_is_answered_the_same(client: JudgingClient, db: Database, address: str) -> None:
    known = client.post(address, data=ONE_CLICK, content_type=FORM)
    unknown = client.post("/alerts/unsubscribe/" + "x" * 43, data=ONE_CLICK, content_type=FORM)
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)


@pytest.mark.parametrize(
    "body", ["", "List-Unsubscribe=", "List-Unsubscribe=one-click", "form_end=1", "x" * 1000]
)
def test_another_body_changes_nothing(body: str, client: JudgingClient, db: Database, address: str) -> None:
    answer = client.post(address, data=body, content_type=FORM)
    assert answer.status_code == 400
    assert left(db) == 2


def test_a_get_only_asks_and_a_person_confirms(client: JudgingClient, db: Database, address: str) -> None:
    for method in ("GET", "HEAD"):
        assert client.open(address, method=method).status_code == 200
    assert left(db) == 2
    answer = client.post_form(address)
    assert client.follow(answer).page.h1 == "Your alerts are stopped"
    assert left(db) == 0


def test_nothing_else_is_exempt(client: JudgingClient, db: Database, address: str) -> None:
    with db.reading() as session:
        alert = session.scalars(select(Alert).limit(1)).one()
    for path in ("stop", "pause", "keep", "resume", "frequency"):
        answer = client.post(f"/alerts/{alert.token}/{path}", data=ONE_CLICK, content_type=FORM)
        assert answer.status_code == 400
    assert client.post(f"{address}/all", data=ONE_CLICK, content_type=FORM).status_code == 400
    assert left(db) == 2
