"""New links after a household’s address was put right: those in the mailbox it has left give nothing up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.tokens import new_token
from portal.fostering.information_events import telling
from portal.fostering.information_events.models import EventBooking
from portal.fostering.information_events.queries import places_ahead
from portal.fostering.models import Enquiry


def renew_links(session: Session, enquiry: Enquiry, at: datetime) -> None:
    """End the links of its places at events that lie ahead; the address of now gets its confirmation anew."""
    for booking in places_ahead(session, enquiry.id, at):
        renew_link(session, booking, at)


def renew_link(session: Session, booking: EventBooking, at: datetime) -> None:
    """One of them; nothing is written where nothing may be."""
    booking.token = new_token()
    telling.write_to(session, telling.BOOKED, booking.event, [booking], at=at)
