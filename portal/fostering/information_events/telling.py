"""The mails of events: confirmation, reminder, change, cancellation, each with its calendar entry.

Neither a subject nor a calendar says what the event is about: phones show them to whoever is near. Nothing
that a guest typed is in any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.core.calendar_entry import CalendarEntry
from portal.core.context import current_settings
from portal.core.mail import MailStatus, OutgoingMail, queue_mail
from portal.core.wording import short_moment
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.options import EventMode, GivenUpBy

BOOKED = "fostering_event_booked"
REMINDER = "fostering_event_reminder"
CHANGED = "fostering_event_changed"
CANCELLED = "fostering_event_cancelled"
UNTIL_CHANGED = (BOOKED, REMINDER, CHANGED)
"""True until the event is changed or cancelled."""


def where(event: InformationEvent) -> str:
    """The place, or the link of a meeting online: for those who have booked."""
    return (event.join_link if event.mode is EventMode.ONLINE else event.place) or ""


def in_words(event: InformationEvent) -> str:
    """How the timeline names it."""
    return f"{event.title}, {short_moment(event.starts_at)}"


def calendar_entry(event: InformationEvent, *, for_guests: bool) -> CalendarEntry:
    """The event for somebody’s calendar; only guests learn the link of a meeting online."""
    settings = current_settings()
    shown = for_guests or event.mode is EventMode.VENUE
    return CalendarEntry(
        uid=f"{event.reference}@{urlsplit(settings.base_url).hostname}",
        owner=settings.council.name,
        summary=f"Information event, {settings.council.name}",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        written_at=event.changed_at,
        sequence=event.version,
        location=where(event) if shown else "Online",
        cancelled=event.cancelled_at is not None,
    )


def left_alone(booking: EventBooking, at: datetime) -> bool:
    """Whether the portal wrote nothing to them by itself then: the enquiry was closed, or restricted.

    Whoever booked after the closing has come back: about these places they expect to hear from us.
    """
    enquiry = booking.enquiry
    if enquiry is None:
        return False
    came_back = enquiry.closed_at is not None and enquiry.closed_at < booking.booked_at
    since = (None if came_back else enquiry.closed_at, enquiry.restricted_at)
    return any(moment is not None and moment <= at for moment in since)


def address_of(booking: EventBooking) -> str | None:
    """Where mails go: of a household whose enquiry we have, to the address that it has now.

    Whoever reads the mailbox they have left must not get the link that gives the places back.
    """
    if not booking.email or not booking.writes:
        return None
    return booking.enquiry.email if booking.enquiry else booking.email


def to_be_called(
    event: InformationEvent, gone: Iterable[EventBooking], undelivered: frozenset[int], *, at: datetime
) -> frozenset[int]:
    """Who would come to an event that is cancelled, because no mail of it reaches them."""
    if event.cancelled_at is None or event.starts_at <= at:
        return frozenset()
    lost = [booking for booking in gone if booking.given_up_by is GivenUpBy.EVENT]
    silent = {booking.id for booking in lost if address_of(booking) is None}
    alone = {booking.id for booking in lost if left_alone(booking, event.cancelled_at)}
    return frozenset(silent | alone | {booking.id for booking in lost if booking.id in undelivered})


def call_off_mails(session: Session, event: InformationEvent) -> None:
    """Let no mail leave any more that says how the event was: a mailbox may have put it off for hours.

    Its calendar entry tells of which event it is.
    """
    mail = OutgoingMail
    purposes = [purpose_of(what) for what in UNTIL_CHANGED]
    waits = (mail.status == MailStatus.WAITING, mail.purpose.in_(purposes))
    of_this = mail.calendar.contains(f"UID:{event.reference}@", autoescape=True)
    overtaken = {"status": MailStatus.EXPIRED, "body": "", "calendar": None}
    session.execute(update(mail).where(*waits, of_this).values(overtaken))


def purpose_of(what: str) -> str:
    """The code of a mail, for staff and for logs."""
    return what.replace("_", ".", 1)


def write_to(
    session: Session,
    what: str,
    event: InformationEvent,
    bookings: Iterable[EventBooking],
    *,
    at: datetime,
    by_staff: bool = False,
) -> int:
    """One mail to each who has an address that may be written to; returns how many.

    `by_staff`: somebody chose to. A mail that could not leave before the event begins is of no more use.
    """
    mails = 0
    for booking in bookings:
        to = address_of(booking)
        if to is None or (left_alone(booking, at) and not by_staff):
            continue
        queue_mail(
            session,
            to=to,
            template=what,
            facts={"event": event, "people": booking.people, "token": booking.token, "where": where(event)},
            at=at,
            purpose=purpose_of(what),
            about=booking.enquiry.public_ref if booking.enquiry else booking.reference,
            expires_at=event.ends_at if what == CANCELLED else event.starts_at,
            calendar=calendar_entry(event, for_guests=True),
        )
        mails += 1
    return mails
