"""The open adverts as a worker remembers them: narrowed and put in order without asking the database.

What comes out is what the statements of `statements.rows_statement` give; a test compares them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from portal.vacancies.options import Sort
from portal.vacancies.search.counting import Traits, tests_of
from portal.vacancies.search.filters import Filters


class Listed(NamedTuple):
    """A row of the list, in the order of `statements.LISTED`."""

    slug: str
    title: str
    family: str
    team_id: int
    contract_type: str
    working_patterns: str
    """Codes with spaces between them."""
    hours_per_week: Decimal
    full_time_hours: Decimal
    paid_weeks: Decimal | None
    salary_min: int
    salary_max: int
    location_base: str
    summary: str
    closes_at: datetime
    asye_suitable: bool
    is_demo: bool


class Match(NamedTuple):
    """How many of the things typed as the keyword an advert has."""

    title: int
    facts: int


class OpenAdvert(NamedTuple):
    """An open advert: what filters look at, what orders look at, and its row in the list."""

    id: int
    published: datetime
    traits: Traits
    row: Listed


Matches = Mapping[int, Match]
"""What was found by a keyword, by the identity of the advert."""

ORDERS: dict[Sort, Callable[[OpenAdvert], Any]] = {
    Sort.NEWEST: lambda one: (one.published, one.id),
    Sort.CLOSING: lambda one: (one.row.closes_at, one.id),
    Sort.SALARY: lambda one: (one.row.salary_max, one.id),
}
"""By what the orders sort; all but the closing time from the highest."""


def in_order(
    adverts: Iterable[OpenAdvert], filters: Filters, order: Sort, matches: Matches
) -> list[OpenAdvert]:
    """Those that pass the filters. `matches` has each of them where the best match comes first."""
    passing = list(adverts)
    for lets_through in tests_of(filters).values():
        passing = [one for one in passing if lets_through(one.traits)]
    if order is Sort.MATCH:
        return sorted(passing, key=lambda one: (matches[one.id], one.published, one.id), reverse=True)
    return sorted(passing, key=ORDERS[order], reverse=order is not Sort.CLOSING)
