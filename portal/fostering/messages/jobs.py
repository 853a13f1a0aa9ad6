"""What follows when a mail about an enquiry was given up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.audit import record
from portal.core.mail import OutgoingMail, when_not_delivered
from portal.fostering.closures import CLOSED_BY_SERVICE
from portal.fostering.limits import PACK_SETTLED
from portal.fostering.messages.events import MAIL_UNDELIVERED
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.options import MessageKind
from portal.fostering.messages.queries import sent_again
from portal.fostering.messages.service import PURPOSE
from portal.fostering.messages.undelivered import note_undelivered
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import Stage, Status
from portal.fostering.promises import ACKNOWLEDGEMENT
from portal.fostering.queries import written_at

PORTAL = Actor.system("the portal")
BRINGS_THE_PACK = (ACKNOWLEDGEMENT, PURPOSE)
"""Word to the team is written at the same moment as the acknowledgement, and brings the household nothing."""


def init_app(app: Flask) -> None:
    """Say who does the work."""
    when_not_delivered(app, "fostering", raise_task)


def raise_task(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Mail to the address that the household has now does not arrive; word to the team is no such mail."""
    wanted = select(Enquiry).where(Enquiry.public_ref == payload["about"]).with_for_update(key_share=True)
    enquiry = session.scalars(wanted).one_or_none()
    mail = session.get(OutgoingMail, payload["mail"])
    if enquiry is None or mail is None:
        return
    message = message_of_mail(session, enquiry, mail)
    if message is not None and message.undelivered_at is None:
        message.undelivered_at = at
        owe_again(session, enquiry, message)
    if mail.purpose in BRINGS_THE_PACK and enquiry.pack_settled_at == mail.created_at:
        enquiry.pack_settled_at = settled_otherwise(enquiry, mail.created_at)
    if enquiry.email is None or mail.to.lower() != enquiry.email.lower():
        return
    note_undelivered(session, enquiry, by=PORTAL, at=at)
    record(session, MAIL_UNDELIVERED, by=PORTAL, at=at, subject=enquiry.public_ref, purpose=mail.purpose)


def message_of_mail(session: Session, enquiry: Enquiry, mail: OutgoingMail) -> FamilyMessage | None:
    """The message that left as this mail.

    SQLite gives the number of a mail that was deleted to another one, once there is no later one.
    """
    message = FamilyMessage
    this = (message.mail_id == mail.id, message.enquiry_id == enquiry.id, message.sent_at == mail.created_at)
    return session.scalars(select(message).where(*this)).one_or_none()


def owe_again(session: Session, enquiry: Enquiry, message: FamilyMessage) -> None:
    """If it was the letter that they waited for, they wait for it again, unless another has told them."""
    if told_of_this_closing(enquiry, message):
        if enquiry.closed_at is not None and not sent_again(session, message, since=enquiry.closed_at):
            enquiry.letter_owed_since = message.owed_since or enquiry.closed_at
    elif message.kind is MessageKind.KEEP_IN_TOUCH:
        visited = visit_untold(session, enquiry)
        if visited is not None and not sent_again(session, message, since=visited):
            enquiry.letter_owed_since = enquiry.letter_owed_since or visited


def told_of_this_closing(enquiry: Enquiry, message: FamilyMessage) -> bool:
    """Whether it was the letter after the closing that stands."""
    of_closing = message.kind is MessageKind.CLOSING and message.about_at == enquiry.closed_at
    return of_closing and enquiry.closure_code in CLOSED_BY_SERVICE


def visit_untold(session: Session, enquiry: Enquiry) -> datetime | None:
    """The visit that led to keep in touch, if nothing else was written since; the mail about it came back."""
    visited = enquiry.visit_done_at
    if enquiry.status is not Status.KEEP_IN_TOUCH or visited is None:
        return None
    led = select(HistoryEntry.id).where(
        HistoryEntry.enquiry_id == enquiry.id,
        HistoryEntry.at >= visited,
        HistoryEntry.from_stage == Stage.VISIT_DONE,
        HistoryEntry.to_stage == Stage.KEEP_IN_TOUCH,
    )
    led_here = session.scalars(led.limit(1)).first() is not None
    return visited if led_here and written_at(session, enquiry, since=visited) is None else None


def settled_otherwise(enquiry: Enquiry, lost_at: datetime) -> datetime | None:
    """When the information pack reached them by another way than the mail of this moment, which had it."""
    others = (one.at for one in enquiry.activities if one.kind in PACK_SETTLED and one.at != lost_at)
    return min(others, default=None)
