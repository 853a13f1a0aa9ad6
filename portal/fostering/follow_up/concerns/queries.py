"""Reading what guards a record: its own words, who may read it, and concerns that wait to be passed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.core.access import Actor
from portal.core.errors import NotFound, StaleEdit
from portal.fostering.guarded import Reader
from portal.fostering.models import Enquiry
from portal.fostering.restricted import may_read

WORDS = {
    "motivation": "Why they are asking",
    "contact_needs": "What would make it easier to talk",
    "heard_detail": "More about where they heard of us",
}
"""Where a household writes in its own words, and what that is called."""
SHOWN = 20
LISTED = 200


@dataclass(frozen=True, slots=True)
class RestrictedRecord:
    """A restricted record as managers see it who may not read it: without a name."""

    reference: str
    restricted_at: datetime
    concern_at: datetime | None
    concern_passed_at: datetime | None
    hold_until: date | None
    readers: tuple[str, ...]


def own_words(enquiry: Enquiry) -> list[tuple[str, str]]:
    """What the household wrote in its own words, each under what it was asked."""
    return [(label, getattr(enquiry, name)) for name, label in WORDS.items() if getattr(enquiry, name)]


def to_be_read(enquiry: Enquiry) -> bool:
    """Whether there are words that nobody has said to have read."""
    return enquiry.words_read_at is None and bool(own_words(enquiry))


def waits_to_be_passed_on(enquiry: Enquiry) -> bool:
    """Whether there is a concern that has not been passed on."""
    return enquiry.concern_at is not None and enquiry.concern_passed_at is None


def concerns_waiting(session: Session, *, by: Actor) -> list[tuple[str, datetime]]:
    """References with a concern that has not been passed on, of what this person may read, oldest first."""
    wanted = select(Enquiry.public_ref, Enquiry.concern_at).where(
        Enquiry.concern_at.is_not(None), Enquiry.concern_passed_at.is_(None), may_read(by)
    )
    rows = session.execute(wanted.order_by(Enquiry.concern_at, Enquiry.id).limit(SHOWN))
    return [(reference, raised_at) for reference, raised_at in rows if raised_at is not None]


def readers_of(session: Session, enquiry_id: int) -> Sequence[StaffUser]:
    """The people who are named for a record, by name."""
    wanted = select(StaffUser).join(Reader, Reader.person_id == StaffUser.id)
    return session.scalars(wanted.where(Reader.enquiry_id == enquiry_id).order_by(StaffUser.name)).all()


def restricted_records(session: Session) -> list[RestrictedRecord]:
    """Every restricted record, for managers, who may not be among its readers: no name, nothing it says."""
    wanted = select(
        Enquiry.id,
        Enquiry.public_ref,
        Enquiry.restricted_at,
        Enquiry.concern_at,
        Enquiry.concern_passed_at,
        Enquiry.hold_until,
    ).where(Enquiry.restricted_at.is_not(None))
    rows = session.execute(
        wanted.order_by(Enquiry.restricted_at.desc(), Enquiry.id.desc()).limit(LISTED)
    ).all()
    named: dict[int, list[str]] = {row.id: [] for row in rows}
    people = select(Reader.enquiry_id, StaffUser.name).join(StaffUser, StaffUser.id == Reader.person_id)
    for identifier, name in session.execute(
        people.where(Reader.enquiry_id.in_(named)).order_by(StaffUser.name)
    ):
        named[identifier].append(name)
    return [
        RestrictedRecord(
            reference=row.public_ref,
            restricted_at=row.restricted_at,
            concern_at=row.concern_at,
            concern_passed_at=row.concern_passed_at,
            hold_until=row.hold_until,
            readers=tuple(named[row.id]),
        )
        for row in rows
    ]


def restricted_readable(session: Session, *, by: Actor) -> Sequence[str]:
    """References of the restricted records that this person is named for, the newest first."""
    wanted = select(Enquiry.public_ref).where(Enquiry.restricted_at.is_not(None), may_read(by))
    newest = (Enquiry.restricted_at.desc(), Enquiry.id.desc())
    return session.scalars(wanted.order_by(*newest).limit(LISTED)).all()


def restricted_called(reference: str) -> Select[Enquiry]:
    """Whoever asks: what names its readers shows nothing else of it."""
    return select(Enquiry).where(Enquiry.public_ref == reference, Enquiry.restricted_at.is_not(None))


def restricted_enquiry(session: Session, reference: str) -> Enquiry | None:
    """A restricted record, to change who may read it: also for a manager who may not read it."""
    return session.scalars(restricted_called(reference)).one_or_none()


def restricted_to_change(session: Session, reference: str, version: int) -> Enquiry:
    """The same, locked until the transaction ends; raises NotFound and StaleEdit."""
    enquiry = session.scalars(restricted_called(reference).with_for_update(key_share=True)).one_or_none()
    if enquiry is None:
        raise NotFound
    if enquiry.version != version:
        raise StaleEdit(reference=reference)
    return enquiry


@dataclass(frozen=True, slots=True)
class Guard:
    """What stands at the top of a household’s page."""

    waits: bool
    unread: bool
    readers: tuple[str, ...]


def guard_of(session: Session, enquiry: Enquiry) -> Guard:
    """A concern that waits, words to be read, and who may read a restricted record."""
    named = readers_of(session, enquiry.id) if enquiry.restricted_at is not None else ()
    return Guard(waits_to_be_passed_on(enquiry), to_be_read(enquiry), tuple(person.name for person in named))


def has_unread_words() -> ColumnElement[bool]:
    """The same as `to_be_read`, for a list."""
    some = or_(*(getattr(Enquiry, name).is_not(None) for name in WORDS))
    return and_(Enquiry.words_read_at.is_(None), some)
