"""The one reader of the wall clock. Instants are aware and in UTC; people are shown London time."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """This instant, aware, in UTC. Only entry points call it; everything below is handed the time."""
    return datetime.now(UTC)


def london(instant: datetime) -> datetime:
    """The same instant on a London clock."""
    return instant.astimezone(LONDON)


def today() -> date:
    """Today's date in London."""
    return london(now()).date()


def london_instant(day: date, moment: time) -> datetime:
    """The instant, in UTC, at which a London clock shows this day and time.

    A time that occurs twice (clocks going back) means its first occurrence; one that is skipped
    (clocks going forward) means the instant the old offset gives, an hour later on the clock.
    """
    return datetime.combine(day, moment, LONDON).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or back when negative; the month's last day where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
