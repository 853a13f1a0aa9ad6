"""Which enquiries are one household’s: said by staff, and by nothing else (decision 0010)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.fostering.models import Enquiry, PossibleDuplicate
from portal.fostering.options import DuplicateState, MatchedOn

SAYING = int.from_bytes(hashlib.sha256(b"fostering.households").digest()[:8], signed=True)
"""The lock of whoever says so, kept apart from those of other parts."""


def wait_for_others(session: Session) -> None:
    """Let one at a time say which enquiries are one household’s, before anything of them is locked.

    Else a household could grow while it is locked, and what came to it would be locked out of order. SQLite
    has one writer anyway. PostgreSQL lets go of the lock when the transaction ends.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(SAYING)))


def join_households(session: Session, enquiry: Enquiry, other: Enquiry, *, by: Actor, at: datetime) -> None:
    """Two enquiries are one household’s, and so is whatever was said to be one with either."""
    wanted = [Enquiry.household_key == enquiry.household_key, Enquiry.id != enquiry.id]
    session.execute(update(Enquiry).where(*wanted).values(household_key=other.household_key))
    enquiry.household_key = other.household_key
    decide(session, enquiry, other, DuplicateState.SAME, by=by, at=at)


def part_households(session: Session, enquiry: Enquiry, other: Enquiry, *, by: Actor, at: datetime) -> None:
    """They are two households: with the first go those that were said to be one with it, and nobody else.

    Where both are still one with a third, only the first goes, with its duplicates or its original. What goes
    is to be compared anew then.
    """
    decide(session, enquiry, other, DuplicateState.DIFFERENT, by=by, at=at)
    if enquiry.household_key != other.household_key:
        return
    gone = said_to_be_one(session, enquiry)
    if other.id in gone:
        gone = with_duplicates(session, enquiry)
        compare_anew(session, gone)
    moved = update(Enquiry).where(Enquiry.id.in_(gone - {enquiry.id}))
    enquiry.household_key = secrets.token_hex(16)
    session.execute(moved.values(household_key=enquiry.household_key))


def with_duplicates(session: Session, enquiry: Enquiry) -> set[int]:
    """What was merged: the enquiry that stays and its duplicates, this one among them."""
    stays = enquiry.duplicate_of_id or enquiry.id
    return {stays, *session.scalars(select(Enquiry.id).where(Enquiry.duplicate_of_id == stays))}


def compare_anew(session: Session, gone: set[int]) -> None:
    """What was said to be one with any of these, and stays behind, may be or not: somebody looks again."""
    pair = PossibleDuplicate
    ends = (pair.enquiry_id, pair.other_id)
    beyond = [and_(one.in_(gone), other.not_in(gone)) for one, other in (ends, ends[::-1])]
    said = update(pair).where(pair.state == DuplicateState.SAME, or_(*beyond))
    session.execute(said.values(state=DuplicateState.POSSIBLE, decided_by_id=None, decided_at=None))


def said_to_be_one(session: Session, enquiry: Enquiry) -> set[int]:
    """This one and whatever in its household was said, pair by pair, to be one with it."""
    members = set(session.scalars(select(Enquiry.id).where(Enquiry.household_key == enquiry.household_key)))
    pair = PossibleDuplicate
    said = select(pair.enquiry_id, pair.other_id).where(
        pair.state == DuplicateState.SAME, pair.enquiry_id.in_(members), pair.other_id.in_(members)
    )
    links = [set(row) for row in session.execute(said)]
    found, before = {enquiry.id}, set[int]()
    while found != before:
        before = set(found)
        for link in links:
            if link & found:
                found |= link
    return found


def decide(
    session: Session,
    enquiry: Enquiry,
    other: Enquiry,
    state: DuplicateState,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what was said, by whom; where nothing had linked the two, staff have."""
    pair = pair_of(session, enquiry, other)
    if pair is None:
        later, earlier = sorted((enquiry, other), key=lambda one: one.id, reverse=True)
        pair = PossibleDuplicate(enquiry_id=later.id, other_id=earlier.id, matched_on=MatchedOn.STAFF)
        session.add(pair)
    pair.state, pair.decided_by_id, pair.decided_at = state, by.id, at


def pair_of(session: Session, enquiry: Enquiry, other: Enquiry) -> PossibleDuplicate | None:
    """What links the two, from either side."""
    pair = PossibleDuplicate
    return session.scalars(
        select(pair).where(
            or_(
                and_(pair.enquiry_id == enquiry.id, pair.other_id == other.id),
                and_(pair.enquiry_id == other.id, pair.other_id == enquiry.id),
            )
        )
    ).one_or_none()
