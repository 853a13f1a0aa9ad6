"""Demonstration events: one full, one with room, one online, one that has been with who came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import london, london_instant
from portal.core.tokens import new_token
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.options import Attendance, EventMode
from portal.fostering.models import Enquiry
from portal.fostering.references import tail

HALL = "Central Library, Civic Centre, Southampton SO14 7LW"
ABOUT = (
    "Two social workers and a couple who foster tell you what it is like, and answer what you ask.\n\n"
    "There is step-free access. Children are welcome in the room next door."
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """An event so many days from the day of loading, and the people who have places."""

    days: int
    begins: time
    title: str
    capacity: int
    people: tuple[int, ...]
    online: bool = False


MEETINGS = (
    Meeting(-12, time(18), "Information evening", 20, (2, 1, 2)),
    Meeting(5, time(18), "Information evening", 4, (2, 1, 1)),
    Meeting(13, time(12, 30), "Lunchtime questions", 30, (1,), online=True),
    Meeting(26, time(18), "Information evening", 20, (2, 2)),
)

FIRST_NAMES = (
    "Ade",
    "Bronwen",
    "Chidi",
    "Dilys",
    "Emre",
    "Farah",
    "Gwen",
    "Hugo",
    "Ines",
    "Jo",
    "Kofi",
    "Liv",
)
LAST_NAMES = ("Sample", "Specimen", "Muster", "Placeholder")


def load_demo_events(session: Session, at: datetime) -> None:
    """Add them; one household of each has its enquiry among the demonstration ones."""
    households = list(session.scalars(select(Enquiry).where(Enquiry.demonstration).order_by(Enquiry.id)))
    today = london(at).date()
    for number, meeting in enumerate(MEETINGS):
        event = add_event(session, meeting, today, at)
        for place, people in enumerate(meeting.people):
            theirs = households[number] if place == 0 and number < len(households) else None
            names = (FIRST_NAMES[3 * number + place], LAST_NAMES[place])
            names = (theirs.first_name, theirs.last_name) if theirs else names
            booking = booking_of(event, people, *names, at)
            booking.enquiry = theirs
            if event.starts_at < at:
                booking.attendance = Attendance.DID_NOT_COME if place == 1 else Attendance.CAME
            session.add(booking)


def add_event(session: Session, meeting: Meeting, today: date, at: datetime) -> InformationEvent:
    """One event, which says of itself that it does not take place."""
    starts_at = london_instant(today + timedelta(days=meeting.days), meeting.begins)
    announced_at = min(at, starts_at) - timedelta(days=20)
    over = starts_at < at
    event = InformationEvent(
        reference=f"EVT-{tail()}",
        title=meeting.title,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        mode=EventMode.ONLINE if meeting.online else EventMode.VENUE,
        place=None if meeting.online else HALL,
        join_link="https://meet.example.org/demonstration" if meeting.online else None,
        about=ABOUT
        if not meeting.online
        else "Bring your lunch. Ask in the chat if you would rather not speak.",
        capacity=meeting.capacity,
        created_at=announced_at,
        changed_at=announced_at,
        attendance_at=at if over else None,
        came=sum(meeting.people) - meeting.people[1] if over else None,
        demonstration=True,
    )
    session.add(event)
    session.flush()
    return event


def booking_of(
    event: InformationEvent, people: int, first_name: str, last_name: str, at: datetime
) -> EventBooking:
    """Places of somebody who does not exist; no mail is sent."""
    address = f"{first_name}.{last_name}@example.com".lower()
    return EventBooking(
        event_id=event.id,
        submission_key=new_token(),
        token=new_token(),
        booked_at=min(at, event.starts_at) - timedelta(days=3),
        first_name=first_name,
        last_name=last_name,
        email=address,
        email_key=address,
        people=people,
        writes=False,
    )
