"""Booking places and giving them back: never more people than fit, however many ask at once.

The event’s row is locked first; whoever waits for it counts again. So the last place goes to one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidInput
from portal.core.mail_links import MACHINES_SIGNS
from portal.core.page_cache import note_publication
from portal.core.tokens import new_token
from portal.core.wording import plural
from portal.fostering.follow_up.queries import enquiry_to_change
from portal.fostering.information_events import events, telling
from portal.fostering.information_events.facts import Guest
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.options import GivenUpBy
from portal.fostering.information_events.queries import event_to_change, has_places, room_in, taken_in
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind


def book_places(
    session: Session,
    reference: str,
    guest: Guest,
    *,
    key: str,
    signs: Iterable[str] = (),
    by: Actor,
    at: datetime,
    mail: bool = True,
) -> None:
    """Book for a visitor, or for somebody without an enquiry; `mail` is whether their mailbox has had enough.

    A mailbox that has places already gets its confirmation once more and no second booking; the answer is the
    same, so nobody learns who comes (the team is told). Raises NotFound, and InvalidInput where there is no
    room or no event.
    """
    event = event_to_change(session, reference)
    sent_before = session.scalar(select(EventBooking).where(EventBooking.submission_key == key))
    if sent_before is not None and sent_before.is_live:
        return
    check_room(session, event, guest.people, at)
    known = live_booking_of(session, event, guest.email)
    if known is not None and by.signed_in:
        raise InvalidInput("email", "This address has places at this event already")
    if known is None:
        key = new_token() if sent_before else key  # they gave those places back, and book again
        booking = new_booking(event, guest, key=key, by=by, at=at)
        booking.quarantined = bool(MACHINES_SIGNS.intersection(signs))
        insert(session, event, booking, by=by, at=at)
        known = booking
    if mail:
        telling.write_to(session, telling.BOOKED, event, [known], at=at)


def book_for_enquiry(
    session: Session,
    reference: str,
    enquiry_ref: str,
    *,
    people: int,
    access_needs: str | None,
    writes: bool,
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Book for a household whose enquiry we have; it stands on its timeline.

    Raises NotFound, StaleEdit, and InvalidInput where there is no room, or they have booked already.
    """
    event = event_to_change(session, reference)
    enquiry = enquiry_to_change(session, enquiry_ref, version, by=by)
    if not enquiry.is_open:
        raise InvalidInput("event", "This enquiry is closed. Open it again first")
    check_room(session, event, people, at, field="event")
    if has_places(session, event.id, enquiry.id) or live_booking_of(session, event, enquiry.email):
        raise InvalidInput("event", "They have places at this event already")
    guest = Guest(
        first_name=enquiry.first_name,
        last_name=enquiry.last_name,
        email=enquiry.email,
        phone=enquiry.phone,
        people=people,
        access_needs=access_needs,
        writes=writes,
    )
    booking = new_booking(event, guest, key=new_token(), by=by, at=at)
    booking.enquiry = enquiry
    insert(session, event, booking, by=by, at=at)
    note = f"Booked {plural(people, 'place')}: {telling.in_words(event)}"
    add_activity(session, enquiry, ActivityKind.EVENT_INVITED, note, by=by, at=at)
    telling.write_to(session, telling.BOOKED, event, [booking], at=at, by_staff=True)


def check_room(
    session: Session, event: InformationEvent, people: int, at: datetime, *, field: str = "people"
) -> None:
    """Refuse what does not fit, with the event locked; the message says what would."""
    if event.cancelled_at is not None:
        raise InvalidInput(field, "This event has been cancelled")
    if not event.is_open(at):
        raise InvalidInput(field, "This event has begun, so it cannot be booked any more")
    left = event.capacity - taken_in(session, event.id)
    if left <= 0:
        raise InvalidInput(field, "This event is full")
    if people > left:
        raise InvalidInput(field, f"There {'is' if left == 1 else 'are'} only {plural(left, 'place')} left")


def live_booking_of(session: Session, event: InformationEvent, email: str | None) -> EventBooking | None:
    """The places that this mailbox has."""
    if not email:
        return None
    wanted = select(EventBooking).where(
        EventBooking.event_id == event.id,
        EventBooking.email_key == email.lower(),
        EventBooking.cancelled_at.is_(None),
    )
    return session.scalar(wanted)


def new_booking(event: InformationEvent, guest: Guest, *, key: str, by: Actor, at: datetime) -> EventBooking:
    """The row, not stored yet."""
    return EventBooking(
        event_id=event.id,
        submission_key=key,
        token=new_token(),
        booked_at=at,
        booked_by_id=by.id,
        first_name=guest.first_name,
        last_name=guest.last_name,
        email=guest.email,
        email_key=guest.email.lower() if guest.email else None,
        phone=guest.phone,
        people=guest.people,
        access_needs=guest.access_needs,
        writes=guest.writes,
    )


def insert(
    session: Session, event: InformationEvent, booking: EventBooking, *, by: Actor, at: datetime
) -> None:
    """Store it; the public pages are drawn anew when what they say of the room changes."""
    before = taken_in(session, event.id)
    session.add(booking)
    session.flush()
    note_room(session, event, before, before + booking.people, at)
    audit.record(
        session,
        events.PLACES_BOOKED,
        by=by,
        at=at,
        subject=event.reference,
        booking=booking.reference,
        people=booking.people,
        enquiry=booking.enquiry.public_ref if booking.enquiry else "",
    )


def give_up(session: Session, booking: EventBooking, how: GivenUpBy, *, by: Actor, at: datetime) -> None:
    """Give the places back; nothing happens where they are given back already.

    The event is locked, then the household: closing locks it, too, and gives back what it has.
    """
    lock_household(session, booking)
    as_it_is = session.get(EventBooking, booking.id, populate_existing=True)
    if as_it_is is None or not as_it_is.is_live:  # gone with the household’s record, or given back
        return
    event = booking.event
    before = taken_in(session, event.id)
    booking.cancelled_at, booking.given_up_by = at, how
    session.flush()
    note_room(session, event, before, before - booking.people, at)
    audit.record(
        session,
        events.PLACES_GIVEN_UP,
        by=by,
        at=at,
        subject=event.reference,
        booking=booking.reference,
        people=booking.people,
        how=how.value,
    )
    if booking.enquiry is not None:
        note = f"Places given back ({how.label}): {telling.in_words(event)}"
        add_activity(session, booking.enquiry, ActivityKind.NOTE, note, by=by, at=at)


def lock_household(session: Session, booking: EventBooking) -> None:
    """Wait for whoever changes the household whose places they are, if we know it."""
    if booking.enquiry_id is not None:
        session.execute(
            select(Enquiry.id).where(Enquiry.id == booking.enquiry_id).with_for_update(key_share=True)
        )


def note_room(session: Session, event: InformationEvent, before: int, now: int, at: datetime) -> None:
    """Other numbers are not public, so most bookings change no page."""
    if room_in(event.capacity, before) is not room_in(event.capacity, now):
        note_publication(session, at)


def add_activity(
    session: Session, enquiry: Enquiry, kind: ActivityKind, note: str, *, by: Actor, at: datetime
) -> None:
    """A line of the household’s timeline."""
    name = by.name or "the household"
    session.add(Activity(enquiry_id=enquiry.id, at=at, kind=kind, by_id=by.id, by_name=name, note=note))
