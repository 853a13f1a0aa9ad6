"""Delivery: each mail once, whatever the mail server does. The server is real; the clock is passed in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from flask import Flask

from portal.core import mail
from portal.core.database import Database
from portal.core.mail import GIVE_UP, MailStatus, OutgoingMail
from portal.core.mail_delivery import LEASE, Postman, claim
from portal.core.mail_transport import FolderTransport, SmtpTransport, transport_for
from portal.settings import Smtp
from tests.support.mailbox import Mailbox
from tests.support.settings import settings_for
from tests.support.smtp import FreePortController, Inbox

MINUTE = timedelta(minutes=1)
SENDER = "Council <no-reply@example.org>"
AWAY = Smtp(host="127.0.0.1", port=1, tls="none")


class Moody(Inbox):
    """A mail server that answers recipients and letters as a test tells it to."""

    def __init__(self) -> None:
        super().__init__()
        self.to: dict[str, str] = {}
        self.sender = "250 OK"
        self.hangs_up: set[str] = set()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.sender

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.hangs_up:
            assert server.transport is not None
            server.transport.close()
        answer = self.to.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    @property
    def received(self) -> list[str]:
        """To whom letters came, in order."""
        return [envelope.rcpt_tos[0] for envelope in self.envelopes]


class Server:
    """The mail server of one test, which can go away and come back on the same port."""

    def __init__(self, **options: Any) -> None:
        self.inbox = Moody()
        self.options = options
        self.controller = FreePortController(self.inbox, hostname="127.0.0.1", **options)
        self.controller.start()

    @property
    def smtp(self) -> Smtp:
        return Smtp(host="127.0.0.1", port=self.controller.port, tls="none")


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.controller.stop(no_assert=True)


@pytest.fixture
def postman(db: Database, server: Server) -> Iterator[Postman]:
    transport = SmtpTransport(server.smtp, SENDER)
    yield Postman(db, transport, SENDER)
    transport.close()


Queue = Callable[..., int]


@pytest.fixture
def queue(app: Flask, db: Database, at: datetime) -> Queue:
    """Queue a mail to one address and return its id; written without a template."""

    def add(to: str = "a@example.org", **changes: Any) -> int:
        values: dict[str, Any] = {
            "to": to,
            "subject": "About FOS-26-ABCDE",
            "body": "Hello\n\n.\n..two dots\n",
            "purpose": "test",
            "message_id": mail.new_message_id("no-reply@example.org"),
            "status": MailStatus.WAITING,
            "created_at": at,
            "next_try_at": at,
            "waiting_since": at,
            "give_up_at": at + GIVE_UP,
            "attempts": 0,
            "lost_claims": 0,
        }
        with db.transaction() as session:
            row = OutgoingMail(**{**values, **changes})
            session.add(row)
            session.flush()
            return row.id

    return add


def deliver(postman: Postman, at: datetime) -> int:
    count = 0
    while postman.deliver_next(at):
        count += 1
    return count


def only(mailbox: Mailbox) -> OutgoingMail:
    [row] = mailbox
    return row


def test_a_mail_arrives_as_written_and_its_text_is_kept_no_longer(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    queue()
    assert deliver(postman, at) == 1
    [message] = server.inbox.messages
    assert server.inbox.envelopes[0].mail_from == "no-reply@example.org"
    assert server.inbox.received == ["a@example.org"]
    assert message["From"] == SENDER
    assert message.get_content().replace("\r\n", "\n") == "Hello\n\n.\n..two dots\n"
    row = only(mailbox)
    assert (row.status, row.sent_at, row.body, row.attempts) == (MailStatus.SENT, at, "", 1)
    assert message["Message-ID"] == row.message_id
    assert deliver(postman, at + 365 * 24 * 60 * MINUTE) == 0


def test_a_refused_mail_has_failed_and_the_others_arrive(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    server.inbox.to["bad@example.org"] = "550 5.1.1 no such user bad@example.org"
    for to in ("one@example.org", "bad@example.org", "two@example.org"):
        queue(to)
    assert deliver(postman, at) == 3
    assert server.inbox.received == ["one@example.org", "two@example.org"]
    [failed] = mailbox.to("bad@example.org")
    assert (failed.status, failed.last_error) == (MailStatus.FAILED, "smtp-550")
    assert failed.body
    assert deliver(postman, at + 80 * 60 * MINUTE) == 0


def test_a_letter_refused_after_its_text_has_failed_too(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    server.inbox.answer = "554 looks like spam"
    queue()
    deliver(postman, at)
    assert (only(mailbox).status, only(mailbox).last_error) == (MailStatus.FAILED, "smtp-554")


def test_a_recipient_who_says_later_is_asked_less_and_less_often_for_three_days(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    server.inbox.to["a@example.org"] = "451 4.7.1 greylisted"
    queue()
    pauses, now = [], at
    while only(mailbox).status is MailStatus.WAITING:
        assert deliver(postman, now) == 1
        row = only(mailbox)
        pauses.append((row.next_try_at - now) // MINUTE)
        assert row.status is MailStatus.FAILED or row.waiting_since == row.next_try_at  # no alarm
        now = row.next_try_at
    assert pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert only(mailbox).last_error == "smtp-451"
    assert at + GIVE_UP - 60 * MINUTE <= now <= at + GIVE_UP + 60 * MINUTE


def test_a_greylisted_mail_arrives_when_asked_again(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    server.inbox.to["a@example.org"] = "451 4.7.1 greylisted"
    queue()
    queue("b@example.org")
    assert deliver(postman, at) == 2
    assert server.inbox.received == ["b@example.org"]
    del server.inbox.to["a@example.org"]
    assert deliver(postman, at + MINUTE) == 1
    assert server.inbox.received == ["b@example.org", "a@example.org"]


def test_a_broken_connection_delays_one_mail_and_not_the_others(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    server.inbox.hangs_up = {"a@example.org"}
    queue()
    queue("b@example.org")
    now = at
    for _ in range(6):
        assert deliver(postman, now) >= 1
        [row] = mailbox.to("a@example.org")
        assert row.next_try_at - now <= 8 * MINUTE
        now = row.next_try_at
    assert server.inbox.received == ["b@example.org"]
    assert row.waiting_since == at  # the alarm sees it
    server.inbox.hangs_up = set()
    assert deliver(postman, now) == 1
    assert server.inbox.received == ["b@example.org", "a@example.org"]


def test_a_server_away_for_an_hour_costs_no_mail_an_attempt_and_all_arrive_soon_after(
    db: Database, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    for number in range(5):
        queue(f"{number}@example.org")
    postman = Postman(db, SmtpTransport(AWAY, SENDER), SENDER)
    tries, now = 0, at
    while now < at + 60 * MINUTE:
        tries += deliver(postman, now)
        now += timedelta(seconds=1)
    assert 30 <= tries <= 45  # every two minutes, not every second
    assert {(row.attempts, row.status, row.waiting_since) for row in mailbox} == {(0, MailStatus.WAITING, at)}
    postman.transport = SmtpTransport(server.smtp, SENDER)
    while deliver(postman, now) == 0:
        now += timedelta(seconds=1)
    postman.transport.close()
    assert now < at + 63 * MINUTE
    assert sorted(server.inbox.received) == [f"{number}@example.org" for number in range(5)]


def test_a_refusal_of_our_sender_is_not_held_against_the_mails(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    queue()
    queue("b@example.org")
    now = at
    for server.inbox.sender in ("550 5.7.1 sender not allowed", "451 try later", "530 sign in first"):
        assert deliver(postman, now) == 1  # then the server is left in peace
        assert {(row.status, row.attempts) for row in mailbox} == {(MailStatus.WAITING, 0)}
        now += 2 * MINUTE
    server.inbox.sender = "250 OK"
    assert deliver(postman, now) == 2


def test_a_server_that_never_comes_back_is_given_up_after_three_days(
    db: Database, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    queue()
    postman = Postman(db, SmtpTransport(AWAY, SENDER), SENDER)
    deliver(postman, at + GIVE_UP)
    assert only(mailbox).status is MailStatus.FAILED


def test_a_late_sign_in_link_is_not_sent(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    queue(expires_at=at + 10 * MINUTE)
    queue("b@example.org", expires_at=at + 20 * MINUTE)
    deliver(postman, at + 10 * MINUTE)
    assert server.inbox.received == ["b@example.org"]
    [late] = mailbox.to("a@example.org")
    assert (late.status, late.body, late.claimed_until) == (MailStatus.EXPIRED, "", None)


def test_a_worker_killed_between_sending_and_marking_causes_one_duplicate_with_the_same_id(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    queue()
    with postman.database.transaction() as session:
        claimed = claim(session, at)
    assert claimed is not None
    postman._send(claimed, at)  # and here it is killed
    assert deliver(postman, at + LEASE - timedelta(seconds=1)) == 0
    assert deliver(postman, at + LEASE) == 1
    assert deliver(postman, at + 10 * LEASE) == 0
    first, second = server.inbox.messages
    assert first["Message-ID"] == second["Message-ID"] == only(mailbox).message_id
    assert first.as_bytes() == second.as_bytes()


def test_a_worker_that_comes_late_does_not_overrule_the_one_that_took_over(
    db: Database, postman: Postman, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    queue()
    with db.transaction() as session:
        claimed = claim(session, at)
    assert claimed is not None
    assert deliver(postman, at + LEASE) == 1
    postman._mark(claimed, lambda row: setattr(row, "status", MailStatus.FAILED), at + LEASE)
    assert only(mailbox).status is MailStatus.SENT


def test_a_mail_that_kills_its_workers_is_taken_out_and_the_rest_arrive(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    queue()
    now = at
    for _ in range(3):
        with postman.database.transaction() as session:
            assert claim(session, now) is not None
        now += LEASE
    queue("b@example.org")
    deliver(postman, now)
    [poison] = mailbox.to("a@example.org")
    assert (poison.status, poison.last_error) == (MailStatus.FAILED, "worker-lost")
    assert server.inbox.received == ["b@example.org"]


def test_a_mail_that_cannot_be_composed_is_isolated_at_once(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    queue(subject="two\nlines")
    queue("b@example.org")
    assert deliver(postman, at) == 2
    [poison] = mailbox.to("a@example.org")
    assert (poison.status, poison.last_error) == (MailStatus.FAILED, "unsendable")
    assert server.inbox.received == ["b@example.org"]


def test_four_workers_send_each_mail_once(db: Database, server: Server, queue: Queue, at: datetime) -> None:
    wanted = [f"{number:03}@example.org" for number in range(60)]
    for to in wanted:
        queue(to)

    def work() -> None:
        transport = SmtpTransport(server.smtp, SENDER)
        deliver(Postman(db, transport, SENDER), at)
        transport.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(server.inbox.received) == wanted


def test_nothing_is_locked_while_the_server_thinks(
    db: Database, postman: Postman, server: Server, queue: Queue, at: datetime
) -> None:
    seen: list[bool] = []

    class Slow(Moody):
        async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
            with db.transaction() as session:  # would wait, and then fail, if delivery held a lock
                row = session.get_one(OutgoingMail, mail_id, with_for_update={"nowait": True})
                seen.append(row.claimed_until is not None)
            return "250 OK"

    mail_id = queue()
    server.controller.handler.handle_DATA = Slow().handle_DATA  # type: ignore[attr-defined]
    assert deliver(postman, at) == 1
    assert seen == [True]


def test_the_connection_is_kept_from_one_mail_to_the_next_and_made_again_when_it_is_gone(
    postman: Postman, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    transport = postman.transport
    assert isinstance(transport, SmtpTransport)
    queue()
    queue("b@example.org")
    postman.deliver_next(at)
    first = transport.connection
    postman.deliver_next(at)
    assert transport.connection is first
    assert first is not None
    assert first.sock is not None
    first.sock.close()
    queue("c@example.org")
    assert deliver(postman, at) == 1
    assert {row.attempts for row in mailbox} == {1}
    assert len(server.inbox.received) == 3


def test_signing_in_to_the_server(db: Database, queue: Queue, mailbox: Mailbox, at: datetime) -> None:
    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    server = Server(authenticator=check, auth_require_tls=False)
    queue()
    for password, delivered in (("wrong", 0), ("right", 1)):
        smtp = Smtp(host="127.0.0.1", port=server.controller.port, tls="none", user="u", password=password)
        transport = SmtpTransport(smtp, SENDER)
        deliver(Postman(db, transport, SENDER), at)
        transport.close()
        assert len(server.inbox.received) == delivered
        assert only(mailbox).last_error == (None if delivered else "smtp-535")
    server.controller.stop(no_assert=True)


def test_a_server_that_offers_no_encryption_gets_nothing(
    db: Database, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    queue()
    smtp = Smtp(host="127.0.0.1", port=server.controller.port, tls="starttls")
    deliver(Postman(db, SmtpTransport(smtp, SENDER), SENDER), at)
    assert server.inbox.envelopes == []
    assert (only(mailbox).status, only(mailbox).attempts) == (MailStatus.WAITING, 0)


def test_without_a_server_mails_become_files_whole_or_not_at_all(
    db: Database, queue: Queue, mailbox: Mailbox, at: datetime, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path, "sqlite://", smtp=None)
    transport = transport_for(settings)
    assert isinstance(transport, FolderTransport)
    postman = Postman(db, transport, SENDER)
    queue()
    queue("b@example.org")
    assert deliver(postman, at) == 2
    files = sorted((settings.instance / "mail").iterdir())
    assert len(files) == 2
    assert {file.suffix for file in files} == {".eml"}
    assert all(file.name.startswith("20261123T100000Z-") for file in files)
    assert b"To: a@example.org" in files[0].read_bytes() + files[1].read_bytes()
    with db.transaction() as session:  # a worker killed before it marked them writes the same files again
        for row in mailbox:
            session.get_one(OutgoingMail, row.id).status = MailStatus.WAITING
    assert deliver(postman, at + LEASE) == 2
    assert sorted((settings.instance / "mail").iterdir()) == files


def test_a_calendar_file_arrives_with_its_mail_and_is_kept_no_longer_either(
    db: Database, server: Server, queue: Queue, mailbox: Mailbox, at: datetime
) -> None:
    queue(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    transport = SmtpTransport(server.smtp, SENDER)
    deliver(Postman(db, transport, SENDER), at)
    transport.close()
    [envelope] = server.inbox.envelopes
    assert b'filename="appointment.ics"' in (envelope.original_content or b"")
    assert (only(mailbox).status, only(mailbox).calendar) == (MailStatus.SENT, None)
    queue("late@example.org", calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", expires_at=at)
    deliver(Postman(db, transport, SENDER), at)
    assert [row.calendar for row in mailbox] == [None, None]
