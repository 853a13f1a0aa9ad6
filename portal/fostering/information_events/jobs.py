"""Work for later: the reminder on the day before, and the end of what was kept of people who never enquired.

The night's work plans the morning's. What has been reminded is marked on the booking, so a job that runs
twice, late, or beside another writes one mail: late is on the day itself, while the event still lies ahead.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core import audit, jobs, retention
from portal.core.access import Actor
from portal.core.clock import london, london_instant
from portal.core.context import current_settings
from portal.core.retention import Due, Schedule
from portal.fostering.information_events import events, telling
from portal.fostering.information_events.keeping import delete_bookings, old_bookings
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.queries import event_to_change, lock_households

PORTAL = Actor.system("the portal")
REMIND = "fostering.remind_of_events"


def init_app(app: Flask) -> None:
    """Say who does the work."""
    jobs.register(app, REMIND, remind)
    jobs.register_nightly(app, "fostering-events", plan_reminders)
    retention.register(app, Schedule("event-bookings", due_bookings, delete_due))


def plan_reminders(session: Session, at: datetime) -> None:
    """Nightly: reminders go when the team opens, not in the night."""
    today = london(at).date()
    opens = london_instant(today, current_settings().council.fostering.opening_time)
    jobs.enqueue(session, REMIND, {}, run_at=max(at, opens), key=today.isoformat())


def remind(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Write to whoever has places at an event that begins by the end of tomorrow, once."""
    end = london_instant(london(at).date() + timedelta(days=2), time(0))
    wanted = select(InformationEvent.reference).where(
        InformationEvent.starts_at > at,
        InformationEvent.starts_at < end,
        InformationEvent.cancelled_at.is_(None),
    )
    for reference in session.scalars(wanted.order_by(InformationEvent.id)).all():
        remind_of(session, reference, at)


def remind_of(session: Session, reference: str, at: datetime) -> None:
    """One event; whoever booked this very day needs no reminder."""
    event = event_to_change(session, reference)
    if not event.is_open(at):
        return
    lock_households(session, event.id)
    midnight = london_instant(london(at).date(), time(0))
    waiting = select(EventBooking).where(
        EventBooking.event_id == event.id,
        EventBooking.cancelled_at.is_(None),
        EventBooking.reminded_at.is_(None),
        EventBooking.booked_at < midnight,
    )
    waiting = waiting.options(joinedload(EventBooking.enquiry)).order_by(EventBooking.id)
    guests = [guest for guest in session.scalars(waiting) if not telling.left_alone(guest, at)]
    for guest in guests:
        guest.reminded_at = at
    mails = telling.write_to(session, telling.REMINDER, event, guests, at=at)
    if mails:
        audit.record(session, events.REMINDERS_WRITTEN, by=PORTAL, at=at, subject=reference, mails=mails)


def due_bookings(session: Session, at: datetime) -> list[Due]:
    """What `delete_due` would delete."""
    return old_bookings(session, at, current_settings().council.retention)


def delete_due(session: Session, at: datetime) -> int:
    """A batch of it."""
    return delete_bookings(session, at, current_settings().council.retention, by=PORTAL)
