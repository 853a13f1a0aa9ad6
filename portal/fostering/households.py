"""Which enquiries are one household’s: said by staff, and by nothing else (decision 0010)."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.fostering.models import Enquiry, PossibleDuplicate
from portal.fostering.options import DuplicateState, MatchedOn


def join_households(session: Session, enquiry: Enquiry, other: Enquiry, *, by: Actor, at: datetime) -> None:
    """Two enquiries are one household’s, and so is whatever was said to be one with either."""
    wanted = [Enquiry.household_key == enquiry.household_key, Enquiry.id != enquiry.id]
    session.execute(update(Enquiry).where(*wanted).values(household_key=other.household_key))
    enquiry.household_key = other.household_key
    decide(session, enquiry, other, DuplicateState.SAME, by=by, at=at)


def part_households(session: Session, enquiry: Enquiry, other: Enquiry, *, by: Actor, at: datetime) -> None:
    """They are two households: the one whose page this was said on is then one of its own."""
    if enquiry.household_key == other.household_key:
        enquiry.household_key = secrets.token_hex(16)
    decide(session, enquiry, other, DuplicateState.DIFFERENT, by=by, at=at)


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
