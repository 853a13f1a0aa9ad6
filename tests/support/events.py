"""Information events and their bookings for tests."""

from __future__ import annotations

import secrets
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.options import EventMode
from tests.support.builders import AT

_numbers = count(1)


def make_event(session: Session, **changes: Any) -> InformationEvent:
    """An evening in a hall, ten days after `AT` at six, with room for twelve."""
    starts_at = changes.get("starts_at", AT + timedelta(days=10, hours=8))
    values: dict[str, Any] = {
        "reference": f"EVT-{next(_numbers):05}",
        "title": "Information evening",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=90),
        "mode": EventMode.VENUE,
        "place": "Central Library, Southampton SO14 7LW",
        "capacity": 12,
        "created_at": AT - timedelta(days=7),
        "changed_at": AT - timedelta(days=7),
    }
    event = InformationEvent(**{**values, **changes})
    session.add(event)
    session.flush()
    return event


def make_booking(session: Session, event: InformationEvent, **changes: Any) -> EventBooking:
    """One place of somebody without an enquiry, booked two days before `AT`."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "event_id": event.id,
        "submission_key": secrets.token_urlsafe(32),
        "token": secrets.token_urlsafe(32),
        "booked_at": AT - timedelta(days=2),
        "first_name": "Kim",
        "last_name": f"Guest{number}",
        "email": f"guest{number}@example.com",
        "people": 1,
        **changes,
    }
    values.setdefault("email_key", values["email"].lower() if values["email"] else None)
    booking = EventBooking(**values)
    session.add(booking)
    session.flush()
    return booking
