"""Counting a financial year for Ofsted’s return, in one go over the rows, and what is behind each number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from portal.fostering.reporting.deidentified import Application, DeidentifiedRow
from portal.fostering.reporting.figures import APPLICATIONS, BY_NAME, RECEIVED, TIMES, Figure, Year, decided
from portal.fostering.reporting.measures import Share, Spread, percent_of
from portal.fostering.reporting.queries import Counted
from portal.fostering.reporting.rules import Rules

PREVAILS = "Helper figures: the Ofsted template and guidance for the year prevail."


@dataclass(slots=True)
class Tally:
    """The numbers as rows go by."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BY_NAME, 0))
    days: Spread = field(default_factory=Spread)
    in_time: Share = field(default_factory=Share)

    @property
    def numbers(self) -> dict[str, Any]:
        """What is shown for each figure; None where there is nothing to say."""
        received = self.counts["applications_received"]
        initial = self.counts["initial_enquiries_mainstream_households"]
        return {
            **self.counts,
            "median_days_application_to_decision": self.days.median,
            "pct_within_8_months": self.in_time.percent,
            "enquiry_to_application_pct": percent_of(received, initial),
        }


def times_counted(figure: Figure, row: DeidentifiedRow, year: Year, rules: Rules) -> int:
    """How often this enquiry is behind the figure: an enquiry may have led to two applications."""
    if figure.enquiry is not None:
        return int(figure.enquiry(row, rules))
    counts = figure.application
    return sum([counts(one, year) for one in row.applications]) if counts is not None else 0


def tally_of(
    enquiries: Iterable[tuple[Counted, int]], applications: Iterable[Application], year: Year, rules: Rules
) -> Tally:
    """Count a year: what was received in it, each with how often, and the applications of any year."""
    tally = Tally()
    for counted, number in enquiries:
        for figure in RECEIVED:
            tally.counts[figure.name] += number * times_counted(figure, counted.row, year, rules)
    names_of = names_for(year)
    for one in applications:
        for name in names_of(one):
            tally.counts[name] += 1
        if decided(one, year):
            tally.days.add(one.days_to_decision)
            tally.in_time.add(one.in_time)
    return tally


def names_for(year: Year) -> Callable[[Application], list[str]]:
    """What gives the figures that an application is behind; many are alike in months, outcome and days."""

    @lru_cache(maxsize=5_000)
    def names(one: Application) -> list[str]:
        asked = [(figure.name, figure.application) for figure in (*APPLICATIONS, *TIMES)]
        return [name for name, counts in asked if counts is not None and counts(one, year)]

    return names


def behind(
    figures: Iterable[Figure], rows: Iterable[Counted], year: Year, rules: Rules
) -> Iterator[tuple[Figure, Counted]]:
    """Each enquiry with the figure it is behind, as often as it is counted there."""
    wanted = tuple(figures)
    for counted in rows:
        for figure in wanted:
            for _ in range(times_counted(figure, counted.row, year, rules)):
                yield figure, counted
