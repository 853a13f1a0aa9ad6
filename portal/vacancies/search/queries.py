"""The list with its counts, in three statements.

The cost of a page does not grow with the number of adverts. Open ones are found through partial indices,
and counting stops at `COUNTED`: a council that ever has more open adverts than that gets "more than 200",
the newest first, instead of a slow page.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from portal.vacancies.options import Sort
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.statements import (
    COUNTED,
    PAGE_SIZE,
    groups_statement,
    rows_statement,
    shape_of,
    teams_statement,
    values_of,
)
from portal.vacancies.search.words import only_small_words

COUNTABLE = ("family", "team", "contract", "pattern")
"""Filters that show a count beside each option."""


class Listed(NamedTuple):
    """A row of the list, in the order of `statements.LISTED`."""

    slug: str
    title: str
    family: str
    team_id: int
    contract_type: str
    working_patterns: list[str]
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


class Team(NamedTuple):
    """A team as filters and rows need it."""

    id: int
    slug: str
    name: str


class Group(NamedTuple):
    """Open adverts that are alike in everything that filters look at, and how many there are."""

    family: str
    team: str
    contract: str
    patterns: list[str]
    paid_enough: bool
    number: int

    def passes(self, filters: Filters, but: str = "") -> bool:
        """Whether these adverts are found; `but` is a filter to leave aside."""
        return (
            (but == "family" or not filters.family or self.family in filters.family)
            and (but == "team" or not filters.team or self.team in filters.team)
            and (but == "contract" or not filters.contract or self.contract in filters.contract)
            and (
                but == "pattern" or not filters.pattern or not set(filters.pattern).isdisjoint(self.patterns)
            )
            and (but == "salary_from" or self.paid_enough)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many adverts each choice would leave; all of it from one grouped query."""

    total: int
    beside: dict[str, dict[str, int]]
    """Filter name, option, adverts found if that option were the only one chosen of its filter."""
    without: dict[str, int]
    """Filter name in use, adverts found if it were taken off."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page of the list."""

    filters: Filters
    """As used: unknown teams and empty keywords dropped, the page within what exists."""
    rows: list[Listed]
    teams: list[Team]
    counts: Counts | None
    """None when more adverts are open than are counted."""
    orders: list[Sort]
    """The orders on offer."""
    order: Sort
    """The one it is in."""
    has_next: bool
    changes_at: datetime | None
    """When the next advert opens or closes by its dates: until then the list stays as it is."""

    @property
    def last(self) -> int | None:
        """The number of the last page, where the adverts were counted."""
        return None if self.counts is None else last_page(self.counts.total)


def last_page(total: int) -> int:
    """The number of the last page; there is always a first one."""
    return max(1, -(-total // PAGE_SIZE))


def search_vacancies(session: Session, filters: Filters, at: datetime) -> Page:
    """Open adverts that pass the filters, in their order: one page of them."""
    return Search(session, filters, at).page()


class Search:
    """One search while it is answered: the session, the teams, and the parameters of its statements."""

    def __init__(self, session: Session, filters: Filters, at: datetime) -> None:
        self.session = session
        self.dialect = session.get_bind().dialect.name
        self.at = at
        found = session.execute(teams_statement(), {"at": at}).all()
        self.teams = [Team(*row[:3]) for row in found]
        self.changes_at: datetime | None = found[0][3] if found else None
        self.team_ids = {team.slug: team.id for team in self.teams}
        self.slugs = {team.id: team.slug for team in self.teams}
        keyword = "" if only_small_words(filters.q) else filters.q
        teams = tuple(slug for slug in filters.team if slug in self.team_ids)
        self.filters = replace(filters, q=keyword, team=teams)

    def page(self) -> Page:
        """Count, then read the rows; where nothing was found, count without the keyword instead."""
        groups = self.groups(self.filters)
        counts = None if groups is None else counts_of(groups, self.filters)
        rows: list[Listed] = []
        if counts is not None:
            self.filters = replace(self.filters, page=min(self.filters.page, last_page(counts.total)))
        orders = orders_for(self.filters, counted=counts is not None)
        order = self.filters.order if self.filters.order in orders else Sort.NEWEST
        if counts is None or counts.total:
            rows = self.rows(order, few=counts is not None)
        elif self.filters.q:
            counts = self.without_keyword(counts)
        return Page(
            filters=self.filters,
            rows=rows[:PAGE_SIZE],
            teams=self.teams,
            counts=counts,
            orders=orders,
            order=order,
            has_next=len(rows) > PAGE_SIZE,
            changes_at=self.changes_at,
        )

    def values(self, filters: Filters) -> dict[str, Any]:
        """The parameters of both statements."""
        return values_of(self.dialect, filters, self.team_ids) | {"at": self.at}

    def groups(self, filters: Filters) -> list[Group] | None:
        """All that are open and have the keyword, by what filters look at; None beyond `COUNTED`."""
        values = self.values(filters)
        if filters.q and not values["keyword"]:
            return []
        narrowing = {"keyword": bool(filters.q), "salary": filters.salary_from is not None}
        found = self.session.execute(groups_statement(self.dialect, **narrowing), values).all()
        if sum(row[-1] for row in found) > COUNTED:
            return None
        return [
            Group(family, self.slugs[team_id], contract, patterns.split(), bool(enough), number)
            for family, team_id, contract, patterns, enough, number in found
        ]

    def rows(self, order: Sort, *, few: bool) -> list[Listed]:
        """The rows of the page and one more."""
        statement = rows_statement(shape_of(self.dialect, self.filters), order, few=few)
        skipped = (self.filters.page - 1) * PAGE_SIZE
        found = self.session.execute(statement, self.values(self.filters) | {"skipped": skipped})
        return [Listed(*row) for row in found]

    def without_keyword(self, counts: Counts) -> Counts:
        """The same counts, with how many there would be without the keyword."""
        groups = self.groups(replace(self.filters, q=""))
        if groups is None:
            return counts
        return replace(counts, without={"q": counts_of(groups, self.filters).total, **counts.without})


def orders_for(filters: Filters, *, counted: bool) -> list[Sort]:
    """The orders on offer: the best match is only looked for among adverts that could be counted."""
    matching = bool(filters.q) and counted
    return [order for order in Sort if matching or order is not Sort.MATCH]


def counts_of(groups: list[Group], filters: Filters) -> Counts:
    """Add the groups up, once for the list and once for each choice that could be made instead."""
    beside: dict[str, Counter[str]] = {name: Counter() for name in COUNTABLE}
    for group in groups:
        for name in COUNTABLE:
            if group.passes(filters, but=name):
                options = group.patterns if name == "pattern" else [getattr(group, name)]
                beside[name].update(dict.fromkeys(options, group.number))
    without = {
        name: sum(group.number for group in groups if group.passes(filters, but=name))
        for name in filters.narrowed_by
        if name != "q"
    }
    total = sum(group.number for group in groups if group.passes(filters))
    return Counts(total=total, beside={name: dict(found) for name, found in beside.items()}, without=without)
