"""The queue: who is to be called back, by when; and everything about one household.

Lists read columns, not entities, and page by key: the thousandth page costs what the first does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Row,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, selectinload

from portal.accounts.models import StaffUser
from portal.core.access import Actor
from portal.core.aliases import lasting_alias
from portal.core.clock import london, london_instant
from portal.core.database import UtcDateTime
from portal.core.errors import NotFound, StaleEdit
from portal.core.mail import OutgoingMail
from portal.core.phones import display_phone
from portal.council import FosteringTeam
from portal.fostering.follow_up.concerns.queries import has_unread_words
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.finding import found_by
from portal.fostering.follow_up.timeline import Entry, timeline_of
from portal.fostering.households import wait_for_others
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.models import Enquiry, HistoryEntry, PossibleDuplicate
from portal.fostering.options import DuplicateState, Status
from portal.fostering.queries import (
    agreed_to_call,
    asked_to_stop,
    call_asked_for,
    late_visits_at,
    visit_overdue,
)
from portal.fostering.restricted import may_read, readable_by

PAGE_SIZE = 25
COUNTED_TO = 1_000
"""Counts stop here and say “1,000+”: an unbounded count of 300,000 rows takes longer than the page."""

HOUSEHOLD: tuple[Any, ...] = (
    Enquiry.id,
    Enquiry.public_ref,
    Enquiry.first_name,
    Enquiry.last_name,
    Enquiry.second_first_name,
    Enquiry.second_last_name,
    Enquiry.stage,
    Enquiry.status,
    Enquiry.due_at,
    Enquiry.received_at,
    Enquiry.stage_since,
    Enquiry.attempts,
    Enquiry.first_attempt_at,
    Enquiry.initial_call_at,
    Enquiry.visit_booked_for,
    Enquiry.visit_done_at,
    Enquiry.kit_review_on,
    Enquiry.application_at,
    Enquiry.stage1_info_complete_at,
    Enquiry.stage1_decision_at,
    Enquiry.decision_told_at,
    Enquiry.decision_notice_at,
    Enquiry.next_step,
    Enquiry.pack_settled_at,
    agreed_to_call().label("agreed_to_call"),
    Enquiry.demonstration,
    StaffUser.name.label("owner_name"),
)
"""What the list and the board say of a household: who it is, what its next action is read from, its owner."""

other = lasting_alias(Enquiry)
"""The enquiry that one is compared with; made once, since making it takes longer than asking."""

OWED = (Status.OPEN, Status.KEEP_IN_TOUCH)
FINISHED = (Status.CLOSED, Status.APPROVED)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue; `next_after` is the key the next one starts behind."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    next_after: tuple[datetime, int] | None


@dataclass(frozen=True, slots=True)
class DuplicateLink:
    """Another enquiry that may be the same household's."""

    reference: str
    name: str
    received_at: datetime
    matched_on: str
    status: str
    state: DuplicateState
    second: str
    phone: str
    email: str

    def only_there(self, enquiry: Enquiry) -> tuple[str, ...]:
        """Whom and how to reach that the enquiry itself does not say, once the two are one household."""
        if self.state is not DuplicateState.SAME:
            return ()
        phone = display_phone(self.phone) if self.phone != enquiry.phone else ""
        email = self.email if self.email.lower() != enquiry.email_key else ""
        second = self.second if self.second != enquiry.second_name else ""
        return tuple(filter(None, (second, phone, email)))


@dataclass(slots=True)
class EnquiryFile:
    """Everything about one household's enquiry."""

    enquiry: Enquiry
    duplicates: list[DuplicateLink] = field(default_factory=list)


def end_of_day(at: datetime) -> datetime:
    """The instant at which this London day is over, in UTC."""
    return london_instant(london(at).date() + timedelta(days=1), time(0))


def queue_page(
    session: Session,
    filters: QueueFilters,
    *,
    reader: int,
    at: datetime,
    team: FosteringTeam,
    covered: Sequence[int] = (),
) -> QueuePage:
    """Enquiries in due order, the longest overdue first; a search looks at every status.

    What is the reader’s own includes the households of those who are `covered`.
    """
    readers = (reader, *covered)
    columns = select(
        *HOUSEHOLD,
        Enquiry.area,
        Enquiry.flags,
        Enquiry.care_types,
        Enquiry.quarantined,
        Enquiry.version,
        Enquiry.phone,
        Enquiry.phone_wrong_at,
        Enquiry.voicemail_ok,
        has_unread_words().label("unread_words"),
        call_asked_for().label("call_asked_for"),
        asked_to_stop().label("asked_to_stop"),
    ).outerjoin(StaffUser, StaffUser.id == Enquiry.owner_id)
    newest_first = bool(filters.search) or filters.status in FINISHED
    column = Enquiry.received_at if newest_first else Enquiry.due_at
    if filters.due and filters.status is Status.OPEN and not filters.search:
        wanted = columns.where(Enquiry.id.in_(first_due(filters, readers=readers, at=at, team=team)))
    else:
        wanted = columns.where(*conditions(filters, readers=readers, at=at), *behind(filters))
    order = (column.desc(), Enquiry.id.desc()) if newest_first else (column, Enquiry.id)
    rows = session.execute(wanted.order_by(*order).limit(PAGE_SIZE + 1)).all()
    if len(rows) <= PAGE_SIZE:
        return QueuePage(rows, None)
    last = rows[PAGE_SIZE - 1]
    return QueuePage(rows[:PAGE_SIZE], (last.received_at if newest_first else last.due_at, last.id))


def behind(filters: QueueFilters) -> list[ColumnElement[bool]]:
    """What stands behind the row that the page before ended with."""
    if filters.after is None:
        return []
    key = tuple_(literal(filters.after[0], UtcDateTime()), literal(filters.after[1]))
    if filters.search or filters.status in FINISHED:
        return [tuple_(Enquiry.received_at, Enquiry.id) < key]
    return [tuple_(Enquiry.due_at, Enquiry.id) > key]


def first_due(
    filters: QueueFilters, *, readers: Sequence[int], at: datetime, team: FosteringTeam
) -> Select[tuple[int]]:
    """The first page of what is due, by id: of the open, and of those kept in touch with at their review.

    A part for each status, which an index has in order; a page is taken from all together.
    """
    wanted = [conditions(replace(filters, status=status), readers=readers, at=at) for status in OWED]
    if filters.due == "overdue":
        wanted.append(late_visits(filters, readers=readers, at=at, team=team))
    parts = [
        select(Enquiry.id)
        .where(*where, *behind(filters))
        .order_by(Enquiry.due_at, Enquiry.id)
        .limit(PAGE_SIZE + 1)
        .subquery()
        for where in wanted
    ]
    both = union_all(*(select(part.c.id) for part in parts)).subquery()
    return select(both.c.id)


def conditions(filters: QueueFilters, *, readers: Sequence[int], at: datetime) -> list[ColumnElement[bool]]:
    """The filters as SQL."""
    if filters.search:
        return [Enquiry.id.in_(found_by(filters.search, readers[0], at, most=PAGE_SIZE + 1))]
    return [Enquiry.status == filters.status, *narrowed(filters, readers=readers, at=at)]


def narrowed(filters: QueueFilters, *, readers: Sequence[int], at: datetime) -> list[ColumnElement[bool]]:
    """The filters beside search and status."""
    found = [readable_by(readers[0])]
    if filters.due == "overdue":
        found.append(Enquiry.due_at < at)
    elif filters.due == "today":
        found.append(and_(Enquiry.due_at >= at, Enquiry.due_at < end_of_day(at)))
    if filters.stage is not None:
        found.append(Enquiry.stage == filters.stage)
    if filters.area is not None:
        found.append(Enquiry.area == filters.area)
    if filters.owner == "mine":
        own = Enquiry.owner_id
        found.append(own == readers[0] if len(readers) == 1 else own.in_(readers))
    elif filters.owner == "nobody":
        found.append(Enquiry.owner_id.is_(None))
    if filters.flagged:
        found.append(Enquiry.flagged == true())
    return found


def late_visits(
    filters: QueueFilters, *, readers: Sequence[int], at: datetime, team: FosteringTeam
) -> list[ColumnElement[bool]]:
    """The households of a list that are overdue by the clock of their visit alone."""
    return [
        *conditions(replace(filters, due=""), readers=readers, at=at),
        *visit_overdue(late_visits_at(team, at)),
    ]


def table_of(columns: Mapping[str, Any], rows: Iterable[Sequence[Any]], name: str) -> CTE:
    """A few rows as a table of a statement, each column of the type of one of ours.

    As one SELECT for each row: a statement with VALUES is compiled anew each time that it is executed.
    """
    types = {name: column.type for name, column in columns.items()}
    said = (zip(types.items(), row, strict=True) for row in rows)
    selects = [select(*(literal(value, kind).label(called) for (called, kind), value in row)) for row in said]
    return union_all(*selects).cte(name)


def bounded_count(where: Iterable[ColumnElement[bool]], *of: FromClause) -> ColumnElement[int]:
    """A count that stops looking one past the largest number shown; `of` is what stands around."""
    some = select(Enquiry.id).where(*where).limit(COUNTED_TO + 1).correlate(*of).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def enquiry_file(session: Session, reference: str, *, by: Actor) -> EnquiryFile | None:
    """One enquiry with its activities, owner and possible duplicates; None when there is none for them."""
    wanted = select(Enquiry).where(Enquiry.public_ref == reference, may_read(by))
    found = session.scalars(
        wanted.options(selectinload(Enquiry.activities), selectinload(Enquiry.owner))
    ).one_or_none()
    return EnquiryFile(found, possible_duplicates(session, found.id, by=by)) if found is not None else None


def readable_enquiry(session: Session, reference: str, *, by: Actor) -> Enquiry | None:
    """One enquiry alone; None when there is none for this person."""
    return session.scalars(select(Enquiry).where(Enquiry.public_ref == reference, may_read(by))).one_or_none()


def timeline(session: Session, enquiry: Enquiry, *, by: Actor) -> list[Entry]:
    """Everything that happened with the household, newest first."""
    history = select(HistoryEntry).where(HistoryEntry.enquiry_id == enquiry.id)
    mails = select(OutgoingMail).where(OutgoingMail.about == enquiry.public_ref)
    messages = select(FamilyMessage).where(FamilyMessage.enquiry_id == enquiry.id)
    entries = session.scalars(history.order_by(HistoryEntry.at, HistoryEntry.id)).all()
    return timeline_of(
        enquiry,
        entries,
        session.scalars(mails.order_by(OutgoingMail.created_at, OutgoingMail.id)),
        session.scalars(messages.order_by(FamilyMessage.sent_at, FamilyMessage.id)),
        hidden_among(session, (entry.facts.get("other") for entry in entries), by=by),
    )


def hidden_among(session: Session, references: Iterable[str | None], *, by: Actor) -> frozenset[str]:
    """Those of these records that this person may not read; one query, or none where there are none."""
    named = {reference for reference in references if reference is not None}
    secret = select(Enquiry.public_ref).where(Enquiry.public_ref.in_(named), ~may_read(by))
    return frozenset(session.scalars(secret)) if named else frozenset()


def enquiry_to_change(session: Session, reference: str, version: int, *, by: Actor) -> Enquiry:
    """The enquiry, locked until the transaction ends; a new enquiry that is linked with it need not wait.

    Raises NotFound, and StaleEdit when somebody changed it after this version was read.
    """
    wanted = select(Enquiry).where(Enquiry.public_ref == reference, may_read(by))
    enquiry = session.scalars(wanted.with_for_update(key_share=True)).one_or_none()
    if enquiry is None:
        raise NotFound
    if enquiry.version != version:
        raise StaleEdit(reference=reference)
    return enquiry


def lock_enquiries(session: Session, references: Iterable[str], *, with_household: bool = False) -> None:
    """Lock several, and what they are duplicates of, until the transaction ends.

    In one order for everybody: two opposite merges just wait. Their duplicates, and whatever else is their
    household’s, only where these change, too.
    """
    if with_household:
        wait_for_others(session)
    columns = (Enquiry.id, Enquiry.duplicate_of_id, Enquiry.household_key)
    rows = session.execute(select(*columns).where(Enquiry.public_ref.in_(list(references)))).all()
    known = {row.id for row in rows} | {row.duplicate_of_id for row in rows}
    those = [Enquiry.id.in_(known - {None})]
    if with_household:
        those.append(Enquiry.duplicate_of_id.in_([row.id for row in rows]))
        those.append(Enquiry.household_key.in_({row.household_key for row in rows}))
    session.execute(
        select(Enquiry.id).where(or_(*those)).order_by(Enquiry.id).with_for_update(key_share=True)
    ).all()


def possible_duplicates(session: Session, enquiry_id: int, *, by: Actor) -> list[DuplicateLink]:
    """Enquiries linked with this one from either side, newest first, with what staff have said of them."""
    pair = PossibleDuplicate
    wanted = (
        select(other, pair.matched_on, pair.state)
        .join(
            pair,
            or_(
                and_(pair.enquiry_id == enquiry_id, pair.other_id == other.id),
                and_(pair.other_id == enquiry_id, pair.enquiry_id == other.id),
            ),
        )
        .where(may_read(by, other))
        .order_by(other.received_at.desc(), other.id.desc())
    )
    return [
        DuplicateLink(
            *(one.public_ref, one.full_name, one.received_at, matched.label, one.status.label, state),
            *(one.second_name, "" if one.phone_wrong_at else one.phone or "", one.email or ""),
        )
        for one, matched, state in session.execute(wanted)
    ]
