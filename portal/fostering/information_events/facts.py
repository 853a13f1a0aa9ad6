"""What is entered of an event, and of who books it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.fostering.information_events.options import EventMode


@dataclass(frozen=True, kw_only=True, slots=True)
class EventFacts:
    """What staff enter of an event."""

    title: str
    starts_at: datetime
    ends_at: datetime
    mode: EventMode
    place: str | None
    join_link: str | None
    about: str | None
    capacity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Guest:
    """Who books, for how many."""

    first_name: str
    last_name: str
    email: str | None
    phone: str | None = None
    people: int = 1
    access_needs: str | None = None
    writes: bool = True
    """Whether mails may go to the address."""
