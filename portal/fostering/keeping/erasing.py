"""Erasing a record because the household asks for it: at once, by a manager, and for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidTransition
from portal.council import Council
from portal.fostering.closing import close_enquiry
from portal.fostering.closures import Closure
from portal.fostering.follow_up.queries import enquiry_to_change, readable_enquiry
from portal.fostering.keeping.ending import end_record, end_traces
from portal.fostering.keeping.events import RECORD_ERASED
from portal.fostering.keeping.options import Rule
from portal.fostering.keeping.queries import household_of, locked, mark_of_household, undecided
from portal.fostering.models import Enquiry

HELD = "This record is kept beyond its time. End that first, if the reason for it is gone."
RESTRICTED = "This record is restricted to named people, so it stays until that is ended."
STAYS_WITH = "It is a duplicate of a record that must be kept, so it stays with it."
OTHERS_CHANGED = (
    "Somebody changed the other enquiries of this household, or what is known of them. Nothing was erased. "
    "Look through the list again."
)
APPLIED = (
    "They have applied, so the law asks us to keep this record for three years after the application ended."
)


def reason_against(session: Session, enquiry: Enquiry) -> str:
    """Why it cannot be erased now; empty when it can."""
    if enquiry.application_at is not None:
        return APPLIED
    if enquiry.is_held:
        return HELD
    if enquiry.must_stay:
        return RESTRICTED
    original = session.get(Enquiry, enquiry.duplicate_of_id) if enquiry.duplicate_of_id else None
    return STAYS_WITH if original is not None and original.must_stay else ""


@dataclass(frozen=True, slots=True)
class Household:
    """The other enquiries of a household: what can be erased with one of them, and what stays and why."""

    goes: list[Enquiry]
    stays: list[tuple[Enquiry, str]]
    unsure: Sequence[Row[str, Enquiry]] = ()
    """What nobody has judged yet: it may be theirs, and is not erased with the rest."""

    @property
    def mark(self) -> str:
        """What the page said would go."""
        return mark_of_household(self.goes)


def household(session: Session, enquiry: Enquiry, *, by: Actor) -> Household:
    """What else there is of this one’s household, judged as it stands now."""
    judged = [(one, reason_against(session, one)) for one in household_of(session, enquiry, by=by)]
    return Household(
        [one for one, why in judged if not why],
        [(one, why) for one, why in judged if why],
        undecided(session, [enquiry, *(one for one, _why in judged)], by=by),
    )


def erase_record(
    session: Session,
    reference: str,
    *,
    version: int,
    with_others: str = "",
    by: Actor,
    at: datetime,
    council: Council,
) -> None:
    """Delete it with everything that belongs to it. That there was one stays counted.

    `with_others` is the mark of the other enquiries of the household that go with it: all of them or nothing.
    Raises NotFound, StaleEdit, InvalidTransition with `why` while it must be kept, or they are others now.
    """
    lock_household(session, reference, by=by)
    enquiry = enquiry_to_change(session, reference, version, by=by)
    why = reason_against(session, enquiry)
    if why:
        raise InvalidTransition(reference=reference, why=why)
    others = household(session, enquiry, by=by) if with_others else Household([], [])
    if with_others and others.mark != with_others:
        raise InvalidTransition(reference=reference, why=OTHERS_CHANGED)
    going = sorted([enquiry, *others.goes], key=lambda one: one.id)
    for one in going:
        if one.is_open:
            close_enquiry(session, one, Closure.X10, by=by, at=at, council=council)
            session.flush()
        end_record(session, one, Rule.ERASED, at=at, council=council)
        audit.record(session, RECORD_ERASED, by=by, at=at, subject=one.public_ref)
    end_traces(session, [(one.id, one.public_ref) for one in going], at)


def lock_household(session: Session, reference: str, *, by: Actor) -> None:
    """Lock it with the others, in one order for everybody, and read them again as they are then."""
    enquiry = readable_enquiry(session, reference, by=by)
    if enquiry is not None:
        locked(session, [enquiry.id, *(one.id for one in household_of(session, enquiry, by=by))])
