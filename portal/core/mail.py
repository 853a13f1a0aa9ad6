"""Outgoing mail as rows: written in the transaction it belongs to, sent by the worker afterwards.

So what was accepted is answered, what was rolled back is not, and no request waits for a mail server.
A mail is plain text from `templates/email/<template>.txt`: a line `Subject: …`, an empty line, the body.
It has one recipient exactly. Facts given to a template are references, dates and addresses of our own
pages: never free text that an unverified person typed, which would carry their words under our name.

How mails leave, and what happens when they cannot, is in `mail_delivery`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Index, String, Text, and_, delete, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import jobs, retention
from portal.core.access import Actor
from portal.core.audit import EventType, record
from portal.core.calendar_entry import CalendarEntry
from portal.core.clock import london
from portal.core.context import current_settings
from portal.core.database import Base, Id
from portal.core.emails import parse_email
from portal.core.errors import InvalidTransition, NotFound
from portal.core.retention import Due, Schedule
from portal.core.text import clean_line, clean_text

LONGEST_SUBJECT = 150
GIVE_UP = timedelta(hours=72)
"""How long a mail is tried before staff are told that it cannot be delivered."""

UNSUBSCRIBE_URL = re.compile(r"https?://[A-Za-z0-9._~:/\[\]-]{1,480}")
"""What may stand between the angle brackets of List-Unsubscribe: no bracket, comma or blank among it."""

SENT_KEPT = timedelta(days=30)
"""How long it stays known that a mail was sent; its text is emptied at once."""
UNSENT_KEPT = timedelta(days=90)

MAIL_RETRIED = EventType("operations.mail_retried", ("purpose",))

HELD = "portal.mail.held"
NOT_DELIVERED = "mail.not_delivered"
"""Beginning of the kinds of job by which features learn that a mail of theirs was given up."""


class MailStatus(StrEnum):
    """Where a mail is on its way."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """Refused for good, or given up after three days: shown to staff."""
    EXPIRED = "expired"
    """It could not leave while it was still of use (a sign-in link)."""


class OutgoingMail(Base):
    """One mail to one person."""

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        Index("ix_outgoing_mails_due", "status", "next_try_at"),
        Index(
            "ix_outgoing_mails_about",
            "about",
            postgresql_where=text("about IS NOT NULL"),
            sqlite_where=text("about IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    to: Mapped[str] = mapped_column("recipient", String(254))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    body: Mapped[str] = mapped_column(Text)
    """Emptied when the mail is sent or has run out: it may hold a one-time link."""
    unsubscribe_url: Mapped[str | None] = mapped_column(String(500))
    """For mail that somebody subscribed to: the address of RFC 8058's one-click unsubscribing."""
    calendar: Mapped[str | None] = mapped_column(Text)
    """A calendar file (`calendar_entry`) that goes with it; emptied with the body."""
    about: Mapped[str | None] = mapped_column(String(40))
    """The reference of the record that it is about, so that the record's page can list it."""
    purpose: Mapped[str] = mapped_column(String(60))
    """A code, e.g. `enquiry.acknowledgement`, for staff and for logs."""
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    """Stable over every attempt, so that a mail sent twice is recognised as one."""
    status: Mapped[MailStatus]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    waiting_since: Mapped[datetime]
    """Since when it waits for us or our mail server, not for the recipient's: what the alarm looks at."""
    give_up_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int]
    claimed_until: Mapped[datetime | None]
    lost_claims: Mapped[int]
    """How many workers have died with it in their hands."""
    last_error: Mapped[str | None] = mapped_column(String(40))
    """A code: servers quote addresses in the text of their answers."""
    sent_at: Mapped[datetime | None]


def init_app(app: Flask) -> None:
    """Have old mails deleted every night."""
    jobs.register_nightly(app, "outgoing-mails", forget_mails)
    retention.add(app, Schedule("outgoing-mails", old_mails, delete_old_mails))


def forget_mails(session: Session, at: datetime) -> None:
    """The nightly work."""
    delete_old_mails(session, at)


def keep_while(app: Flask, held: ColumnElement[bool]) -> None:
    """Have no mail deleted while a feature says that the record it is about must stay.

    The condition is correlated with OutgoingMail, and never null: most mails are about nothing.
    """
    app.extensions.setdefault(HELD, []).append(held)


def when_not_delivered(app: Flask, feature: str, handler: jobs.Handler) -> None:
    """Have a job done when a mail is given up whose purpose begins “feature.” and that is `about` a record.

    The payload has `about` and `purpose`: never an address.
    """
    jobs.register(app, f"{NOT_DELIVERED}.{feature}", handler)


def note_not_delivered(session: Session, mail: OutgoingMail, at: datetime) -> None:
    """Leave word of it for the feature that wrote the mail, in the transaction that gives it up."""
    kind = f"{NOT_DELIVERED}.{mail.purpose.partition('.')[0]}"
    if mail.about is not None and jobs.is_known(kind):
        payload = {"about": mail.about, "purpose": mail.purpose, "mail": mail.id}
        jobs.enqueue(session, kind, payload, run_at=at)


def queue_mail(
    session: Session,
    *,
    to: str,
    template: str,
    facts: Mapping[str, Any],
    at: datetime,
    purpose: str,
    about: str | None = None,
    expires_at: datetime | None = None,
    unsubscribe_url: str | None = None,
    calendar: CalendarEntry | None = None,
) -> OutgoingMail:
    """Write one mail into this transaction; raises ValueError unless `to` is exactly one ordinary address.

    `expires_at` is when the mail is of no more use: it is not sent from then on. `unsubscribe_url` is for
    what somebody subscribed to, and for nothing else: see `mail_delivery.unsubscribe_headers`. `calendar` is
    an appointment that goes with it as a file.
    """
    if unsubscribe_url is not None and not UNSUBSCRIBE_URL.fullmatch(unsubscribe_url):
        raise ValueError("an address to unsubscribe at must fit into a header")
    subject, body = render_mail(template, facts)
    mail = OutgoingMail(
        to=parse_email(to),
        subject=subject,
        body=body,
        calendar=calendar.to_ical().decode() if calendar else None,
        unsubscribe_url=unsubscribe_url,
        purpose=purpose,
        about=about,
        message_id=new_message_id(current_settings().mail_from),
        status=MailStatus.WAITING,
        created_at=at,
        next_try_at=at,
        waiting_since=at,
        give_up_at=at + GIVE_UP,
        expires_at=expires_at,
        attempts=0,
        lost_claims=0,
    )
    session.add(mail)
    return mail


def render_mail(template: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body; raises ValueError when the template does not begin with its subject.

    No request is needed or looked at: `link(endpoint, …)` in a template builds on the base address only.
    """
    mail = current_app.jinja_env.get_template(f"email/{template}.txt").render(link=link_to, **facts)
    heading, _, body = mail.lstrip().partition("\n\n")
    subject = clean_line(heading.removeprefix("Subject:"))
    if not heading.startswith("Subject:") or not subject or not body.strip():
        raise ValueError(f"the mail template {template} needs a line “Subject: …”, an empty line and a body")
    return subject[:LONGEST_SUBJECT], clean_text(body) + "\n"


def link_to(endpoint: str, **values: Any) -> str:
    """The full address of one of our own pages, on the configured base address."""
    path = current_app.url_map.bind("portal.invalid").build(endpoint, values)
    return current_settings().base_url + path


def new_message_id(mail_from: str) -> str:
    """A random Message-ID on the domain that mail comes from."""
    domain = mail_from.rpartition("@")[2].strip("<> ")
    return f"<{secrets.token_hex(16)}@{domain}>"


def failed_mails(session: Session) -> list[OutgoingMail]:
    """Mails that were given up, the latest first; at most a hundred."""
    failed = select(OutgoingMail).where(OutgoingMail.status == MailStatus.FAILED)
    return list(session.scalars(failed.order_by(OutgoingMail.id.desc()).limit(100)))


def retry_mail(session: Session, mail_id: int, *, by: Actor, at: datetime) -> None:
    """Let a mail that was given up be tried again for three days; raises NotFound or InvalidTransition."""
    mail = session.get(OutgoingMail, mail_id, with_for_update=True)
    if mail is None:
        raise NotFound
    if mail.status is not MailStatus.FAILED:
        raise InvalidTransition(current=mail.status.value, wanted=MailStatus.WAITING.value)
    mail.status, mail.attempts, mail.lost_claims, mail.claimed_until = MailStatus.WAITING, 0, 0, None
    mail.next_try_at = mail.waiting_since = at
    mail.give_up_at = at + GIVE_UP
    record(session, MAIL_RETRIED, by=by, at=at, subject=f"MAIL-{mail.id}", purpose=mail.purpose)


def waiting_since(session: Session) -> datetime | None:
    """Since when the oldest mail waits for our worker or our mail server; None when none does."""
    waiting = select(func.min(OutgoingMail.waiting_since)).where(OutgoingMail.status == MailStatus.WAITING)
    return session.scalar(waiting)


def delete_old_mails(session: Session, at: datetime) -> int:
    """Nightly: what was sent a month ago, and what could not be sent three months ago; returns how many."""
    old = delete(OutgoingMail).where(is_old(at)).returning(OutgoingMail.id)
    return len(session.scalars(old).all())


def is_old(at: datetime) -> ColumnElement[bool]:
    """Whether nobody needs to know of it any more, and nothing that it is about is held."""
    gone = OutgoingMail.status.in_((MailStatus.SENT, MailStatus.EXPIRED))
    over = or_(
        and_(gone, OutgoingMail.created_at < at - SENT_KEPT),
        and_(OutgoingMail.status == MailStatus.FAILED, OutgoingMail.created_at < at - UNSENT_KEPT),
    )
    return and_(over, *(~held for held in current_app.extensions.get(HELD, [])))


def old_mails(session: Session, at: datetime) -> list[Due]:
    """The same mails by name, for `portal retention`."""
    wanted = select(OutgoingMail.id, OutgoingMail.status, OutgoingMail.created_at).where(is_old(at))
    kept = {MailStatus.FAILED: UNSENT_KEPT}
    return [
        Due("email", f"MAIL-{row.id}", london(row.created_at + kept.get(row.status, SENT_KEPT)).date())
        for row in session.execute(wanted.order_by(OutgoingMail.id))
    ]
