"""Outgoing mail as rows: one recipient, clean headers, in the transaction it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader, UndefinedError
from sqlalchemy import select

from portal.core import mail
from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.calendar_entry import CalendarEntry
from portal.core.database import Database
from portal.core.errors import InvalidTransition, NotFound
from portal.core.mail import MailStatus, OutgoingMail
from portal.core.mail_delivery import compose
from tests.support.calendar_checker import judge_calendar, read_calendar
from tests.support.mailbox import Mailbox

TEMPLATES = {
    "email/hello.txt": "Subject: About {{ reference }}\n\nHello,\n\n{{ link('health.alive', q='a b') }}\n",
    "email/no_subject.txt": "Hello\n\nthere\n",
    "email/no_body.txt": "Subject: Hello\n",
    "email/empty_subject.txt": "Subject: {{ reference }}\n\nHello\n",
}
LINE_ENDS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029\x00"


@pytest.fixture(autouse=True)
def templates(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    loader = app.jinja_env.loader
    assert loader is not None
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([DictLoader(TEMPLATES), loader]))
    monkeypatch.setattr(app.jinja_env, "bytecode_cache", None)
    with app.app_context():
        yield


def queue(db: Database, at: datetime, **changes: Any) -> int:
    values = {
        "to": "somebody@example.org",
        "template": "hello",
        "facts": {"reference": "FOS-26-ABCDE"},
        "at": at,
        "purpose": "test",
    }
    with db.transaction() as session:
        queued = mail.queue_mail(session, **{**values, **changes})
        session.flush()
        return queued.id


def test_a_mail_is_a_row_with_subject_body_and_links_on_the_base_address(
    db: Database, mailbox: Mailbox, at: datetime
) -> None:
    queue(db, at)
    [queued] = mailbox
    assert (queued.to, queued.subject, queued.status) == (
        "somebody@example.org",
        "About FOS-26-ABCDE",
        MailStatus.WAITING,
    )
    assert queued.body == "Hello,\n\nhttps://portal.example.org/health?q=a+b\n"
    assert queued.message_id.endswith("@example.org>")


def test_a_links_host_never_comes_from_the_request(
    app: Flask, db: Database, mailbox: Mailbox, at: datetime
) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    with app.test_request_context("/", method="POST", headers=headers):
        queue(db, at)
    assert "https://portal.example.org/health" in mailbox[0].body
    assert "evil" not in mailbox[0].body


def test_what_is_rolled_back_sends_nothing(db: Database, mailbox: Mailbox, at: datetime) -> None:
    def accept_and_fail() -> None:
        with db.transaction() as session:
            mail.queue_mail(
                session, to="a@example.org", template="hello", facts={"reference": "A"}, at=at, purpose="x"
            )
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        accept_and_fail()
    assert list(mailbox) == []


@pytest.mark.parametrize(
    "to",
    [
        "",
        "nobody",
        "a@example.org,b@example.org",
        "a@example.org;b@example.org",
        "a@example.org b@example.org",
        "Somebody <a@example.org>",
        "<a@example.org>",
        "a@example.org\r\nBcc: b@example.org",
        "\u212aelvin@example.org",
        *(f"a{end}b@example.org" for end in LINE_ENDS),
        *(f"a@exam{end}ple.org" for end in LINE_ENDS),
    ],
)
def test_anything_but_one_plain_address_is_refused(
    db: Database, mailbox: Mailbox, at: datetime, to: str
) -> None:
    with pytest.raises(ValueError, match="address"):
        queue(db, at, to=to)
    assert list(mailbox) == []


@pytest.mark.parametrize("end", LINE_ENDS)
def test_no_line_end_of_any_alphabet_reaches_a_header(
    db: Database, mailbox: Mailbox, at: datetime, end: str
) -> None:
    queue(db, at, facts={"reference": f"one{end}Bcc: b@example.org{end}{end}two"})
    [queued] = mailbox
    assert not set(queued.subject) & set(LINE_ENDS)
    raw = compose(queued, "no-reply@example.org").as_bytes()
    parsed = message_from_bytes(raw, policy=policy.default)
    assert parsed["Bcc"] is None
    assert parsed.get_all("To") == ["somebody@example.org"]
    assert str(parsed["Subject"]).startswith("About one")


def test_every_script_survives_the_journey(db: Database, mailbox: Mailbox, at: datetime) -> None:
    words = "Ŵyn Nguyễn Thị محمد 👩‍👩‍👧 é “quoted”"
    queue(db, at, facts={"reference": words})
    [queued] = mailbox
    parsed = message_from_bytes(compose(queued, "no-reply@example.org").as_bytes(), policy=policy.default)
    assert str(parsed["Subject"]) == f"About {words}"
    assert parsed["Message-ID"] == queued.message_id
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Date"].datetime == at


def test_a_long_subject_is_cut_and_long_lines_are_wrapped_for_the_wire(
    db: Database, mailbox: Mailbox, at: datetime
) -> None:
    queue(db, at, facts={"reference": "x" * 5000})
    assert len(mailbox[0].subject) == mail.LONGEST_SUBJECT
    raw = compose(mailbox[0], "no-reply@example.org").as_bytes()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("template", ["no_subject", "no_body"])
def test_a_template_without_subject_or_body_is_a_defect(db: Database, at: datetime, template: str) -> None:
    with pytest.raises(ValueError, match=template):
        queue(db, at, template=template)


def test_a_subject_of_nothing_visible_is_a_defect(db: Database, at: datetime) -> None:
    with pytest.raises(ValueError, match="empty_subject"):
        queue(db, at, template="empty_subject", facts={"reference": "\r\n\u200b"})


def test_a_fact_that_is_missing_is_a_defect(db: Database, at: datetime) -> None:
    with pytest.raises(UndefinedError):
        queue(db, at, facts={})


def give_up(db: Database, mail_id: int) -> None:
    with db.transaction() as session:
        row = session.get_one(OutgoingMail, mail_id)
        row.status, row.last_error, row.attempts = MailStatus.FAILED, "smtp-550", 3


def test_mail_that_was_given_up_is_shown_and_can_be_tried_again(
    db: Database, mailbox: Mailbox, at: datetime
) -> None:
    mail_id = queue(db, at)
    give_up(db, mail_id)
    with db.reading() as session:
        assert [found.id for found in mail.failed_mails(session)] == [mail_id]
    later = at + timedelta(days=10)
    with db.transaction() as session:
        mail.retry_mail(session, mail_id, by=Actor.system("test"), at=later)
    [row] = mailbox
    assert (row.status, row.next_try_at, row.give_up_at) == (MailStatus.WAITING, later, later + mail.GIVE_UP)
    with db.reading() as session:
        event = session.scalars(select(AuditEvent)).one()
    assert (event.event, event.facts) == ("operations.mail_retried", {"purpose": "test"})
    assert "somebody" not in repr(vars(event))


def test_only_mail_that_was_given_up_is_tried_again(db: Database, at: datetime) -> None:
    mail_id = queue(db, at)
    with pytest.raises(InvalidTransition), db.transaction() as session:
        mail.retry_mail(session, mail_id, by=Actor.system("test"), at=at)
    with pytest.raises(NotFound), db.transaction() as session:
        mail.retry_mail(session, mail_id + 1, by=Actor.system("test"), at=at)


def test_the_nightly_work_forgets_what_is_old_and_keeps_what_still_waits(
    db: Database, mailbox: Mailbox, at: datetime
) -> None:
    waiting, sent, given_up = queue(db, at), queue(db, at), queue(db, at)
    give_up(db, given_up)
    with db.transaction() as session:
        session.get_one(OutgoingMail, sent).status = MailStatus.SENT

    def left_after(days: int) -> set[int]:
        with db.transaction() as session:
            mail.delete_old_mails(session, at + timedelta(days=days))
        return {row.id for row in mailbox}

    assert left_after(30) == {waiting, sent, given_up}
    assert left_after(31) == {waiting, given_up}
    assert left_after(91) == {waiting}


def test_a_calendar_file_goes_with_the_mail_and_is_the_same_at_every_attempt(
    db: Database, mailbox: Mailbox, at: datetime
) -> None:
    summary = "Meeting,\u2028with; Zoë\\\r\nMETHOD:REQUEST"
    queue(db, at, calendar=entry(at, summary=summary, location="Civic Centre, Southampton"))
    composed = compose(mailbox[0], "Council <no-reply@example.org>").as_bytes()
    assert composed == compose(mailbox[0], "Council <no-reply@example.org>").as_bytes()
    body, file = message_from_bytes(composed, policy=policy.default).iter_parts()
    assert "Hello," in body.get_content()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "appointment.ics")
    document = file.get_payload(decode=True)
    assert judge_calendar(document) == []
    [event] = read_calendar(document).parts
    assert event.value("SUMMARY") == r"Meeting\, with\; Zoë\\ METHOD:REQUEST"
    assert event.value("DTSTART") == "20261123T100000Z"
    assert event.value("STATUS") == "CONFIRMED"


def test_a_cancelled_entry_takes_the_place_of_the_one_before(at: datetime) -> None:
    document = entry(at, cancelled=True, sequence=4).to_ical()
    assert judge_calendar(document) == []
    [event] = read_calendar(document).parts
    assert (event.value("STATUS"), event.value("SEQUENCE"), event.value("UID")) == (
        "CANCELLED",
        "4",
        "one@portal.example.org",
    )


def entry(at: datetime, **changes: Any) -> CalendarEntry:
    values = {
        "uid": "one@portal.example.org",
        "owner": "Southampton City Council",
        "summary": "Meeting",
        "description": "Come to the front desk.",
        "starts_at": at,
        "ends_at": at + timedelta(hours=1),
        "written_at": at,
        "sequence": 1,
    }
    return CalendarEntry(**{**values, **changes})
