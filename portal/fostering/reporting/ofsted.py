"""Counting a financial year for Ofsted’s return, in one go over the rows, and what is behind each number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.fostering.reporting.deidentified import DeidentifiedRow
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


def tally_of(enquiries: Iterable[Counted], applied: Iterable[Counted], year: Year, rules: Rules) -> Tally:
    """Count a year: what was received in it, and the applications of any year."""
    tally = Tally()
    for counted in enquiries:
        for figure in RECEIVED:
            tally.counts[figure.name] += times_counted(figure, counted.row, year, rules)
    for counted in applied:
        for figure in (*APPLICATIONS, *TIMES):
            tally.counts[figure.name] += times_counted(figure, counted.row, year, rules)
        for one in counted.row.applications:
            if decided(one, year):
                tally.days.add(one.days_to_decision)
                tally.in_time.add(one.in_time)
    return tally


def behind(
    figures: Iterable[Figure], rows: Iterable[Counted], year: Year, rules: Rules
) -> Iterator[tuple[Figure, Counted]]:
    """Each enquiry with the figure it is behind, as often as it is counted there."""
    wanted = tuple(figures)
    for counted in rows:
        for figure in wanted:
            for _ in range(times_counted(figure, counted.row, year, rules)):
                yield figure, counted
