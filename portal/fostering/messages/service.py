"""Writing, editing and sending messages to families. Nothing leaves but by `send_message`.

The enquiry is locked first, then the message: what happens at once happens one after the other.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.audit import EventType, record
from portal.core.errors import InvalidTransition, StaleEdit
from portal.core.mail import queue_mail
from portal.core.text import clean_line, clean_text
from portal.council import Council
from portal.fostering.follow_up.contacts import Contact
from portal.fostering.follow_up.service import activity_of, apply_contact
from portal.fostering.messages import events
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.offers import (
    MOVED_ON,
    SENT_BEFORE,
    UNUSABLE,
    fits,
    tells_of,
    why_not_now,
    why_unreachable,
)
from portal.fostering.messages.options import MessageKind, MessageState
from portal.fostering.messages.queries import draft_of, message_of, visits_told
from portal.fostering.messages.undelivered import note_undelivered
from portal.fostering.messages.wording import OWED, appointment, written
from portal.fostering.models import Enquiry
from portal.fostering.options import ActivityKind

TEMPLATE = "family_message"
PURPOSE = "fostering.message"

COUNTS_AS = {
    MessageKind.CALL_TRIED: ActivityKind.EMAIL,
    MessageKind.ARRANGE_CALL: ActivityKind.EMAIL,
    MessageKind.INFO_PACK: ActivityKind.INFO_PACK,
}
"""Messages that are a contact; the others tell of what is recorded already."""

TELLS_OF_MORE = (MessageKind.VISIT_BOOKED, MessageKind.CALL_TRIED)
"""Of more than the moment that is kept with it: how the visit is held, whether a voicemail was left."""

NOT_OFFERED = "This message does not fit where the enquiry stands"


def write_message(
    session: Session, enquiry: Enquiry, kind: MessageKind, *, by: Actor, at: datetime, council: Council
) -> FamilyMessage:
    """Draw up a message for somebody to read and send; a draft that tells of the same is used again.

    The enquiry is locked by the caller. Raises InvalidTransition where the message would not be true.
    """
    if not fits(enquiry, kind, at):
        raise InvalidTransition(reference=enquiry.public_ref, why=NOT_OFFERED)
    about_at = tells_of(enquiry, kind)
    known = draft_of(session, enquiry, kind, about_at)
    subject, body = written(enquiry, kind, council)
    if known is not None:
        if is_outdated(known, enquiry, council):
            known.subject, known.body = subject, body
        return known
    message = FamilyMessage(
        enquiry_id=enquiry.id,
        kind=kind,
        closure_code=enquiry.closure_code if kind is MessageKind.CLOSING else None,
        about_at=about_at,
        subject=subject,
        body=body,
        written_at=at,
        written_by_name=by.name,
    )
    session.add(message)
    session.flush()
    note(session, events.MESSAGE_WRITTEN, enquiry, message, by=by, at=at)
    return message


def is_outdated(message: FamilyMessage, enquiry: Enquiry, council: Council) -> bool:
    """Whether a draft in the portal’s own words says of a visit or a call what is not so any more."""
    if message.kind not in TELLS_OF_MORE or message.edited_at is not None:
        return False
    return (message.subject, message.body) != written(enquiry, message.kind, council)


def write_closing_letter(
    session: Session, enquiry: Enquiry, *, by: Actor, at: datetime, council: Council
) -> None:
    """Where the service ended it, the family is owed the reason in writing: the letter lies ready."""
    if enquiry.closure_code in OWED:
        write_message(session, enquiry, MessageKind.CLOSING, by=by, at=at, council=council)


def edit_message(
    session: Session,
    enquiry: Enquiry,
    message_id: int,
    words: tuple[str, str],
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Subject and body in other words; raises NotFound, StaleEdit, InvalidTransition."""
    message = changeable(session, enquiry, message_id, version, at)
    message.subject, message.body = clean_line(words[0]), clean_text(words[1]) + "\n"
    message.edited_at, message.edited_by_name = at, by.name
    note(session, events.MESSAGE_EDITED, enquiry, message, by=by, at=at)


def drop_message(
    session: Session, enquiry: Enquiry, message_id: int, *, version: int, by: Actor, at: datetime
) -> None:
    """Throw a draft away, true or not any more; raises NotFound, StaleEdit, InvalidTransition."""
    message = message_of(session, enquiry, message_id, lock=True)
    if message.state is MessageState.SENT:
        raise InvalidTransition(reference=enquiry.public_ref, why=why_not_now(message, enquiry, at))
    check_version(message, version)
    note(session, events.MESSAGE_DROPPED, enquiry, message, by=by, at=at)
    session.delete(message)


def send_message(
    session: Session,
    enquiry: Enquiry,
    message_id: int,
    *,
    version: int,
    by: Actor,
    at: datetime,
    council: Council,
) -> str:
    """Queue the mail, record the contact that it is, keep the words; gives why it was not sent, or nothing.

    Raises NotFound, StaleEdit, and InvalidTransition where it is not true any more. An address that no mail
    can be sent to becomes the next action with the household.
    """
    message = message_of(session, enquiry, message_id, lock=True)
    if message.state is MessageState.SENT:
        return SENT_BEFORE
    changeable(session, enquiry, message_id, version, at)
    if is_outdated(message, enquiry, council):
        raise InvalidTransition(reference=enquiry.public_ref, why=MOVED_ON)
    if why := why_unreachable(enquiry):
        if why == UNUSABLE:
            note_undelivered(session, enquiry, by=by, at=at)
        return why
    visit = message.kind is MessageKind.VISIT_BOOKED
    mail = queue_mail(
        session,
        to=enquiry.email or "",
        template=TEMPLATE,
        facts={"subject": message.subject, "body": message.body},
        at=at,
        purpose=PURPOSE,
        about=enquiry.public_ref,
        calendar=appointment(enquiry, council, sequence=visits_told(session, enquiry)) if visit else None,
    )
    session.flush()
    message.state, message.mail_id, message.sent_at = MessageState.SENT, mail.id, at
    message.sent_by_id, message.sent_by_name = by.id, by.name
    if message.kind in (MessageKind.CLOSING, MessageKind.KEEP_IN_TOUCH):
        message.owed_since, enquiry.letter_owed_since = enquiry.letter_owed_since, None
    record_as_contact(session, enquiry, message.kind, by=by, at=at, council=council)
    note(session, events.MESSAGE_SENT, enquiry, message, by=by, at=at)
    return ""


def record_as_contact(
    session: Session, enquiry: Enquiry, kind: MessageKind, *, by: Actor, at: datetime, council: Council
) -> None:
    """What a message counts as among the contacts, with all that follows from one."""
    if kind in COUNTS_AS:
        contact, owed = Contact(kind=COUNTS_AS[kind], outcome=None, happened_at=at), enquiry.letter_owed_since
        apply_contact(session, enquiry, contact, by=by, at=at, team=council.fostering)
        enquiry.letter_owed_since = owed  # none of these tells of a visit
        session.add(activity_of(enquiry, contact, by))


def changeable(
    session: Session, enquiry: Enquiry, message_id: int, version: int, at: datetime
) -> FamilyMessage:
    """The message while it waits, as it was shown."""
    message = message_of(session, enquiry, message_id, lock=True)
    if why := why_not_now(message, enquiry, at):
        raise InvalidTransition(reference=enquiry.public_ref, why=why)
    check_version(message, version)
    return message


def check_version(message: FamilyMessage, version: int) -> None:
    """Raises StaleEdit when somebody changed it after the page was opened."""
    if message.version != version:
        raise StaleEdit(reference=str(message.id))


def note(
    session: Session, event: EventType, enquiry: Enquiry, message: FamilyMessage, *, by: Actor, at: datetime
) -> None:
    """The audit of something done with a message."""
    record(session, event, by=by, at=at, subject=enquiry.public_ref, kind=message.kind.value)


def note_messages_listed(session: Session, shown: int, *, by: Actor, at: datetime) -> None:
    """The audit of somebody reading who is written to, and whom mail does not reach."""
    record(session, events.MESSAGES_LISTED, by=by, at=at, shown=shown)
