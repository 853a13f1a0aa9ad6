"""What counts: an enquiry that was closed for one of these reasons is left out of “initial enquiries”.

Nobody could read Ofsted’s present wording when this was built, so the service sets it (domain §§3.3, 4.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.fostering.closures import BEFORE_APPLICATION, Closure
from portal.fostering.reporting.deidentified import DeidentifiedRow

DUPLICATES = frozenset({Closure.X02})
REDIRECTS = frozenset({Closure.X04, Closure.X05, Closure.X06, Closure.X07, Closure.X09})
DEFAULT = frozenset({Closure.X02, Closure.X03}) | REDIRECTS
"""Left out until the service says otherwise."""

CHOICES = tuple(sorted(BEFORE_APPLICATION, key=lambda code: not code.startswith("X")))
"""What can be left out, the likeliest first: who has applied is counted, however it ended."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force: which codes, and since when by whose word (nobody’s until they were changed)."""

    excluded: frozenset[Closure] = DEFAULT
    number: int = 0
    """1 for the service’s first rules; 0 for the portal’s own."""
    at: datetime | None = None
    by_name: str = ""

    def counts(self, row: DeidentifiedRow) -> bool:
        """Whether this is an enquiry in the sense of the rules; who has applied is, closed again or not."""
        return row.days_to_application is not None or row.closure_code not in self.excluded

    def is_household(self, row: DeidentifiedRow) -> bool:
        """Whether it adds a household to the year’s initial enquiries."""
        return self.counts(row) and not row.repeats


def in_order(codes: Iterable[str]) -> list[Closure]:
    """Codes in the order of the domain’s list; what is no code any more is left out."""
    wanted = set(codes)
    return [code for code in Closure if code.value in wanted]
