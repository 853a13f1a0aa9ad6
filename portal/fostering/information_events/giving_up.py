"""Giving places back: by the link of a mail, by staff for whoever calls, by the end of the enquiry."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidTransition
from portal.core.page_cache import note_publication
from portal.fostering.closing import when_closed
from portal.fostering.information_events import events, telling
from portal.fostering.information_events.booking import add_activity, give_up, lock_household
from portal.fostering.information_events.models import EventBooking
from portal.fostering.information_events.options import GivenUpBy
from portal.fostering.information_events.queries import (
    booking_by_token,
    booking_of,
    event_to_change,
    has_places,
    places_ahead,
)
from portal.fostering.information_events.renewing import renew_link
from portal.fostering.models import Enquiry
from portal.fostering.options import ActivityKind


def give_up_by_link(session: Session, token: str, *, by: Actor, at: datetime) -> None:
    """Their own doing, until the event begins; later presses change nothing. Raises PlaceLinkGone."""
    event = event_to_change(session, booking_by_token(session, token).event.reference)
    lock_household(session, booking_by_token(session, token))
    booking = booking_by_token(session, token)  # whoever had the household may have ended the link
    if event.is_open(at):
        give_up(session, booking, GivenUpBy.GUEST, by=by, at=at)


def give_up_by_staff(
    session: Session, reference: str, booking_id: int, *, by: Actor, at: datetime
) -> EventBooking:
    """For somebody who has called. Raises NotFound, InvalidTransition once the event has begun."""
    event = event_to_change(session, reference)
    booking = booking_of(session, event.id, booking_id)
    if not event.is_open(at):
        why = "This event has begun or was cancelled, so no places are given back."
        raise InvalidTransition(reference=reference, why=why)
    give_up(session, booking, GivenUpBy.STAFF, by=by, at=at)
    return booking


@when_closed
def give_up_by_closing(session: Session, enquiry: Enquiry, by: Actor, at: datetime) -> None:
    """Whoever is no longer with us does not keep a place; a duplicate’s places are the original’s.

    No event is locked, because that comes before enquiries: whoever books meanwhile may find it full for a
    moment longer. So the public pages are drawn anew whatever the room was.
    """
    bookings = places_ahead(session, enquiry.id, at)
    original = session.get(Enquiry, enquiry.duplicate_of_id) if enquiry.duplicate_of_id else None
    kept = {one.event_id for one in places_ahead(session, original.id, at)} if original else set()
    for booking in bookings:
        if original is None or not original.is_open or booking.event_id in kept:
            give_up(session, booking, GivenUpBy.CLOSED, by=by, at=at)
        else:
            hand_on(session, booking, original, by=by, at=at)
    if bookings:
        note_publication(session, at)


def hand_on(session: Session, booking: EventBooking, original: Enquiry, *, by: Actor, at: datetime) -> None:
    """Make the places those of the enquiry that stays; not everybody who reads it may know the other one."""
    booking.enquiry = original
    words = f"Places of a duplicate of this enquiry: {telling.in_words(booking.event)}"
    add_activity(session, original, ActivityKind.NOTE, words, by=by, at=at)
    note_linked(session, booking, original, by=by, at=at)


def hand_back(
    session: Session, enquiry: Enquiry, stays: Enquiry, places: Collection[int], *, by: Actor, at: datetime
) -> None:
    """The merge was a mistake: of `places`, what still lies ahead is the household’s again that booked them.

    The other one may have had a mail about them, so its links end and the right mailbox gets its own.
    """
    for booking in places_ahead(session, stays.id, at):
        if booking.id in places and not has_places(session, booking.event_id, enquiry.id):
            booking.enquiry = enquiry
            words = telling.in_words(booking.event)
            for one, whose in ((enquiry, "This household’s again"), (stays, "Not this household’s any more")):
                add_activity(session, one, ActivityKind.NOTE, f"{whose}: places at {words}", by=by, at=at)
            note_linked(session, booking, enquiry, by=by, at=at)
            renew_link(session, booking, at)


def note_linked(
    session: Session, booking: EventBooking, enquiry: Enquiry, *, by: Actor, at: datetime
) -> None:
    """The audit of places that are another enquiry’s now."""
    facts = {"booking": booking.reference, "enquiry": enquiry.public_ref, "new": False}
    audit.record(session, events.BOOKING_LINKED, by=by, at=at, subject=booking.event.reference, **facts)
