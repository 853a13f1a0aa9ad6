"""A calendar month as a value. A history is told in months: nobody remembers days, and none are asked."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

STORED = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year, counted from January of year 0, so that months add and compare like numbers."""

    number: int

    @classmethod
    def of(cls, year: int, month: int) -> Self:
        """The month by year and place in it."""
        return cls(year * 12 + month - 1)

    @classmethod
    def on(cls, day: date) -> Self:
        """The month in which a day lies."""
        return cls.of(day.year, day.month)

    @classmethod
    def read(cls, stored: Any) -> Self | None:
        """What a MonthField keeps, "2021-03"; None for anything else: parts as typed, nothing, junk."""
        match = STORED.fullmatch(stored) if isinstance(stored, str) else None
        return cls.of(int(match[1]), int(match[2])) if match else None

    def plus(self, months: int) -> Month:
        """So many months later, or earlier when negative."""
        return Month(self.number + months)

    @property
    def code(self) -> str:
        """As it is kept: 2021-03."""
        year, place = divmod(self.number, 12)
        return f"{year:04d}-{place + 1:02d}"

    def __str__(self) -> str:
        """As people read it: March 2021."""
        year, place = divmod(self.number, 12)
        return f"{calendar.month_name[place + 1]} {year}"
