"""The gap finder: which months since leaving full-time education nobody has accounted for (domain §1.2).

Work of every kind, learning and explanations count alike, and may overlap. The present month is not over,
so alone it is no gap; a gap that reaches it is shown as reaching it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.applications.history.months import Month
from portal.applications.history.spans import Span, uncovered


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of months that is not accounted for."""

    span: Span
    after_education: bool = False
    """Whether it begins the month after full-time education."""
    to_now: bool = False
    """Whether it reaches the month of the question."""


def find_gaps(
    left_education: Month | None, spans: Iterable[Span], *, now: Month, shortest: int = 1
) -> list[Gap]:
    """Every run of `shortest` or more whole months that no span covers, from the month after education on.

    None for somebody who is still in full-time education; nothing for somebody who left it this month.
    """
    if left_education is None or left_education >= now:
        return []
    since = left_education.plus(1)
    return [
        Gap(run, after_education=run.first == since, to_now=run.last == now)
        for run in uncovered(Span(since, now), spans)
        if whole_months(run, now) >= shortest
    ]


def whole_months(run: Span, now: Month) -> int:
    """How many months of a run are over."""
    return len(run) - (1 if now in run else 0)
