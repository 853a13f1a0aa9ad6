"""Reading messages: those of one household, and what waits for the whole team."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, false, func, select
from sqlalchemy.orm import Session, contains_eager

from portal.core.access import Actor
from portal.core.errors import NotFound
from portal.council import FosteringTeam
from portal.fostering.clocks import letters_overdue_before
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.offers import told_of_visit
from portal.fostering.messages.options import MessageKind, MessageState
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import Stage, VisitMode
from portal.fostering.restricted import may_read

MOST_LISTED = 200


def enquiry_to_write_to(session: Session, reference: str, *, by: Actor) -> Enquiry:
    """The enquiry, locked until the transaction ends; raises NotFound."""
    wanted = (
        select(Enquiry).where(Enquiry.public_ref == reference, may_read(by)).with_for_update(key_share=True)
    )
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def messages_of(session: Session, enquiry: Enquiry) -> list[FamilyMessage]:
    """Everything written to a household, the newest first."""
    wanted = select(FamilyMessage).where(FamilyMessage.enquiry_id == enquiry.id)
    return list(session.scalars(wanted.order_by(FamilyMessage.id.desc())))


def message_of(session: Session, enquiry: Enquiry, message_id: int, *, lock: bool = False) -> FamilyMessage:
    """One message of this household; raises NotFound for another’s."""
    wanted = select(FamilyMessage).where(
        FamilyMessage.id == message_id, FamilyMessage.enquiry_id == enquiry.id
    )
    found = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def draft_of(
    session: Session, enquiry: Enquiry, kind: MessageKind, about_at: datetime | None
) -> FamilyMessage | None:
    """A draft that tells the same already."""
    message = FamilyMessage
    about = message.about_at.is_(None) if about_at is None else message.about_at == about_at
    wanted = select(message).where(
        message.enquiry_id == enquiry.id, message.kind == kind, message.state == MessageState.DRAFT, about
    )
    return session.scalars(wanted.order_by(message.id.desc()).limit(1)).one_or_none()


class Appointment(NamedTuple):
    """When a visit is, and how."""

    at: datetime | None
    mode: VisitMode | None


def told_otherwise(
    session: Session, enquiry: Enquiry, messages: Iterable[FamilyMessage], at: datetime
) -> Appointment | None:
    """The visit as the last message tells of it, where it is booked for another time or way since then.

    How it was to be held as the message left is in the history alone.
    """
    message = told_of_visit(enquiry, messages, at)
    if message is None:
        return None
    booked = (HistoryEntry.enquiry_id == enquiry.id, HistoryEntry.to_stage == Stage.VISIT_BOOKED)
    then = select(HistoryEntry.facts).where(*booked, HistoryEntry.at <= message.sent_at)
    facts = session.scalar(then.order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc()).limit(1)) or {}
    mode = facts.get("visit_mode", enquiry.visit_mode)
    told = Appointment(message.about_at, VisitMode(mode) if mode else None)
    return told if told != (enquiry.visit_booked_for, enquiry.visit_mode) else None


def sent_again(session: Session, message: FamilyMessage, *, since: datetime) -> bool:
    """Whether another of its kind was sent since then, and has not come back: that one has told them."""
    other = FamilyMessage
    wanted = select(other.id).where(
        other.enquiry_id == message.enquiry_id,
        other.id != message.id,
        other.kind == message.kind,
        other.sent_at >= since,
        other.undelivered_at.is_(None),
    )
    return session.scalar(wanted.limit(1)) is not None


def visits_told(session: Session, enquiry: Enquiry) -> int:
    """How many messages about a visit have left: the next one takes their place in a calendar."""
    message = FamilyMessage
    wanted = select(func.count()).where(
        message.enquiry_id == enquiry.id,
        message.kind == MessageKind.VISIT_BOOKED,
        message.state == MessageState.SENT,
    )
    return session.scalar(wanted) or 0


def drafts(session: Session, *, by: Actor) -> Sequence[FamilyMessage]:
    """What was written and not sent, without letters that are owed: the oldest first, with its enquiry."""
    message = FamilyMessage
    wanted = (
        select(message)
        .join(message.enquiry)
        .options(contains_eager(message.enquiry))
        .where(message.state == MessageState.DRAFT, ~is_owed(), may_read(by))
    )
    return session.scalars(wanted.order_by(message.id).limit(MOST_LISTED)).all()


def is_owed() -> ColumnElement[bool]:
    """That a draft is the letter which the family waits for since the service closed its enquiry.

    Not of another closing, and not once the family was told. Read together with the enquiry.
    """
    message = FamilyMessage
    about_this = and_(message.about_at == Enquiry.closed_at, Enquiry.letter_owed_since.is_not(None))
    return and_(message.kind == MessageKind.CLOSING, func.coalesce(about_this, false()))


def letter_owed(session: Session, enquiry: Enquiry) -> FamilyMessage | None:
    """The draft of the letter that this family waits for since the closing; asked only where it waits."""
    if enquiry.letter_owed_since is None or enquiry.closed_at is None:
        return None
    return draft_of(session, enquiry, MessageKind.CLOSING, enquiry.closed_at)


@dataclass(frozen=True, slots=True)
class LettersOwed:
    """How many families wait to be told what came of a visit, or why the service did not go on with them."""

    count: int
    overdue: int


def letters_owed(session: Session, team: FosteringTeam, at: datetime, *, by: Actor) -> LettersOwed:
    """Of the records that this person may read, in one statement."""
    since = Enquiry.letter_owed_since
    late = since < letters_overdue_before(at, team)
    wanted = select(func.count(), func.count().filter(late)).where(since.is_not(None), may_read(by))
    return LettersOwed(*(int(count) for count in session.execute(wanted).one()))


def families_waiting(session: Session, *, by: Actor) -> Sequence[Enquiry]:
    """Those families, who waits longest first."""
    since = Enquiry.letter_owed_since
    wanted = select(Enquiry).where(since.is_not(None), may_read(by))
    return session.scalars(wanted.order_by(since, Enquiry.id).limit(MOST_LISTED)).all()


def unreachable(session: Session, *, by: Actor) -> Sequence[Enquiry]:
    """Households whose mail does not arrive, the longest known first; closed ones too."""
    wanted = select(Enquiry).where(Enquiry.email_failed_at.is_not(None), may_read(by))
    return session.scalars(wanted.order_by(Enquiry.email_failed_at, Enquiry.id).limit(MOST_LISTED)).all()
