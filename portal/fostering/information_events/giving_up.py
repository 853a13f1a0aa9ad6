"""Giving places back: by the link of a mail, or by staff for whoever calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.errors import InvalidTransition
from portal.fostering.information_events.booking import give_up
from portal.fostering.information_events.models import EventBooking
from portal.fostering.information_events.options import GivenUpBy
from portal.fostering.information_events.queries import booking_by_token, booking_of, event_to_change


def give_up_by_link(session: Session, token: str, *, by: Actor, at: datetime) -> None:
    """Their own doing, until the event begins; a second and a late press change nothing. Raises NotFound."""
    booking = booking_by_token(session, token)
    event = event_to_change(session, booking.event.reference)
    session.refresh(booking)
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
