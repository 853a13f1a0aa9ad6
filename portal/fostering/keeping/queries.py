"""What is due to go, what of it was approved, and what is held: the only place that says so."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from portal.accounts.models import StaffUser
from portal.core.access import Actor
from portal.core.aliases import lasting_alias
from portal.core.clock import add_months, london
from portal.council import Retention
from portal.fostering.clocks import start_of
from portal.fostering.keeping.models import RetentionItem, RetentionList
from portal.fostering.keeping.options import HoldReason, Rule
from portal.fostering.keeping.schedule import Going, Stands, going_of
from portal.fostering.models import Activity, Enquiry, PossibleDuplicate
from portal.fostering.options import ActivityKind, DuplicateState, Status
from portal.fostering.restricted import may_read

MOST_ON_A_LIST = 500
"""What one person can be asked to look through; the rest is on the next list."""

KIND = "fostering enquiry"


@dataclass(frozen=True, slots=True)
class DueRecord:
    """A record whose time is over."""

    id: int
    version: int
    reference: str
    received_at: datetime
    goes_on: date
    rule: Rule


@dataclass(frozen=True, slots=True)
class Held:
    """A record that is kept beyond its time."""

    reference: str
    reason: str
    owner: str
    review_on: date | None

    def needs_review(self, today: date) -> bool:
        """Whether somebody should look whether it is still needed."""
        return self.review_on is None or self.review_on <= today


ORIGINAL = lasting_alias(Enquiry, name="original")
"""The enquiry that a duplicate was merged into."""
STANDING = ("status", "closure_code", "stage_since", "application_at", "approved_at", "retention_due_on")


def heard_at(enquiry: type[Enquiry] = Enquiry) -> ColumnElement[datetime]:
    """When anybody last had to do with the household; the receipt where nobody has.

    What a colleague wrote down is no contact.
    """
    contact = or_(Activity.kind != ActivityKind.NOTE, Activity.by_id.is_(None))
    last = select(func.max(Activity.at)).where(Activity.enquiry_id == enquiry.id, contact)
    return func.coalesce(last.scalar_subquery(), enquiry.received_at)


def is_held(enquiry: type[Enquiry] = Enquiry) -> ColumnElement[bool]:
    """Whether somebody said to keep it. A hold does not run out: its day is the day to look again."""
    return or_(enquiry.hold_reason.is_not(None), enquiry.hold_until.is_not(None))


def must_stay(enquiry: type[Enquiry] = Enquiry) -> ColumnElement[bool]:
    """Whether it is held, or restricted to named people."""
    return or_(is_held(enquiry), enquiry.restricted_at.is_not(None))


def keeps(about: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether the reference in another table’s column is of a record that must stay, or of its duplicate."""
    wanted = select(Enquiry.id).outerjoin(ORIGINAL, ORIGINAL.id == Enquiry.duplicate_of_id)
    stays = or_(must_stay(), must_stay(ORIGINAL))
    return wanted.where(Enquiry.public_ref == about, stays).correlate(about.class_).exists()


def may_be_due(at: datetime, periods: Retention) -> ColumnElement[bool]:
    """A little more than what is due, found by indexes; `going_of` says it to the day."""
    today = london(at).date()
    old = start_of(add_months(today, -periods.keep_in_touch_max))
    approved = start_of(add_months(today, -periods.enquiry_approved))
    spare = timedelta(days=4)  # months differ in length
    return or_(
        and_(Enquiry.status == Status.CLOSED, Enquiry.retention_due_on <= today),
        and_(Enquiry.status == Status.KEEP_IN_TOUCH, Enquiry.received_at < old + spare),
        and_(Enquiry.status == Status.APPROVED, Enquiry.approved_at < approved + spare),
    )


def candidates(at: datetime, periods: Retention) -> Select[*tuple[Any, ...]]:
    """The columns that the schedule looks at, of what may be due and is not held.

    A duplicate is part of the history of the enquiry that stays: it is held, and goes, no sooner than that.
    """
    columns = (
        Enquiry.id,
        Enquiry.version,
        Enquiry.public_ref,
        Enquiry.received_at,
        *(getattr(Enquiry, name) for name in STANDING),
        heard_at().label("heard_at"),
        ORIGINAL.id.label("original_id"),
        *(getattr(ORIGINAL, name).label(f"original_{name}") for name in STANDING),
        heard_at(ORIGINAL).label("original_heard_at"),
    )
    stays = ORIGINAL.id.is_not(None) & must_stay(ORIGINAL)
    wanted = select(*columns).outerjoin(ORIGINAL, ORIGINAL.id == Enquiry.duplicate_of_id)
    return wanted.where(may_be_due(at, periods), ~must_stay(), ~stays).order_by(Enquiry.id)


def due_of(rows: Iterable[Row[Any]], at: datetime, periods: Retention) -> list[DueRecord]:
    """Those of these rows whose day has begun in London, the longest due first."""
    found = []
    for row in rows:
        going = goes(row, periods)
        if going is not None and going.on <= london(at).date():
            known = (row.id, row.version, row.public_ref, row.received_at)
            found.append(DueRecord(*known, going.on, going.rule))
    return sorted(found, key=lambda one: (one.goes_on, one.id))


def goes(row: Row[Any], periods: Retention) -> Going | None:
    """When this record goes; a duplicate no sooner than the enquiry that stays, so not while that is open."""
    going = going_of(row, row.heard_at, periods)
    if row.original_id is None or going is None:
        return going
    stands = Stands(*(getattr(row, f"original_{name}") for name in STANDING))
    stays = going_of(stands, row.original_heard_at, periods)
    return None if stays is None else going._replace(on=max(going.on, stays.on))


def to_approve(session: Session, at: datetime, periods: Retention) -> list[DueRecord]:
    """What is due and waits for a manager: the first of it, in the order in which it became due."""
    item = RetentionItem
    approved = select(item.enquiry_id).where(item.enquiry_id == Enquiry.id, item.version == Enquiry.version)
    wanted = candidates(at, periods).where(~approved.exists())
    return due_of(session.execute(wanted), at, periods)[:MOST_ON_A_LIST]


def approved(at: datetime, periods: Retention) -> Select[*tuple[Any, ...]]:
    """Of what may be due, what a manager let go as it stands."""
    item = RetentionItem
    wanted = candidates(at, periods).join(item, item.enquiry_id == Enquiry.id)
    return wanted.where(item.version == Enquiry.version)


def approved_and_due(session: Session, at: datetime, periods: Retention) -> list[DueRecord]:
    """What a run would let go now: approved as it stands, still due, and not held meanwhile."""
    return due_of(session.execute(approved(at, periods)), at, periods)


def goes_tonight(session: Session, enquiry: Enquiry, at: datetime, periods: Retention) -> bool:
    """Whether a run would let this one go now."""
    if enquiry.status is Status.OPEN:
        return False
    wanted = approved(at, periods).where(Enquiry.id == enquiry.id)
    return bool(due_of(session.execute(wanted), at, periods))


def lists_of(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """On which list each of these records was approved."""
    item = RetentionItem
    wanted = select(item.enquiry_id, item.list_id).where(item.enquiry_id.in_(ids))
    return {row.enquiry_id: row.list_id for row in session.execute(wanted)}


def going_by_list(session: Session, at: datetime, periods: Retention) -> dict[int, list[DueRecord]]:
    """What a run would let go now, by the list on which it was approved."""
    going = approved_and_due(session, at, periods)
    list_of = lists_of(session, [one.id for one in going])
    found: dict[int, list[DueRecord]] = {}
    for one in going:
        found.setdefault(list_of[one.id], []).append(one)
    return found


def household_of(session: Session, enquiry: Enquiry, *, by: Actor) -> list[Enquiry]:
    """The other enquiries of this one’s household, the first first: what staff said to be one, or merged.

    What is restricted to others does not exist here.
    """
    known, found = {enquiry.id}, {enquiry.id: enquiry}
    new = [enquiry]
    while new:
        keys = {one.household_key for one in new}
        originals = {one.duplicate_of_id for one in new if one.duplicate_of_id is not None}
        linked = or_(
            Enquiry.household_key.in_(keys),
            Enquiry.id.in_(originals),
            Enquiry.duplicate_of_id.in_({one.id for one in new} | originals),
        )
        wanted = select(Enquiry).where(linked, Enquiry.id.not_in(known), may_read(by))
        new = list(session.scalars(wanted))
        known |= {one.id for one in new}
        found |= {one.id: one for one in new}
    return [found[identifier] for identifier in sorted(known - {enquiry.id})]


def undecided(session: Session, enquiries: Collection[Enquiry], *, by: Actor) -> Sequence[Row[str, Enquiry]]:
    """Which others may be the same household’s, with whom: nobody has said so yet, or that they are not."""
    mine, other, pair = aliased(Enquiry), aliased(Enquiry), PossibleDuplicate
    ids = [enquiry.id for enquiry in enquiries]
    either = or_(
        and_(pair.enquiry_id == mine.id, pair.other_id == other.id),
        and_(pair.other_id == mine.id, pair.enquiry_id == other.id),
    )
    return session.execute(
        select(mine.public_ref, other)
        .select_from(mine)
        .join(pair, or_(pair.enquiry_id == mine.id, pair.other_id == mine.id))
        .join(other, either)
        .where(pair.state == DuplicateState.POSSIBLE, mine.id.in_(ids), other.id.not_in(ids))
        .where(may_read(by, other))
        .order_by(mine.id, other.id)
    ).all()


def mark_of_household(enquiries: Iterable[Enquiry]) -> str:
    """What a page said to be a household’s: it is erased as that and nothing else."""
    lines = "\n".join(f"{one.public_ref} {one.version}" for one in enquiries)
    return hashlib.sha256(lines.encode()).hexdigest()


def mark_of(records: Iterable[DueRecord]) -> str:
    """What a list held when it was shown: it is approved as that and nothing else."""
    lines = "\n".join(f"{one.reference} {one.version} {one.rule.value}" for one in records)
    return hashlib.sha256(lines.encode()).hexdigest()


def locked(session: Session, ids: Collection[int]) -> list[Enquiry]:
    """These records as they are now, locked in one order for everybody."""
    wanted = select(Enquiry).where(Enquiry.id.in_(ids)).order_by(Enquiry.id).with_for_update()
    return list(session.scalars(wanted, execution_options={"populate_existing": True}))


def waiting_lists(session: Session, *, lock: bool = False) -> list[RetentionList]:
    """Lists that were approved and are not carried out yet."""
    waits = RetentionList.finished_at.is_(None) & RetentionList.taken_back_at.is_(None)
    wanted = select(RetentionList).where(waits).order_by(RetentionList.id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(wanted))


def past_lists(session: Session) -> Sequence[RetentionList]:
    """What was done before, the newest first; at most a year of weeks."""
    done = or_(RetentionList.finished_at.is_not(None), RetentionList.taken_back_at.is_not(None))
    return session.scalars(
        select(RetentionList).where(done).order_by(RetentionList.id.desc()).limit(52)
    ).all()


def held_records(session: Session, *, by: Actor) -> list[Held]:
    """What is held and open to this person, the first to be looked at again at the top; at most 200."""
    wanted = (
        select(Enquiry.public_ref, Enquiry.hold_reason, Enquiry.hold_until, StaffUser.name)
        .outerjoin(StaffUser, StaffUser.id == Enquiry.hold_owner_id)
        .where(is_held(), may_read(by))
        .order_by(Enquiry.hold_until, Enquiry.id)
        .limit(200)
    )
    return [
        Held(reference, reason_in_words(reason), owner or "", review_on)
        for reference, reason, review_on, owner in session.execute(wanted)
    ]


def reason_in_words(reason: str | None) -> str:
    """What a hold is for, as people read it."""
    return next((known.label for known in HoldReason if known == reason), "No reason was recorded")


@dataclass(frozen=True, slots=True)
class Waits:
    """What a manager has to look at."""

    due: int
    reviews: int


def waits(session: Session, at: datetime, periods: Retention, *, by: Actor) -> Waits:
    """How much there is of it."""
    today = london(at).date()
    reviews = select(func.count()).select_from(Enquiry).where(Enquiry.hold_until <= today, may_read(by))
    return Waits(len(to_approve(session, at, periods)), session.scalar(reviews) or 0)
