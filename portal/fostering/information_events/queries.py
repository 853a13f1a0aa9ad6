"""Reading events and bookings. How many places are taken is always added up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.core.access import Actor
from portal.core.errors import Gone, NotFound, StaleEdit
from portal.core.mail import MailStatus, OutgoingMail
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.options import Room
from portal.fostering.models import Enquiry
from portal.fostering.restricted import may_read
from portal.journeys.snapshot import sections_of

FEW = 3
"""With so many places left, or fewer, the public reads that there are few."""

LISTED_FOR = timedelta(days=400)
"""How long ago the events lie that staff see in their list."""


class PlaceLinkGone(Gone):
    """A link to places that was renewed, or whose booking is kept no longer: the page says what to do."""

    slug = "place_link_gone"


def room_in(capacity: int, taken: int) -> Room:
    """How much room is left."""
    left = capacity - taken
    return Room.FULL if left <= 0 else Room.FEW if left <= FEW else Room.OPEN


@dataclass(frozen=True, slots=True)
class Listed:
    """An event with the number of people who have places."""

    event: InformationEvent
    taken: int

    @property
    def left(self) -> int:
        """How many places are left."""
        return max(0, self.event.capacity - self.taken)

    @property
    def room(self) -> Room:
        """The same as the public reads it."""
        return room_in(self.event.capacity, self.taken)


def taken_in(session: Session, event_id: int) -> int:
    """How many people have a place; with the event locked it stays true until the transaction ends."""
    live = [EventBooking.event_id == event_id, EventBooking.cancelled_at.is_(None)]
    return session.scalar(select(func.coalesce(func.sum(EventBooking.people), 0)).where(*live)) or 0


def listed(session: Session, events: Sequence[InformationEvent]) -> list[Listed]:
    """These events, each with how many have booked."""
    if not events:
        return []
    live = [EventBooking.event_id.in_([event.id for event in events]), EventBooking.cancelled_at.is_(None)]
    sums = select(EventBooking.event_id, func.sum(EventBooking.people)).where(*live)
    rows = session.execute(sums.group_by(EventBooking.event_id)).all()
    taken: dict[int, int] = {row[0]: row[1] for row in rows}
    return [Listed(event, taken.get(event.id, 0)) for event in events]


def upcoming(session: Session, at: datetime) -> list[Listed]:
    """What the public can still book or finds full, the next one first."""
    open_ones = select(InformationEvent).where(
        InformationEvent.starts_at > at, InformationEvent.cancelled_at.is_(None)
    )
    order = (InformationEvent.starts_at, InformationEvent.id)
    return listed(session, session.scalars(open_ones.order_by(*order)).all())


def with_room(session: Session, at: datetime) -> list[Listed]:
    """Those of them that have a place."""
    return [one for one in upcoming(session, at) if one.left]


def events_of_staff(session: Session, at: datetime) -> tuple[list[Listed], list[Listed]]:
    """What lies ahead, the next one first; and what has been, the last one first."""
    wanted = select(InformationEvent).where(InformationEvent.starts_at > at - LISTED_FOR)
    found = listed(session, session.scalars(wanted.order_by(InformationEvent.starts_at)).all())
    ahead = [one for one in found if one.event.ends_at > at]
    return ahead, [one for one in reversed(found) if one.event.ends_at <= at]


def event_of(session: Session, reference: str) -> Listed:
    """One event; raises NotFound."""
    event = session.scalar(select(InformationEvent).where(InformationEvent.reference == reference))
    if event is None:
        raise NotFound
    return Listed(event, taken_in(session, event.id))


def event_to_change(session: Session, reference: str, version: int | None = None) -> InformationEvent:
    """The event, locked: always before the row of any enquiry, so that no two wait for each other.

    Raises NotFound, and StaleEdit when somebody changed it after this version was read.
    """
    wanted = select(InformationEvent).where(InformationEvent.reference == reference).with_for_update()
    event = session.scalar(wanted, execution_options={"populate_existing": True})
    if event is None:
        raise NotFound
    if version is not None and event.version != version:
        raise StaleEdit(reference=reference)
    return event


def bookings_of(session: Session, event_id: int) -> list[EventBooking]:
    """Everybody who booked, also those who gave their places back; by name."""
    wanted = select(EventBooking).where(EventBooking.event_id == event_id)
    order = (func.lower(EventBooking.last_name), func.lower(EventBooking.first_name), EventBooking.id)
    return list(session.scalars(wanted.options(joinedload(EventBooking.enquiry)).order_by(*order)))


def live_bookings(session: Session, event_id: int, *, lock: bool = False) -> list[EventBooking]:
    """Those who still have places; with `lock`, after whoever changes or erases their households."""
    if lock:
        lock_households(session, event_id)
    return [booking for booking in bookings_of(session, event_id) if booking.is_live]


def lock_households(session: Session, event_id: int) -> None:
    """Whose enquiry we have of those who booked, in one order: first after the event itself."""
    theirs = select(EventBooking.enquiry_id).where(EventBooking.event_id == event_id)
    wanted = select(Enquiry.id).where(Enquiry.id.in_(theirs)).order_by(Enquiry.id)
    session.execute(wanted.with_for_update(key_share=True))


def hidden_bookings(session: Session, event_id: int, *, by: Actor) -> frozenset[int]:
    """Bookings of households whose record this person may not read: who they are is not theirs to know."""
    wanted = select(EventBooking.id).join(Enquiry, EventBooking.enquiry_id == Enquiry.id)
    return frozenset(session.scalars(wanted.where(EventBooking.event_id == event_id, ~may_read(by))))


def undelivered(session: Session, bookings: Sequence[EventBooking]) -> frozenset[int]:
    """Those whom mail does not reach: a household’s record says it, of other guests their last mail does."""
    others = [booking.reference for booking in bookings if booking.enquiry is None]
    tried = select(OutgoingMail.about, OutgoingMail.status).where(
        OutgoingMail.about.in_(others), OutgoingMail.status.in_((MailStatus.SENT, MailStatus.FAILED))
    )
    last = {row.about: row.status for row in session.execute(tried.order_by(OutgoingMail.id))}
    return frozenset(
        one.id
        for one in bookings
        if (one.enquiry.email_failed_at if one.enquiry else last.get(one.reference) is MailStatus.FAILED)
    )


def booking_of(session: Session, event_id: int, booking_id: int) -> EventBooking:
    """One booking of this event; raises NotFound."""
    booking = session.get(EventBooking, booking_id)
    if booking is None or booking.event_id != event_id:
        raise NotFound
    return booking


def booking_by_token(session: Session, token: str) -> EventBooking:
    """The booking whose link this is, with its event, as they are now; raises PlaceLinkGone."""
    wanted = select(EventBooking).where(EventBooking.token == token)
    booking = session.scalar(
        wanted.options(joinedload(EventBooking.event)), execution_options={"populate_existing": True}
    )
    if booking is None:
        raise PlaceLinkGone
    return booking


def bookings_of_enquiry(session: Session, enquiry_id: int) -> list[EventBooking]:
    """What a household has booked, the latest event first."""
    wanted = select(EventBooking).join(InformationEvent).where(EventBooking.enquiry_id == enquiry_id)
    order = (InformationEvent.starts_at.desc(), EventBooking.id.desc())
    return list(session.scalars(wanted.options(joinedload(EventBooking.event)).order_by(*order)))


def likely_bookings(session: Session, enquiry: Enquiry, at: datetime) -> list[EventBooking]:
    """Places at events ahead that nobody has linked, with this address or number; at most five."""
    if not enquiry.is_open:
        return []
    wanted = (
        select(EventBooking)
        .join(InformationEvent)
        .where(InformationEvent.starts_at > at, EventBooking.cancelled_at.is_(None), may_be_theirs([enquiry]))
    )
    order = (InformationEvent.starts_at, EventBooking.id)
    return list(session.scalars(wanted.options(joinedload(EventBooking.event)).order_by(*order).limit(5)))


def unlinked_bookings(session: Session, enquiries: Collection[Enquiry]) -> list[EventBooking]:
    """The same of several, of events that have been too, and places that were given back."""
    wanted = select(EventBooking).join(InformationEvent).where(may_be_theirs(enquiries))
    order = (InformationEvent.starts_at, EventBooking.id)
    return list(session.scalars(wanted.options(joinedload(EventBooking.event)).order_by(*order)))


def may_be_theirs(enquiries: Collection[Enquiry]) -> ColumnElement[bool]:
    """That a booking has an address or number of one of these, and nobody has linked it yet."""
    addresses = {address.lower() for one in enquiries for address in given(one, "email")}
    numbers = {number for one in enquiries for number in given(one, "phone")}
    same = or_(EventBooking.email_key.in_(addresses), EventBooking.phone.in_(numbers))
    return and_(EventBooking.enquiry_id.is_(None), same)


def given(enquiry: Enquiry, name: str) -> set[str]:
    """An address or number: the one of now and, where that was put right since, the one that was sent."""
    groups = (group for section in sections_of(enquiry.snapshot) for group in section.groups)
    sent = (row.answer for group in groups for row in group.rows if row.name == name)
    return {str(one) for one in (getattr(enquiry, name), *sent) if one}


def has_places(session: Session, event_id: int, enquiry_id: int) -> bool:
    """Whether a household has places at an event already."""
    wanted = select(EventBooking.id).where(
        EventBooking.event_id == event_id,
        EventBooking.enquiry_id == enquiry_id,
        EventBooking.cancelled_at.is_(None),
    )
    return session.scalar(wanted) is not None


def places_ahead(session: Session, enquiry_id: int, at: datetime) -> list[EventBooking]:
    """The places that a household has at events that lie ahead."""
    wanted = (
        select(EventBooking)
        .join(InformationEvent)
        .where(
            EventBooking.enquiry_id == enquiry_id,
            EventBooking.cancelled_at.is_(None),
            InformationEvent.starts_at > at,
        )
    )
    return list(session.scalars(wanted.options(joinedload(EventBooking.event)).order_by(EventBooking.id)))


def next_change(events: Iterable[Listed]) -> datetime | None:
    """When a page that lists these events stops being true by the clock alone."""
    return min((one.event.starts_at for one in events), default=None)


def likely_enquiries(session: Session, booking: EventBooking, *, by: Actor) -> list[Enquiry]:
    """Enquiries with the same address or number, newest first, for staff to choose from; at most five."""
    found: dict[int, Enquiry] = {}
    for column, value in ((Enquiry.email_key, booking.email_key), (Enquiry.phone, booking.phone)):
        if value is not None:
            wanted = select(Enquiry).where(column == value, may_read(by)).order_by(Enquiry.id.desc()).limit(5)
            found |= {enquiry.id: enquiry for enquiry in session.scalars(wanted)}
    return sorted(found.values(), key=lambda enquiry: enquiry.id, reverse=True)[:5]
