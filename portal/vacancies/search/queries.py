"""The list with its counts, in three statements at most where something is found.

The cost of a page does not grow with the number of adverts. Open ones are found through partial indices,
and counting stops at `COUNTED`: a council that ever has more open adverts than that gets "more than 200",
the newest first, instead of a slow page.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from portal.core.kept_facts import Fact
from portal.vacancies.options import Sort
from portal.vacancies.search.counting import Counts, counts_of
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.known import (
    Keep,
    Value,
    Whole,
    matches_now,
    teams_now,
    traits_now,
    whole_list_now,
    words_now,
)
from portal.vacancies.search.matching import number_of_things
from portal.vacancies.search.remembered import Listed, Matches, OpenAdvert, in_order
from portal.vacancies.search.statements import PAGE_SIZE, Team, rows_statement, shape_of, values_of
from portal.vacancies.search.words import only_small_words
from portal.vacancies.wording import soon_ends


class Meant(NamedTuple):
    """Other words for the keyword, and how many adverts they find."""

    filters: Filters
    number: int | None
    """None where more are found than are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page of the list."""

    filters: Filters
    """As used: keyword understood, unknown teams and empty keywords dropped, the page within what exists."""
    asked: Filters
    """Before the keyword was understood."""
    rows: list[Listed]
    teams: list[Team]
    counts: Counts | None
    """None when more adverts are open than are counted."""
    orders: list[Sort]
    """The orders on offer."""
    order: Sort
    """The one it is in."""
    has_next: bool
    changes_at: datetime
    """Until when the list stays as it is: an advert opens or closes, or a day ends."""
    meant: Meant | None = None
    """Where nothing was found: words that would find something."""

    @property
    def last(self) -> int | None:
        """The number of the last page, where the adverts were counted."""
        return None if self.counts is None else last_page(self.counts.total)


def last_page(total: int) -> int:
    """The number of the last page; there is always a first one."""
    return max(1, -(-total // PAGE_SIZE))


def search_vacancies(session: Session, filters: Filters, at: datetime, keep: Keep | None = None) -> Page:
    """Open adverts that pass the filters, in their order: one page of them.

    The keyword is understood first (`Filters.understood`). Where that finds nothing but its words as they
    were typed do, the words are searched for, and the filters that were used say so (`exact`).
    `keep` may know facts from before; without it all are read now.
    """
    return Search(session, filters, at, keep).page()


class Search:
    """One search while it is answered: the session, what is known, and the parameters of its statements."""

    def __init__(self, session: Session, filters: Filters, at: datetime, keep: Keep | None) -> None:
        self.session = session
        self.dialect = session.get_bind().dialect.name
        self.at = at
        self.keep = keep or self.made_now
        self.known = self.keep("vacancies.teams", teams_now)
        self.matched: dict[str, Matches] = {}
        teams = tuple(slug for slug in filters.team if slug in self.known.ids)
        self.asked = with_words(replace(filters, team=teams))
        self.filters = with_words(self.asked.understood())

    def made_now(self, _key: Hashable, make: Callable[[Session, datetime], Fact[Value]], /) -> Value:
        """A fact that nobody keeps."""
        return make(self.session, self.at).value

    def page(self) -> Page:
        """Count, then read the rows; where nothing was found, look for what would find something."""
        counts = self.counts(self.filters)
        if counts is not None and not counts.total and self.filters != self.asked:
            counts = self.as_typed(counts)
        rows: list[Listed] = []
        meant = None
        if counts is not None:
            self.filters = replace(self.filters, page=min(self.filters.page, last_page(counts.total)))
        orders = orders_for(self.filters, counted=counts is not None)
        order = self.filters.order if self.filters.order in orders else Sort.NEWEST
        if counts is None or counts.total:
            rows = self.rows(order, few=counts is not None)
        elif self.filters.q:
            counts, meant = self.without_keyword(counts), self.meant()
        return Page(
            filters=self.filters,
            asked=self.asked,
            rows=rows[:PAGE_SIZE],
            teams=self.known.teams,
            counts=counts,
            orders=orders,
            order=order,
            has_next=len(rows) > PAGE_SIZE,
            changes_at=self.known.changes_at,
            meant=meant,
        )

    def values(self, filters: Filters) -> dict[str, Any]:
        """The parameters of both statements."""
        return values_of(self.dialect, filters, self.known.ids) | {"at": self.at, "soon": soon_ends(self.at)}

    def counts(self, filters: Filters) -> Counts | None:
        """How many each choice would leave; None where more have the keyword than are counted."""
        if self.whole is not None:
            if not filters.narrowed_by:
                return self.whole.counts
            return counts_of((one.traits for one in self.found(self.whole, filters)), filters)
        if not filters.q:
            return None
        values = self.values(filters)
        adverts = traits_now(self.session, values, self.known) if values["keyword"] else []
        return None if adverts is None else counts_of(adverts, filters)

    @cached_property
    def whole(self) -> Whole | None:
        """Each open advert; None where more are open than are counted."""
        return None if self.known.many else self.keep("vacancies.whole", whole_list_now(self.known))

    def found(self, whole: Whole, filters: Filters) -> list[OpenAdvert]:
        """The open adverts with the keyword; all of them where there is none."""
        if not filters.q:
            return whole.adverts
        matches = self.matches(filters)
        return [one for one in whole.adverts if one.id in matches]

    def matches(self, filters: Filters) -> Matches:
        """What the keyword finds among few open adverts: one statement, asked once for each keyword."""
        if filters.q and filters.q not in self.matched:
            values, things = self.values(filters), number_of_things(filters.q)
            self.matched[filters.q] = matches_now(self.session, values, things) if values["keyword"] else {}
        return self.matched.get(filters.q, {})

    def rows(self, order: Sort, *, few: bool) -> list[Listed]:
        """The rows of the page and one more."""
        skipped = (self.filters.page - 1) * PAGE_SIZE
        if self.whole is not None:
            adverts = self.found(self.whole, self.filters)
            ordered = in_order(adverts, self.filters, order, self.matches(self.filters))
            return [one.row for one in ordered[skipped : skipped + PAGE_SIZE + 1]]
        statement = rows_statement(shape_of(self.dialect, self.filters), order, few=few)
        found = self.session.execute(statement, self.values(self.filters) | {"skipped": skipped})
        return [Listed(*row) for row in found]

    def as_typed(self, counts: Counts) -> Counts | None:
        """What was understood found nothing: the words themselves, where they find something."""
        words = replace(self.asked, exact=True)
        found = self.counts(words) if words.exact else counts
        if found is not None and not found.total:
            return counts
        self.filters = words
        return found

    def without_keyword(self, counts: Counts) -> Counts:
        """The same counts, with how many there would be without the keyword."""
        found = self.counts(replace(self.filters, q="", exact=False))
        return counts if found is None else replace(counts, without={"q": found.total, **counts.without})

    def meant(self) -> Meant | None:
        """What the keyword may be a misspelling of, where that would find something."""
        q = self.keep("vacancies.words", words_now).spelt(self.filters.q)
        if q is None:
            return None
        filters = replace(self.filters, q=q, page=1)
        counts = self.counts(with_words(filters.understood()))
        number = None if counts is None else counts.total
        return None if number == 0 else Meant(filters, number)


def with_words(filters: Filters) -> Filters:
    """The same filters, without a keyword that narrows nothing."""
    return replace(filters, q="") if only_small_words(filters.q) else filters


def orders_for(filters: Filters, *, counted: bool) -> list[Sort]:
    """The orders on offer: the best match is only looked for among adverts that could be counted."""
    matching = bool(filters.q) and counted
    return [order for order in Sort if matching or order is not Sort.MATCH]
