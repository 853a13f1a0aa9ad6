"""Who came, and what becomes of somebody who came without an enquiry."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidInput, InvalidTransition
from portal.core.mail import OutgoingMail
from portal.council import Council
from portal.fostering.information_events import events, telling
from portal.fostering.information_events.booking import add_activity
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.options import Attendance
from portal.fostering.information_events.queries import booking_of, event_to_change, has_places, live_bookings
from portal.fostering.models import Enquiry
from portal.fostering.options import ActivityKind, Channel, HeardFrom
from portal.fostering.restricted import may_read
from portal.fostering.service import accept_enquiry

FORM_VERSION = "event"
"""What an enquiry answers that was made of a booking: no form at all."""


def record_attendance(
    session: Session, reference: str, came: Collection[int], *, version: int, by: Actor, at: datetime
) -> None:
    """Say of everybody with places whether they came; it can be said again.

    Raises NotFound, StaleEdit, InvalidTransition before the event begins.
    """
    event = event_to_change(session, reference, version)
    if not event.is_over(at):
        raise InvalidTransition(reference=reference, why="This event has not begun, so nobody has come yet.")
    bookings = live_bookings(session, event.id, lock=True)
    came_before = people_who_came(bookings)
    for booking in bookings:
        was, now = booking.attendance, attendance_of(booking, came)
        booking.attendance = now
        if was is not now:
            note_attendance(session, event, booking, was, by=by, at=at)
    event.version += 1
    event.attendance_at = at
    came_now = people_who_came(bookings)
    event.came = (event.came or 0) + came_now - came_before  # with those whose bookings were deleted since
    people = sum(booking.people for booking in bookings)
    facts = {"came": event.came, "stayed_away": people - came_now}
    audit.record(session, events.ATTENDANCE_RECORDED, by=by, at=at, subject=reference, **facts)


def people_who_came(bookings: Iterable[EventBooking]) -> int:
    """How many people it is said of."""
    return sum(booking.people for booking in bookings if booking.attendance is Attendance.CAME)


def attendance_of(booking: EventBooking, came: Collection[int]) -> Attendance:
    """Everybody who is not among those who came has not come."""
    return Attendance.CAME if booking.id in came else Attendance.DID_NOT_COME


def note_attendance(
    session: Session,
    event: InformationEvent,
    booking: EventBooking,
    was: Attendance | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """On the timeline of a household whose enquiry we have; a slip is put right by another row."""
    if booking.enquiry is None:
        return
    words = telling.in_words(event)
    if booking.attendance is Attendance.CAME:
        add_activity(session, booking.enquiry, ActivityKind.EVENT_ATTENDED, words, by=by, at=event.starts_at)
        return
    slip = "It was recorded by mistake that they came" if was is Attendance.CAME else "Did not come"
    add_activity(session, booking.enquiry, ActivityKind.NOTE, f"{slip}: {words}", by=by, at=at)


def make_enquiry_of(
    session: Session, reference: str, booking_id: int, *, by: Actor, at: datetime, council: Council
) -> Enquiry:
    """A new enquiry of somebody who booked, with what is known of them; the team hears of it as of any other.

    Pressed twice, it is one enquiry. Raises NotFound, InvalidInput where the booking has one.
    """
    event, booking = booking_without_enquiry(session, reference, booking_id)
    answers = {
        "first_name": booking.first_name,
        "last_name": booking.last_name,
        "email": booking.email,
        "phone": booking.phone,
        "contact_needs": booking.access_needs,
        "heard_from": HeardFrom.EVENT.value,
    }
    enquiry = accept_enquiry(
        session,
        answers,
        {"sections": []},
        submission_key=hashlib.sha256(f"event-{booking.submission_key}".encode()).hexdigest(),
        channel=Channel.EVENT,
        by=by,
        at=at,
        council=council,
        form_version=FORM_VERSION,
    )
    link(session, event, booking, enquiry, new=True, by=by, at=at)
    return enquiry


def link_to_enquiry(
    session: Session, reference: str, booking_id: int, enquiry_ref: str, *, by: Actor, at: datetime
) -> Enquiry:
    """Say whose household booked. Raises NotFound, and InvalidInput where there is no such enquiry."""
    event, booking = booking_without_enquiry(session, reference, booking_id)
    wanted = select(Enquiry).where(Enquiry.public_ref == enquiry_ref, may_read(by))
    enquiry = session.scalar(wanted.with_for_update(key_share=True))
    if enquiry is None:
        raise InvalidInput("reference", "No enquiry has this reference")
    link(session, event, booking, enquiry, new=False, by=by, at=at)
    return enquiry


def booking_without_enquiry(
    session: Session, reference: str, booking_id: int
) -> tuple[InformationEvent, EventBooking]:
    """The two, locked."""
    event = event_to_change(session, reference)
    booking = booking_of(session, event.id, booking_id)
    if booking.enquiry is not None:
        raise InvalidInput("enquiry", f"This booking belongs to {booking.enquiry.public_ref} already")
    return event, booking


def link(
    session: Session,
    event: InformationEvent,
    booking: EventBooking,
    enquiry: Enquiry,
    *,
    new: bool,
    by: Actor,
    at: datetime,
) -> None:
    """What was booked, the mails about it and whether they came: from now on the household’s own."""
    if booking.is_live and has_places(session, event.id, enquiry.id):
        raise InvalidInput(
            "enquiry", "This household has other places at this event. Cancel one of the two first"
        )
    booking.enquiry = enquiry
    mails = update(OutgoingMail).where(OutgoingMail.about == booking.reference)
    session.execute(mails.values(about=enquiry.public_ref))
    words = telling.in_words(event)
    add_activity(session, enquiry, ActivityKind.NOTE, f"Booked by themselves: {words}", by=by, at=at)
    if booking.attendance is not None:
        note_attendance(session, event, booking, None, by=by, at=at)
    session.flush()
    facts = {"booking": booking.reference, "enquiry": enquiry.public_ref, "new": new}
    audit.record(session, events.BOOKING_LINKED, by=by, at=at, subject=event.reference, **facts)
