"""What staff do with an event: announce it, change it, cancel it. Whoever has booked hears of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidInput, InvalidTransition
from portal.core.page_cache import note_publication
from portal.core.wording import plural
from portal.fostering.information_events import events, telling
from portal.fostering.information_events.booking import give_up
from portal.fostering.information_events.facts import EventFacts
from portal.fostering.information_events.models import InformationEvent
from portal.fostering.information_events.options import GivenUpBy
from portal.fostering.information_events.queries import event_to_change, live_bookings, taken_in
from portal.fostering.references import tail

TOLD = ("starts_at", "ends_at", "mode", "place", "join_link")
"""What those who have booked must know; a new word in the title is not worth a mail."""

WITHIN = timedelta(days=2 * 366)
"""How far ahead an event can be: two years."""


def create_event(session: Session, facts: EventFacts, *, by: Actor, at: datetime) -> InformationEvent:
    """Announce an event; it is public at once. Raises InvalidInput for a time that has passed."""
    check_ahead(facts, at)
    event = InformationEvent(
        **asdict(facts), reference=new_reference(session), created_at=at, created_by_id=by.id, changed_at=at
    )
    session.add(event)
    session.flush()
    note_publication(session, at)
    said = {"starts_at": facts.starts_at.isoformat(), "capacity": facts.capacity}
    audit.record(session, events.EVENT_CREATED, by=by, at=at, subject=event.reference, **said)
    return event


def change_event(
    session: Session, reference: str, facts: EventFacts, *, version: int, by: Actor, at: datetime
) -> int:
    """Change it; who has booked is told of a new time or place. Returns how many mails that made.

    Raises NotFound, StaleEdit, InvalidTransition once it has begun or was cancelled, InvalidInput for a time
    that has passed, and for fewer places than are booked.
    """
    event = event_to_change(session, reference, version)
    refuse_finished(event, at)
    check_ahead(facts, at)
    taken = taken_in(session, event.id)
    if facts.capacity < taken:
        raise InvalidInput("capacity", f"{plural(taken, 'place')} are booked already. Enter {taken} or more")
    changed = [name for name, value in asdict(facts).items() if getattr(event, name) != value]
    if not changed:
        return 0
    moved = facts.starts_at != event.starts_at
    for name in changed:
        setattr(event, name, getattr(facts, name))
    event.version, event.changed_at = event.version + 1, at
    told = 0
    if set(changed) & set(TOLD):
        guests = live_bookings(session, event.id, lock=True)
        telling.call_off_mails(session, event)
        told = telling.write_to(session, telling.CHANGED, event, guests, at=at)
        for booking in guests:
            booking.reminded_at = None if moved else booking.reminded_at
    note_publication(session, at)
    audit.record(session, events.EVENT_CHANGED, by=by, at=at, subject=reference, fields=changed, told=told)
    return told


def cancel_event(
    session: Session, reference: str, note: str, *, version: int, by: Actor, at: datetime
) -> int:
    """Call it off and tell everybody who has booked, with what staff say of it; returns how many mails.

    Raises NotFound, StaleEdit, InvalidTransition once it has begun or was cancelled.
    """
    event = event_to_change(session, reference, version)
    refuse_finished(event, at)
    event.cancelled_at, event.cancel_note = at, note or None
    event.version, event.changed_at = event.version + 1, at
    guests = live_bookings(session, event.id, lock=True)
    telling.call_off_mails(session, event)
    told = telling.write_to(session, telling.CANCELLED, event, guests, at=at)
    for booking in guests:
        give_up(session, booking, GivenUpBy.EVENT, by=by, at=at)
    note_publication(session, at)
    audit.record(session, events.EVENT_CANCELLED, by=by, at=at, subject=reference, told=told)
    return told


def refuse_finished(event: InformationEvent, at: datetime) -> None:
    """What has begun or was cancelled stays as it is."""
    if event.cancelled_at is not None:
        raise InvalidTransition(reference=event.reference, why="This event was cancelled.")
    if event.starts_at <= at:
        raise InvalidTransition(
            reference=event.reference, why="This event has begun, so it cannot be changed."
        )


def check_ahead(facts: EventFacts, at: datetime) -> None:
    """Nobody can come to what has been, and a slip in the year is not announced to everybody."""
    if facts.starts_at <= at:
        raise InvalidInput("day", "The event must be in the future")
    if facts.starts_at > at + WITHIN:
        raise InvalidInput("day", "The event must be within the next two years")


def new_reference(session: Session) -> str:
    """EVT-7K3QX: random like an enquiry’s, so that nobody reads from it how many there were."""
    while True:
        reference = f"EVT-{tail()}"
        if not session.scalar(select(exists().where(InformationEvent.reference == reference))):
            return reference


def note_event_read(session: Session, reference: str, *, by: Actor, at: datetime) -> None:
    """The audit of somebody opening the list of who has booked."""
    audit.record(session, events.EVENT_READ, by=by, at=at, subject=reference)
