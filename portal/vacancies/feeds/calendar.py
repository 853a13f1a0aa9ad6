"""The dates of an advert for a calendar (RFC 5545): when it closes and when interviews are.

The closing time is an instant in UTC, which every calendar shows on its owner's clock, summer time or not;
interview days have no time and are whole days. The same advert always gives the same bytes. The library
escapes and folds, but writes control characters as they are, so texts are cleaned first.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from icalendar import Alarm, Event

from portal.core.calendar_entry import calendar_file
from portal.core.clock import london
from portal.core.text import clean_line
from portal.vacancies.feeds.site import Site, uid_of
from portal.vacancies.models import Vacancy

REMINDER = timedelta(days=-2)
ONE_MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)


def calendar_of(vacancy: Vacancy, site: Site) -> bytes:
    """The calendar of an advert that the public may read.

    Events of a cancelled one say so: calendars strike them out.
    """
    closing = [closing_event(vacancy, vacancy.ended_at, site)] if vacancy.ended_at is not None else []
    interviews = (
        interview_event(vacancy, number, date.fromisoformat(text), site)
        for number, text in enumerate(vacancy.interview_dates, 1)
    )
    return calendar_file(site.council.name, "Vacancies", [*closing, *interviews])


def closing_event(vacancy: Vacancy, ends: datetime, site: Site) -> Event:
    """The moment until which people can apply, with a reminder two days before."""
    event = event_of(vacancy, "closing", site)
    event.add("summary", f"Closing: {title_of(vacancy)}")
    # As in words: what ends at midnight ends the day before, and must not stand on the day after.
    event.add("dtstart", ends - ONE_MINUTE if london(ends).time() == time() else ends)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Two days left: {title_of(vacancy)}")
    alarm.add("trigger", REMINDER)
    event.add_component(alarm)
    return event


def interview_event(vacancy: Vacancy, number: int, day: date, site: Site) -> Event:
    """A day on which candidates may be seen."""
    event = event_of(vacancy, f"interviews-{number}", site)
    event.add("summary", f"Interviews: {title_of(vacancy)}")
    event.add("dtstart", day)
    event.add("dtend", day + ONE_DAY)
    event.add("location", clean_line(vacancy.location_base))
    return event


def event_of(vacancy: Vacancy, what: str, site: Site) -> Event:
    """What both kinds say. Nobody is busy because of it."""
    event = Event()
    event.add("uid", uid_of(site, vacancy, what))
    event.add("dtstamp", vacancy.updated_at)
    event.add("last-modified", vacancy.updated_at)
    event.add("sequence", vacancy.version)
    event.add("status", "CANCELLED" if vacancy.cancelled_at else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", site.advert(vacancy.slug))
    event.add("description", f"{title_of(vacancy)}, {vacancy.reference}\n{site.advert(vacancy.slug)}")
    return event


def title_of(vacancy: Vacancy) -> str:
    """The title, and that it is a demonstration where it is one."""
    title = clean_line(vacancy.title)
    return f"{title} (demonstration advert)" if vacancy.is_demo else title
