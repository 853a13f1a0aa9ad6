"""Counting as rows go by: shares, and medians of whole numbers; never only a mean (domain §6)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Share:
    """How many of how many; what could not be said is in neither."""

    kept: int = 0
    of: int = 0

    def add(self, answer: bool | None) -> None:  # noqa: FBT001  # the thing that is counted
        """One more yes, no, or nothing to say."""
        if answer is not None:
            self.of += 1
            self.kept += answer

    @property
    def percent(self) -> float | None:
        """With one decimal; None of nothing."""
        return round(100 * self.kept / self.of, 1) if self.of else None


@dataclass(slots=True)
class Spread:
    """Whole numbers by how often they came: as much memory as there are different ones."""

    counts: Counter[int] = field(default_factory=Counter)

    def add(self, number: int | None) -> None:
        """One more, or nothing to add."""
        if number is not None:
            self.counts[number] += 1

    @property
    def of(self) -> int:
        """How many came."""
        return self.counts.total()

    @property
    def median(self) -> float | None:
        """The middle one, or half way between the middle two; None of nothing."""
        if not self.of:
            return None
        lower, upper = self.at((self.of - 1) // 2), self.at(self.of // 2)
        return (lower + upper) / 2

    def at(self, place: int) -> int:
        """The number in this place, counted from 0, when they stand in order."""
        for number in sorted(self.counts):
            place -= self.counts[number]
            if place < 0:
                return number
        raise IndexError(place)


def percent_of(part: int, whole: int) -> float | None:
    """As `Share.percent`."""
    return Share(part, whole).percent
