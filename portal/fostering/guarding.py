"""Restricting a record, naming who may read it, and opening it to the team again, whoever does it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.queries import people
from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import record
from portal.core.clock import add_months, london
from portal.fostering.events import READERS_CHANGED, RECORD_OPENED, RECORD_RESTRICTED
from portal.fostering.guarded import Reader
from portal.fostering.history import note_history
from portal.fostering.keeping.options import HoldReason
from portal.fostering.models import Enquiry
from portal.fostering.options import HistoryKind

HELD_FOR = HoldReason.SAFEGUARDING.value
REVIEW_MONTHS = 6
"""After so many months somebody looks whether the record must still be kept."""
MANAGER = "fostering.manage"


def restrict(session: Session, enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """Show the record from now on to whoever did this, its owner and the managers; keep it from retention.

    A record that is restricted already stays so, with the people who are named for it.
    """
    if enquiry.restricted_at is not None:
        return
    enquiry.restricted_at = at
    if enquiry.hold_reason is None:
        enquiry.hold_reason, enquiry.hold_owner_id = HELD_FOR, enquiry.owner_id or by.id
        enquiry.hold_until = add_months(london(at).date(), REVIEW_MONTHS)
    staff = {person.id: person for person in people(session) if person.active}
    named = {identifier for identifier in (by.id, enquiry.owner_id) if identifier in staff}
    named |= {person.id for person in staff.values() if leads_the_team(person.roles)}
    name_readers(session, enquiry, named, by=by, at=at)
    names = sorted(staff[identifier].name for identifier in named)
    note_history(session, enquiry, HistoryKind.RESTRICTED, by=by, at=at, facts={"readers": names})
    record(session, RECORD_RESTRICTED, by=by, at=at, subject=enquiry.public_ref, readers=sorted(named))


def leads_the_team(roles: Iterable[str]) -> bool:
    """Whether somebody with these roles is among the service’s managers."""
    return any(MANAGER in ROLE_PERMISSIONS.get(role, ()) for role in roles)


def name_readers(
    session: Session, enquiry: Enquiry, named: Iterable[int], *, by: Actor, at: datetime
) -> None:
    """Make exactly these the people who may read it."""
    session.execute(delete(Reader).where(Reader.enquiry_id == enquiry.id))
    session.add_all(
        Reader(enquiry_id=enquiry.id, person_id=identifier, named_by_id=by.id, named_at=at)
        for identifier in sorted(set(named))
    )


def change_readers(
    session: Session, enquiry: Enquiry, chosen: dict[int, str], *, by: Actor, at: datetime, note: str
) -> None:
    """Name others; `chosen` are ids and names. Kept on the timeline and in the audit."""
    before = list(session.scalars(select(Reader.person_id).where(Reader.enquiry_id == enquiry.id)))
    name_readers(session, enquiry, chosen, by=by, at=at)
    facts = {"readers": sorted(chosen.values())}
    note_history(session, enquiry, HistoryKind.READERS, by=by, at=at, facts=facts, note=note)
    ids = [sorted(before), sorted(chosen)]
    record(session, READERS_CHANGED, by=by, at=at, subject=enquiry.public_ref, readers=ids)


def open_to_team(session: Session, enquiry: Enquiry, *, by: Actor, at: datetime, note: str) -> None:
    """Let the whole team read it again. A hold on it stays until that is ended."""
    enquiry.restricted_at = None
    session.execute(delete(Reader).where(Reader.enquiry_id == enquiry.id))
    note_history(session, enquiry, HistoryKind.OPENED, by=by, at=at, note=note)
    record(session, RECORD_OPENED, by=by, at=at, subject=enquiry.public_ref)
