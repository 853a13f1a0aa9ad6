"""How mails leave: claim one, send it, mark it, each in its own short transaction.

Nothing is locked while a mail server thinks. A worker that dies between sending and marking causes at
most one duplicate, with the same Message-ID. What can go wrong is of four kinds:

- the server refuses this mail for good (5xx): it has failed, staff see it, the others go on;
- the recipient's side asks to come back later (4xx): it waits 1, 2, 4 … 60 minutes, for three days;
- the connection breaks while this mail is sent: it waits at most 8 minutes, the others go on;
- the server cannot be reached or will not let us in: nothing is counted against any mail, and the
  worker tries the server again after at most two minutes, so that all leave soon after its return.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, or_, select, update
from sqlalchemy.orm import Session

from portal.core.database import Database
from portal.core.mail import MailStatus, OutgoingMail
from portal.core.mail_transport import MailDeferred, MailRefused, ServerAway, Transport

log = logging.getLogger("portal.mail")

LEASE = timedelta(minutes=5)
"""How long a claim stands; longer than one mail can take with a server that answers slowly."""

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=60)
LONGEST_PAUSE_OURS = timedelta(minutes=8)
FIRST_SERVER_PAUSE = timedelta(seconds=5)
LONGEST_SERVER_PAUSE = timedelta(minutes=2)

UNSUBSCRIBE = "List-Unsubscribe"
CALENDAR_FILE = "appointment.ics"
"""Says nothing of what the appointment is about."""

GivenUp = Callable[[Session, OutgoingMail, datetime], None]

LOST_WORKERS = 3
"""A mail that was in the hands of so many workers when they died is taken out of the queue."""


class MailPolicy(EmailPolicy):
    """The library's rules for headers, but for one of them: it would encode an address too long for a line,
    and mail programs would find none.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The header as it is sent."""
        if name == UNSUBSCRIBE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = MailPolicy(linesep="\r\n")


class Postman:
    """Delivers what is due, and leaves a server that is away in peace for a while."""

    def __init__(
        self,
        database: Database,
        transport: Transport,
        sender: str,
        unsubscribe_email: str = "",
        given_up: GivenUp | None = None,
    ) -> None:
        self.database = database
        self.transport = transport
        self.sender = sender
        self.unsubscribe_email = unsubscribe_email
        self.given_up = given_up
        """Told of each mail that is given up, in the transaction that says so."""
        self.failures = 0
        self.pause_until: datetime | None = None

    def deliver_next(self, at: datetime) -> bool:
        """Try one mail that is due at `at`; returns False when there is none or the server is away."""
        if (self.pause_until is not None and at < self.pause_until) or not self._anything_due(at):
            return False
        with self.database.transaction() as session:
            mail = claim(session, at)
            self._tell(session, mail, at)
        if mail is None:
            return False
        if mail.status is MailStatus.WAITING:
            self._mark(mail, self._send(mail, at), at)
        return True

    def _anything_due(self, at: datetime) -> bool:
        with self.database.reading() as reader:
            return bool(reader.scalar(select(exists().where(due(at)))))

    def _send(self, mail: OutgoingMail, at: datetime) -> Callable[[OutgoingMail], None]:
        """Hand the mail over and say how its row changes."""
        try:
            self.transport.send(mail, compose(mail, self.sender, self.unsubscribe_email))
        except ServerAway as error:
            self._pause(error.code, at)
            return partial(release, reason=error, at=at)
        except MailDeferred as error:
            return partial(defer, reason=error, at=at)
        except MailRefused as error:
            return partial(fail, code=error.code)
        except Exception as error:
            # A mail that cannot even be composed must not stop those behind it.
            facts = {"kind": mail.purpose, "code": type(error).__name__}
            log.exception("a mail could not be sent", extra=facts)
            return partial(fail, code="unsendable")
        self.failures, self.pause_until = 0, None
        return partial(finish, at=at)

    def _pause(self, code: str, at: datetime) -> None:
        self.failures += 1
        pause = backed_off(FIRST_SERVER_PAUSE, self.failures, LONGEST_SERVER_PAUSE)
        self.pause_until = at + pause
        log.warning("the mail server is away", extra={"code": code, "seconds": int(pause.total_seconds())})

    def _tell(self, session: Session, mail: OutgoingMail | None, at: datetime) -> None:
        if self.given_up is not None and mail is not None and mail.status is MailStatus.FAILED:
            self.given_up(session, mail, at)

    def _mark(self, claimed: OutgoingMail, change: Callable[[OutgoingMail], None], at: datetime) -> None:
        """Note the outcome, unless the claim has run out and another worker has the mail."""
        with self.database.transaction() as session:
            row = session.get(OutgoingMail, claimed.id, with_for_update=True)
            if row is not None and row.claimed_until == claimed.claimed_until:
                row.claimed_until = None
                change(row)
                self._tell(session, row, at)


def due(at: datetime) -> ColumnElement[bool]:
    """The condition under which a mail may be claimed."""
    free = or_(OutgoingMail.claimed_until.is_(None), OutgoingMail.claimed_until <= at)
    return and_(OutgoingMail.status == MailStatus.WAITING, OutgoingMail.next_try_at <= at, free)


def claim(session: Session, at: datetime) -> OutgoingMail | None:
    """Take the mail that has waited longest; one that is too late, or kills workers, leaves the queue."""
    first = (
        select(OutgoingMail.id).where(due(at)).order_by(OutgoingMail.next_try_at, OutgoingMail.id).limit(1)
    )
    lost = case((OutgoingMail.claimed_until.is_not(None), 1), else_=0)
    taking = (
        update(OutgoingMail)
        .where(OutgoingMail.id == first.with_for_update(skip_locked=True).scalar_subquery())
        .values(
            claimed_until=at + LEASE,
            attempts=OutgoingMail.attempts + 1,
            lost_claims=OutgoingMail.lost_claims + lost,
        )
        .returning(OutgoingMail)
    )
    mail = session.scalars(taking, execution_options={"synchronize_session": False}).one_or_none()
    if mail is not None and mail.expires_at is not None and mail.expires_at <= at:
        mail.status, mail.body, mail.calendar, mail.claimed_until = MailStatus.EXPIRED, "", None, None
    elif mail is not None and mail.lost_claims >= LOST_WORKERS:
        mail.claimed_until = None
        fail(mail, "worker-lost")
    return mail


def compose(mail: OutgoingMail, sender: str, unsubscribe_email: str = "") -> EmailMessage:
    """The message as it goes over the wire; the same at every attempt."""
    message = EmailMessage(policy=POLICY)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    for name, value in unsubscribe_headers(mail, unsubscribe_email).items():
        message.add_header(name, value)
    message.set_content(mail.body, charset="utf-8", cte="quoted-printable")
    if mail.calendar is not None:
        message.add_attachment(
            mail.calendar.encode(),
            maintype="text",
            subtype="calendar",
            filename=CALENDAR_FILE,
            params={"charset": "utf-8", "method": "PUBLISH"},
        )
        message.set_boundary(f"=_{mail.message_id.strip('<>').partition('@')[0]}")
    return message


def unsubscribe_headers(mail: OutgoingMail, unsubscribe_email: str) -> dict[str, str]:
    """One-click unsubscribing (RFC 8058) for what somebody subscribed to; nothing for any other mail.

    The address of the web comes first: it is the one that takes the click. A mailbox, where the council has
    one, is for old mail programs (RFC 2369); people read it.
    """
    if mail.unsubscribe_url is None:
        return {}
    ways = [f"<{mail.unsubscribe_url}>"]
    if unsubscribe_email:
        ways.append(f"<mailto:{unsubscribe_email}?subject=unsubscribe>")
    return {
        UNSUBSCRIBE: ", ".join(ways),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def finish(mail: OutgoingMail, at: datetime) -> None:
    """It has left; its text, which may hold a one-time link, is kept no longer."""
    mail.status, mail.sent_at, mail.last_error = MailStatus.SENT, at, None
    mail.body, mail.calendar = "", None


def fail(mail: OutgoingMail, code: str) -> None:
    """It will not be tried again unless staff say so."""
    mail.status, mail.last_error = MailStatus.FAILED, code
    log.error("a mail was given up", extra={"kind": mail.purpose, "code": code})


def defer(mail: OutgoingMail, reason: MailDeferred, at: datetime) -> None:
    """It is tried again later, unless three days have passed."""
    mail.last_error = reason.code
    if at >= mail.give_up_at:
        fail(mail, reason.code)
        return
    longest = LONGEST_PAUSE_OURS if reason.ours else LONGEST_PAUSE
    mail.next_try_at = at + backed_off(FIRST_PAUSE, mail.attempts, longest)
    if not reason.ours:
        mail.waiting_since = mail.next_try_at


def release(mail: OutgoingMail, reason: ServerAway, at: datetime) -> None:
    """As if it had not been tried: it stays where it is in the queue."""
    mail.last_error = reason.code
    mail.attempts -= 1
    if at >= mail.give_up_at:
        fail(mail, reason.code)


def backed_off(first: timedelta, attempts: int, longest: timedelta) -> timedelta:
    """Twice as long after each attempt, up to the longest."""
    doubled: int = 2 ** min(max(attempts - 1, 0), 16)
    return min(first * doubled, longest)
