"""Times of day as people type them: 2pm, 2:30pm, 14:30, midday."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from portal.core.clock import london_instant

TIME = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?\s*(am|pm)?", re.IGNORECASE)

NOON = ("midday", "noon", "12 midday", "12 noon", "12noon")
"""What pages write themselves, and how else it is said."""

EITHER_HALF = tuple("1234567")
"""Hours that nobody means without saying am or pm: at 1 to 7 in the morning no service is open."""


def read_time(text: str) -> time | None:
    """2pm, 2:30pm, 14:30, 1430 or midday as a time of day; None when it is none, or could be two.

    Whoever types 2:30 means the afternoon, and whoever is told 2:30am does not come: before eight, a time
    has to say which half of the day it is in, or be written with both digits (02:30).
    """
    if text.strip().casefold() in NOON:
        return time(12)
    found = TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").casefold()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif found[1] in EITHER_HALF:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None


def moment_of(day: date, typed: str) -> datetime:
    """A London day and a typed time as an instant."""
    return london_instant(day, read_time(typed) or time(0))
