"""Stretches of whole months, and what they cover together. Knows nothing of jobs or answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.applications.history.months import Month


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From a month to a month, both of them included."""

    first: Month
    last: Month

    def __len__(self) -> int:
        """How many months; none when it ends before it begins."""
        return max(0, self.last.number - self.first.number + 1)

    def __contains__(self, month: Month) -> bool:
        """Whether it covers a month."""
        return self.first <= month <= self.last

    def __str__(self) -> str:
        """March 2021 to August 2021; one month stands alone."""
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"

    @property
    def between(self) -> str:
        """The same inside a sentence: “between March 2021 and August 2021”, “in March 2021”."""
        if self.first == self.last:
            return f"in {self.first}"
        return f"between {self.first} and {self.last}"


def union(spans: Iterable[Span]) -> list[Span]:
    """The fewest spans that cover the same months, in order. One that ends before it begins covers none."""
    joined: list[Span] = []
    for span in sorted(span for span in spans if len(span)):
        if joined and span.first <= joined[-1].last.plus(1):
            joined[-1] = Span(joined[-1].first, max(joined[-1].last, span.last))
        else:
            joined.append(span)
    return joined


def uncovered(period: Span, spans: Iterable[Span]) -> list[Span]:
    """The runs of months of a period that none of the spans covers, in order."""
    runs: list[Span] = []
    month = period.first
    for span in union(spans):
        if span.first > period.last:
            break
        if span.first > month:
            runs.append(Span(month, span.first.plus(-1)))
        month = max(month, span.last.plus(1))
    if month <= period.last:
        runs.append(Span(month, period.last))
    return runs
