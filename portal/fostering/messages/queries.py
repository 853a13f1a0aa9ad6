"""Reading messages: those of one household, and what waits for the whole team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased, contains_eager

from portal.core.access import Actor
from portal.core.errors import NotFound
from portal.council import FosteringTeam
from portal.fostering.clocks import closing_letters_overdue_before
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.options import MessageKind, MessageState
from portal.fostering.messages.wording import OWED
from portal.fostering.models import Enquiry
from portal.fostering.options import Status
from portal.fostering.restricted import may_read

MOST_LISTED = 200


def enquiry_to_write_to(session: Session, reference: str, *, by: Actor) -> Enquiry:
    """The enquiry, locked until the transaction ends; raises NotFound."""
    wanted = select(Enquiry).where(Enquiry.public_ref == reference, may_read(by)).with_for_update()
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


def visits_told(session: Session, enquiry: Enquiry) -> int:
    """How many messages about a visit have left: the next one takes their place in a calendar."""
    message = FamilyMessage
    wanted = select(func.count()).where(
        message.enquiry_id == enquiry.id,
        message.kind == MessageKind.VISIT_BOOKED,
        message.state == MessageState.SENT,
    )
    return session.scalar(wanted) or 0


def drafts(session: Session, *, by: Actor) -> list[tuple[FamilyMessage, bool]]:
    """What was written and not sent, the oldest first, each with its enquiry, and whether it `is_owed`."""
    message = FamilyMessage
    wanted = (
        select(message, is_owed())
        .join(message.enquiry)
        .options(contains_eager(message.enquiry))
        .where(message.state == MessageState.DRAFT, may_read(by))
    )
    rows = session.execute(wanted.order_by(message.id).limit(MOST_LISTED))
    return [(one, bool(owed)) for one, owed in rows]


def is_owed() -> ColumnElement[bool]:
    """That a draft is the letter which the family waits for since the service closed its enquiry.

    Not of another closing, and not once a letter about this one has left. Read together with the enquiry.
    """
    message, left = FamilyMessage, aliased(FamilyMessage)
    told = select(left.id).where(
        left.enquiry_id == message.enquiry_id,
        left.kind == MessageKind.CLOSING,
        left.state == MessageState.SENT,
        left.about_at == message.about_at,
    )
    return and_(
        message.state == MessageState.DRAFT,
        message.kind == MessageKind.CLOSING,
        message.closure_code.in_(OWED),
        message.about_at == Enquiry.closed_at,
        Enquiry.status == Status.CLOSED,
        ~told.exists(),
    )


def letter_owed(session: Session, enquiry: Enquiry) -> FamilyMessage | None:
    """The letter that this family waits for; asked only where there can be one."""
    if enquiry.closure_code not in OWED:
        return None
    wanted = select(FamilyMessage).join(FamilyMessage.enquiry)
    wanted = wanted.where(FamilyMessage.enquiry_id == enquiry.id, is_owed())
    return session.scalars(wanted.order_by(FamilyMessage.id).limit(1)).one_or_none()


@dataclass(frozen=True, slots=True)
class LettersOwed:
    """How many families wait to be told why the service did not go on with them."""

    count: int
    overdue: int


def letters_owed(session: Session, team: FosteringTeam, at: datetime, *, by: Actor) -> LettersOwed:
    """Of the records that this person may read, in one statement."""
    late = FamilyMessage.about_at < closing_letters_overdue_before(at, team)
    wanted = select(func.count(), func.count().filter(late)).select_from(FamilyMessage)
    found = session.execute(wanted.join(FamilyMessage.enquiry).where(is_owed(), may_read(by))).one()
    return LettersOwed(*(int(count) for count in found))


def unreachable(session: Session, *, by: Actor) -> Sequence[Enquiry]:
    """Households whose mail does not arrive, the longest known first; closed ones too."""
    wanted = select(Enquiry).where(Enquiry.email_failed_at.is_not(None), may_read(by))
    return session.scalars(wanted.order_by(Enquiry.email_failed_at, Enquiry.id).limit(MOST_LISTED)).all()
