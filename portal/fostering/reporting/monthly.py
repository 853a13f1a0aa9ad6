"""The figures of each month of a financial year (domain §7.4), and how many are open now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from portal.core.clock import london
from portal.fostering.closures import Closure
from portal.fostering.options import Area, HeardFrom
from portal.fostering.reporting.areas import SUPPRESSED
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
    untold: Collection[Area] = ()
    """Areas that are counted with those that have none (`areas.untold`)."""
    sources: Counter[HeardFrom | None] = field(default_factory=Counter)
    areas: Counter[Area | None] = field(default_factory=Counter)
    closures: Counter[Closure] = field(default_factory=Counter)
    reviews: int = 0

    def add(self, counted: Counted, rules: Rules) -> None:
        """One enquiry that was received in it, or that tells how far a household of it came."""
        self.cohort.add(counted.row, rules)
        if rules.counts(counted.row) and self.cohort.holds(counted.row.received_month):
            self.sources[counted.row.heard_from] += 1
            self.areas[counted.row.without_areas(self.untold).area] += 1

    @property
    def told_areas(self) -> dict[Area | None, int | str]:
        """How many came from each area, or that it is not told."""
        return {area: SUPPRESSED if area in self.untold else self.areas[area] for area in (*Area, None)}

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
    *,
    untold: Collection[Area],
) -> list[Month]:
    """Count the months; `closed` are month, code and number, `reviews` a month for each that is due."""
    found = {month: Month(Cohort(month), untold) for month in months}
    for counted in rows:
        row = counted.row
        for month in {row.received_month, row.reached_month or row.received_month} & found.keys():
            found[month].add(counted, rules)
    for month, code, number in closed:
        if month in found:
            found[month].closures[code] += number
    for month in reviews:
        if month in found:
            found[month].reviews += 1
    return list(found.values())
