"""Working days in England, and the moment by which something is due.

The rule (domain: fostering §6): what arrives before closing time on a working day counts as received
that day, anything else as received on the next working day; it is due at closing time, London, on the
Nth working day after that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import chain

from holidays import country_holidays

from portal.core.clock import london, london_instant

ONE_DAY = timedelta(days=1)
WEEKEND = (5, 6)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of one year, substitute days included.

    Kept by year as finished sets: the library fills its own calendar while it is being asked, so a
    second thread could see a year that is only half there.
    """
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Monday to Friday less England's bank holidays and the service's own closed days."""

    closed_days: tuple[date, ...] = ()
    opens: time = time(9)
    closes: time = time(17)

    def is_working_day(self, day: date) -> bool:
        """Whether the service is open on this day."""
        return (
            day.weekday() not in WEEKEND
            and day not in bank_holidays(day.year)
            and day not in self.closed_days
        )

    def effective_day(self, received_at: datetime) -> date:
        """The working day on which something received at this instant counts as received."""
        moment = london(received_at)
        if self.is_working_day(moment.date()) and moment.time() < self.closes:
            return moment.date()
        return self.add(moment.date(), 1)

    def add(self, day: date, working_days: int) -> date:
        """The Nth working day after `day`, which need not be one itself; 0 gives `day` back."""
        if working_days < 0:
            raise ValueError("working days are counted forwards only")
        while working_days:
            day += ONE_DAY
            working_days -= self.is_working_day(day)
        return day

    def before(self, day: date, working_days: int) -> date:
        """The Nth working day before `day`, which need not be one itself; 0 gives `day` back."""
        while working_days:
            day -= ONE_DAY
            working_days -= self.is_working_day(day)
        return day

    def part_of(self, start: datetime, end: datetime, percent: int) -> datetime:
        """The instant, in UTC, at which this part of the working time between two instants has passed."""
        first, last = london(start).date(), london(end).date()
        edges = [self.hours_within(day, start, end) for day in sorted({first, last})]
        days, full = self.working_days_between(first, last), working_hours(self.opens, self.closes)
        left = (sum((length for _, length in edges), timedelta()) + len(days) * full) * percent / 100
        opens, length = edges[0]
        if length and left <= length:
            return opens + left
        left -= length
        if days and left <= len(days) * full:
            passed = max(-(-left // full) - 1, 0)  # closing time belongs to its own day, not to the next
            return london_instant(days[passed], self.opens) + (left - passed * full)
        left -= len(days) * full
        opens, length = edges[-1]
        return opens + left if length and left <= length and first != last else end

    def hours_within(self, day: date, start: datetime, end: datetime) -> tuple[datetime, timedelta]:
        """When this day's working time between two instants begins, and how long it is."""
        opens, closes = london_instant(day, self.opens), london_instant(day, self.closes)
        begins, ends = max(opens, start), min(closes, end)
        return begins, ends - begins if self.is_working_day(day) and begins < ends else timedelta()

    def working_days_between(self, first: date, last: date) -> tuple[date, ...]:
        """The working days after the first and before the last, in order; none where the hours are none."""
        if self.opens >= self.closes:
            return ()
        years = (working_days_of(self, year) for year in range(first.year, last.year + 1))
        days = tuple(chain.from_iterable(years))
        return days[bisect_right(days, first) : bisect_left(days, last)]

    def due_at(self, received_at: datetime, working_days: int) -> datetime:
        """When something received at this instant is due, in UTC: closing time, London, N working days on."""
        return closing_time(self, self.effective_day(received_at), working_days)

    def overdue_before(self, at: datetime, working_days: int) -> datetime:
        """The other way round, for a query: what was received before this instant was due before `at`."""
        day = london(at).date()
        if not self.is_working_day(day) or at <= london_instant(day, self.closes):
            day = self.before(day, 1)
        return london_instant(self.before(day, working_days), self.closes)


@lru_cache(maxsize=100)
def working_days_of(calendar: WorkingCalendar, year: int) -> tuple[date, ...]:
    """The working days of one year, in order."""
    days = (date(year, 1, 1) + ONE_DAY * number for number in range(366))
    return tuple(day for day in days if day.year == year and calendar.is_working_day(day))


def working_hours(opens: time, closes: time) -> timedelta:
    """How long a working day is: the clocks change on Sundays, so every one is as long as its hours say."""
    return datetime.combine(date.min, closes) - datetime.combine(date.min, opens)


@lru_cache(maxsize=10_000)
def closing_time(calendar: WorkingCalendar, day: date, working_days: int) -> datetime:
    """When the service closes so many working days on, in UTC; figures ask it of few days very often."""
    return london_instant(calendar.add(day, working_days), calendar.closes)


@cache
def working_calendar(closed_days: Iterable[date], opens: time, closes: time) -> WorkingCalendar:
    """The process's one calendar for these hours; `closed_days` must be hashable (a tuple)."""
    return WorkingCalendar(tuple(closed_days), opens, closes)
