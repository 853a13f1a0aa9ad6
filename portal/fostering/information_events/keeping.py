"""How long it is known who came, of people without an enquiry. Other bookings go with their enquiry."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.clock import add_months, london, london_instant
from portal.core.retention import BATCH, Due
from portal.council import Retention
from portal.fostering.information_events import events
from portal.fostering.information_events.models import EventBooking, InformationEvent


def due(at: datetime, periods: Retention) -> Select[int, datetime]:
    """Bookings of events that ended so long ago: the day counts, in London."""
    last_day = add_months(london(at).date(), -periods.event_booking)
    wanted = select(EventBooking.id, InformationEvent.ends_at).join(InformationEvent)
    return wanted.where(
        EventBooking.enquiry_id.is_(None), InformationEvent.ends_at < london_instant(last_day, time(0))
    ).order_by(EventBooking.id)


def old_bookings(session: Session, at: datetime, periods: Retention) -> list[Due]:
    """By name, for `portal retention`."""
    return [
        Due(
            "event booking",
            f"BOOKING-{row.id}",
            add_months(london(row.ends_at).date(), periods.event_booking),
        )
        for row in session.execute(due(at, periods))
    ]


def delete_bookings(session: Session, at: datetime, periods: Retention, *, by: Actor) -> int:
    """At most a batch; how many people came stays with the event."""
    found = [row.id for row in session.execute(due(at, periods).limit(BATCH))]
    if found:
        session.execute(delete(EventBooking).where(EventBooking.id.in_(found)))
        audit.record(session, events.BOOKINGS_DELETED, by=by, at=at, bookings=len(found))
    return len(found)
