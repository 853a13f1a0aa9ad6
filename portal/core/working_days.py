"""Working days in England, and the moment by which something is due.

The rule (domain: fostering §6): what arrives before closing time on a working day counts as received
that day, anything else as received on the next working day; it is due at closing time, London, on the
Nth working day after that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache

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
        spans, day = [], london(start).date()
        while day <= london(end).date():
            opens, closes = london_instant(day, self.opens), london_instant(day, self.closes)
            if self.is_working_day(day) and max(opens, start) < min(closes, end):
                spans.append((max(opens, start), min(closes, end)))
            day += ONE_DAY
        left = sum((closes - opens for opens, closes in spans), timedelta()) * percent / 100
        for opens, closes in spans:
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        return end

    def due_at(self, received_at: datetime, working_days: int) -> datetime:
        """When something received at this instant is due, in UTC: closing time, London, N working days on."""
        return closing_time(self, self.effective_day(received_at), working_days)

    def overdue_before(self, at: datetime, working_days: int) -> datetime:
        """The other way round, for a query: what was received before this instant was due before `at`."""
        day = london(at).date()
        if not self.is_working_day(day) or at <= london_instant(day, self.closes):
            day = self.before(day, 1)
        return london_instant(self.before(day, working_days), self.closes)


@lru_cache(maxsize=10_000)
def closing_time(calendar: WorkingCalendar, day: date, working_days: int) -> datetime:
    """When the service closes so many working days on, in UTC; figures ask it of few days very often."""
    return london_instant(calendar.add(day, working_days), calendar.closes)


@cache
def working_calendar(closed_days: Iterable[date], opens: time, closes: time) -> WorkingCalendar:
    """The process's one calendar for these hours; `closed_days` must be hashable (a tuple)."""
    return WorkingCalendar(tuple(closed_days), opens, closes)
