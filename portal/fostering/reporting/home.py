"""The first page of figures: this week, on time, open, what became of whom, from where (domain §§6, 7.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from portal.core.clock import london, london_instant
from portal.fostering.options import Area, HeardFrom, Stage
from portal.fostering.reporting.areas import untold
from portal.fostering.reporting.cohorts import Cohort
from portal.fostering.reporting.deidentified import ORDER
from portal.fostering.reporting.measures import percent_of
from portal.fostering.reporting.outcomes import Reached
from portal.fostering.reporting.periods import month_after, month_of
from portal.fostering.reporting.queries import Counted
from portal.fostering.reporting.rules import Rules

WEEKS = 13
MONTHS = 12
QUARTERS = 8
AGES = ((14, "Up to 2 weeks"), (28, "2 to 4 weeks"), (91, "4 to 13 weeks"), (182, "13 to 26 weeks"))
"""Days since receipt; what is older is told as “over 26 weeks”."""
OLDER = "Over 26 weeks"


@dataclass(frozen=True, slots=True)
class Week:
    """How many came in a week from Monday to Sunday."""

    begins: date
    received: int


@dataclass(frozen=True, slots=True)
class Line:
    """How many came from one source or area, and how many of those have applied."""

    label: str
    enquiries: int
    applications: int
    percent: float | None
    """Of all enquiries."""


@dataclass(frozen=True, slots=True)
class OpenStage:
    """How many are open in a stage, by how long ago they came."""

    stage: Stage
    ages: list[int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.ages)


@dataclass(frozen=True, slots=True)
class Overview:
    """What is counted of the rows of two years."""

    months: list[Cohort]
    """The last twelve, this one last."""
    recent: Cohort
    """This month and the two before it."""
    quarters: list[Cohort]
    sources: list[Line]
    areas: list[Line]


def first_month(at: datetime) -> str:
    """Where the rows begin that the page needs: the first of the quarters."""
    return month_after(quarter_of(month_of(at)), -3 * (QUARTERS - 1))


@lru_cache(maxsize=500)
def quarter_of(month: str) -> str:
    """The first month of its quarter; quarters begin in January, April, July and October."""
    return month_after(month, -((int(month[5:]) - 1) % 3))


def week_edges(at: datetime) -> list[datetime]:
    """The beginnings of the last weeks, and the end of this one."""
    today = london(at).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(weeks=number) for number in range(1 - WEEKS, 2)]
    return [london_instant(day, time.min) for day in days]


def weeks_of(edges: list[datetime], counts: list[int]) -> list[Week]:
    """Each week with its number, this one last."""
    return [Week(london(edge).date(), number) for edge, number in zip(edges, counts, strict=False)]


def age_edges(at: datetime) -> list[datetime]:
    """Since when somebody waits who belongs into the first ages."""
    return [at - timedelta(days=days) for days, _label in AGES]


def open_stages(found: dict[Stage, list[int]]) -> list[OpenStage]:
    """In the order in which households go through them; stages with nobody in them are left out."""
    order = [stage for stage in (*ORDER, Stage.KEEP_IN_TOUCH) if stage in found]
    return [OpenStage(stage, found[stage]) for stage in order]


def overview_of(rows: Iterable[Counted], rules: Rules, at: datetime) -> Overview:
    """Count the rows since `first_month`, in one go."""
    now = month_of(at)
    months = {month: Cohort(month) for month in (month_after(now, -back) for back in range(MONTHS))}
    recent = Cohort(month_after(now, -2), 3)
    quarters = {
        first: Cohort(first, 3)
        for first in (month_after(quarter_of(now), -3 * back) for back in range(QUARTERS))
    }
    sources, areas = Tables(), Tables()
    for counted in rows:
        row = counted.row
        spoken_of = {row.received_month, row.reached_month or row.received_month}
        for first in {quarter_of(month) for month in spoken_of} & quarters.keys():
            quarters[first].add(row, rules)
        for month in spoken_of & months.keys():
            months[month].add(row, rules)
        recent.add(row, rules)
        if rules.is_household(row) and row.received_month in months:
            sources.enquiries[row.heard_from] += 1
            areas.enquiries[row.area] += 1
        if rules.counts(row) and row.reached_month in months and Reached.APPLICATION in row.reached:
            sources.applications[None if row.repeats else row.heard_from] += 1
            areas.applications[None if row.repeats else row.area] += 1
    return Overview(
        months=list(months.values())[::-1],
        recent=recent,
        quarters=list(quarters.values())[::-1],
        sources=sources.lines("Not recorded"),
        areas=areas.without(untold(areas.enquiries)).lines("Not recorded, or too few to tell"),
    )


class Tables:
    """Households and those who applied, by a code.

    An application that a household’s later enquiry tells has none: where the first came from is not known.
    """

    def __init__(self) -> None:
        self.enquiries: Counter[HeardFrom | Area | None] = Counter()
        self.applications: Counter[HeardFrom | Area | None] = Counter()

    def without(self, codes: Iterable[HeardFrom | Area]) -> Tables:
        """The same with these counted as having no code."""
        for code in codes:
            for counts in (self.enquiries, self.applications):
                counts[None] += counts.pop(code, 0)
        return self

    def lines(self, unknown: str) -> list[Line]:
        """The most frequent first; what has no code stands last."""
        known = [code for code in self.enquiries if code is not None]
        order: list[HeardFrom | Area | None] = [
            *sorted(known, key=lambda code: (-self.enquiries[code], code.label))
        ]
        if self.enquiries[None] or self.applications[None]:
            order.append(None)
        total = self.enquiries.total()
        return [
            Line(
                code.label if code is not None else unknown,
                self.enquiries[code],
                self.applications[code],
                percent_of(self.enquiries[code], total),
            )
            for code in order
        ]
