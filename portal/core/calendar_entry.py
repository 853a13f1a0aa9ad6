"""Calendar files (RFC 5545), and one appointment as such a file, for mails and for downloading.

Times are instants in UTC, which every calendar shows on its owner's clock, summer time or not. The same
entry with a higher `sequence` takes the place of the one before; a cancelled one is struck out. The library
escapes and folds, but writes control characters as they are, so texts are cleaned first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event

from portal.core.text import clean_line, clean_text

MEDIA_TYPE = "text/calendar"


def calendar_file(owner: str, what: str, events: Iterable[Event]) -> bytes:
    """The file of what `owner`, the council, publishes."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{clean_line(owner)}//{what}//EN")
    calendar.add("method", "PUBLISH")
    for event in events:
        calendar.add_component(event)
    found: bytes = calendar.to_ical()
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEntry:
    """What stands in somebody's calendar, which other people may see: nothing that they must not learn."""

    uid: str
    """The same for every version of the entry; unique in the world."""
    owner: str
    """Who publishes it: the council."""
    summary: str
    starts_at: datetime
    ends_at: datetime
    written_at: datetime
    sequence: int
    location: str = ""
    description: str = ""
    cancelled: bool = False

    def to_ical(self) -> bytes:
        """The file."""
        return calendar_file(self.owner, "Appointments", [self._event()])

    def _event(self) -> Event:
        event = Event()
        event.add("uid", self.uid)
        event.add("dtstamp", self.written_at)
        event.add("last-modified", self.written_at)
        event.add("sequence", self.sequence)
        event.add("status", "CANCELLED" if self.cancelled else "CONFIRMED")
        event.add("summary", clean_line(self.summary))
        event.add("dtstart", self.starts_at)
        event.add("dtend", self.ends_at)
        for name, text in (
            ("location", clean_line(self.location)),
            ("description", clean_text(self.description)),
        ):
            if text:
                event.add(name, text)
        return event
