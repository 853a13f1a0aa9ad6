"""The references behind a figure, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.core.text import ascii_digits
from portal.fostering.reporting.figures import Figure
from portal.fostering.reporting.queries import Counted

PAGE_SIZE = 200


@dataclass(slots=True)
class ReferencePage:
    """Some of the references, and how many enquiries are behind the figure without one to tell."""

    number: int
    references: list[str] = field(default_factory=list)
    total: int = 0
    anonymous: int = 0
    restricted: int = 0

    @property
    def more(self) -> bool:
        """Whether another page follows."""
        return self.total - self.anonymous - self.restricted > self.number * PAGE_SIZE


def page_behind(rows: Iterable[tuple[Figure, Counted]], page: str) -> ReferencePage:
    """The page of that number, the first where it is none; counts are of all."""
    number = int(page) if ascii_digits(page) and len(page) < 6 else 1
    found = ReferencePage(max(1, number))
    first, told = (found.number - 1) * PAGE_SIZE, 0
    for _figure, counted in rows:
        found.total += 1
        if counted.reference is None:
            found.anonymous += 1
        elif not counted.readable:
            found.restricted += 1
        else:
            if first <= told < first + PAGE_SIZE:
                found.references.append(counted.reference)
            told += 1
    return found
