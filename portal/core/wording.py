"""How dates, times and money are written, in the style people know from government pages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from portal.core.clock import london

ONE_MINUTE = timedelta(minutes=1)


def day(value: date | datetime) -> str:
    """14 December 2026 (London)."""
    value = local_date(value)
    return f"{value.day} {value:%B %Y}"


def weekday(value: date | datetime) -> str:
    """Monday 14 December 2026 (London)."""
    return f"{local_date(value):%A} {day(value)}"


def short_day(value: date | datetime) -> str:
    """14 Dec 2026, for tables (London)."""
    value = local_date(value)
    return f"{value.day} {value:%b %Y}"


def local_date(value: date | datetime) -> date:
    """The London date of an instant; a date stays what it is."""
    return london(value).date() if isinstance(value, datetime) else value


def clock_time(value: datetime | time) -> str:
    """9am, 5:30pm, midday (London); midnight is said as such. A time of day stays what it is."""
    local = london(value) if isinstance(value, datetime) else value
    if (local.hour, local.minute) in ((0, 0), (12, 0)):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime) -> str:
    """11:59pm on Sunday 13 December 2026 (London).

    An instant at midnight ends the day before, so it is written as that day's last minute: people read
    “midnight on Sunday” both ways.
    """
    if clock_time(value) == "midnight":
        value -= ONE_MINUTE
    return f"{clock_time(value)} on {weekday(value)}"


def short_moment(value: datetime) -> str:
    """14 Dec 2026, 9:05am, for tables (London)."""
    return f"{short_day(value)}, {clock_time(value)}"


def money(value: int | Decimal) -> str:
    """£41,000; pence only where there are some."""
    amount = Decimal(value)
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"


def number(value: int) -> str:
    """12,500."""
    return f"{value:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """1 vacancy, 2 vacancies; `many` is `one` with an s unless given."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
