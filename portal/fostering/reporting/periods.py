"""Months and financial years (1 April to 31 March), as London has them.

A month is written "2026-11": in that form months sort, compare and hide the day.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache

from portal.core.clock import add_months, london, london_instant

FIRST_MONTH = 4


def month_of(moment: date | datetime) -> str:
    """The London month."""
    return month_of_day(local(moment))


@lru_cache(maxsize=5_000)
def month_of_day(day: date) -> str:
    """The same of a day; figures ask it of few days very often."""
    return f"{day:%Y-%m}"


def first_day(month: str) -> date:
    """The first day of a month."""
    return date.fromisoformat(f"{month}-01")


def month_after(month: str, months: int = 1) -> str:
    """The month so many months on, or back when negative."""
    return month_of(add_months(first_day(month), months))


def month_label(month: str) -> str:
    """November 2026."""
    return f"{first_day(month):%B %Y}"


def start_of(month: str) -> datetime:
    """The first instant of a month in London."""
    return london_instant(first_day(month), time.min)


def financial_year(moment: date | datetime | str) -> int:
    """The year in which the financial year of a day or a month begins: March 2027 is of 2026."""
    day = first_day(moment) if isinstance(moment, str) else local(moment)
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def months_of_year(year: int) -> list[str]:
    """The twelve months of a financial year, April first."""
    return [month_after(f"{year}-{FIRST_MONTH:02}", number) for number in range(12)]


def year_label(year: int) -> str:
    """2026-27, as returns write it."""
    return f"{year}-{(year + 1) % 100:02}"


def local(moment: date | datetime) -> date:
    """The London day: a date alone has no other."""
    return london(moment).date() if isinstance(moment, datetime) else moment
