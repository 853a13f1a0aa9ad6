"""The figures of each month of a financial year (domain §7.4), and how many are open now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from portal.core.clock import london
from portal.fostering.closures import Closure
from portal.fostering.options import Area, HeardFrom
from portal.fostering.reporting.cohorts import Cohort
from portal.fostering.reporting.periods import months_of_year
from portal.fostering.reporting.queries import Counted
from portal.fostering.reporting.rules import Rules

TOP = 3
"""Reasons for closing that are told of a month."""


@dataclass(slots=True)
class Month:
    """One month: the cohort that came in it, from where, and what was closed or to be reviewed in it."""

    cohort: Cohort
    sources: Counter[HeardFrom | None] = field(default_factory=Counter)
    areas: Counter[Area | None] = field(default_factory=Counter)
    closures: Counter[Closure] = field(default_factory=Counter)
    reviews: int = 0

    def add(self, counted: Counted, rules: Rules) -> None:
        """One enquiry that was received in it."""
        self.cohort.add(counted.row, rules)
        if rules.counts(counted.row):
            self.sources[counted.row.heard_from] += 1
            self.areas[counted.row.area] += 1

    @property
    def top_closures(self) -> list[tuple[Closure, int]]:
        """The most frequent first, by code where they are as frequent."""
        return sorted(self.closures.items(), key=lambda one: (-one[1], one[0].value))[:TOP]


def months_so_far(year: int, at: datetime) -> list[str]:
    """The months of a financial year that have begun."""
    now = f"{london(at):%Y-%m}"
    return [month for month in months_of_year(year) if month <= now]


def months_of(
    months: Iterable[str],
    rows: Iterable[Counted],
    closed: Iterable[tuple[str, Closure, int]],
    reviews: Iterable[str],
    rules: Rules,
) -> list[Month]:
    """Count the months; `closed` are month, code and number, `reviews` a month for each that is due."""
    found = {month: Month(Cohort(month)) for month in months}
    for counted in rows:
        found[counted.row.received_month].add(counted, rules)
    for month, code, number in closed:
        if month in found:
            found[month].closures[code] += number
    for month in reviews:
        if month in found:
            found[month].reviews += 1
    return list(found.values())
