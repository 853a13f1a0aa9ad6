"""The newest open adverts that pass a search, with the facts that feeds say of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from portal.core.page_cache import Publication
from portal.vacancies.feeds.site import for_feed
from portal.vacancies.models import Vacancy
from portal.vacancies.options import Sort
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.known import Keep
from portal.vacancies.search.queries import Search
from portal.vacancies.search.statements import Shape, Team, narrowed, open_with_keyword, order_of, shape_of

ENTRIES = 100
"""Adverts on a page of a feed."""

BEFORE_ANYTHING = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed changed in which there has never been anything."""

VACANCIES = Vacancy.__table__.c


class Entry(NamedTuple):
    """One advert, in the order of the statement."""

    slug: str
    reference: str
    title: str
    is_demo: bool
    family: str
    role_level: str
    team_id: int
    number_of_posts: int
    contract_type: str
    working_patterns: list[str]
    hours_per_week: Decimal
    full_time_hours: Decimal
    paid_weeks: Decimal | None
    salary_min: int
    salary_max: int
    location_base: str
    postcode: str | None
    visa_sponsorship: str
    asye_suitable: bool
    summary: str
    publish_at: datetime
    approved_at: datetime
    closes_at: datetime
    updated_at: datetime

    @property
    def published(self) -> datetime:
        """When the public could first read it."""
        return max(self.approved_at, self.publish_at)

    @property
    def updated(self) -> datetime:
        """When it last changed for readers: work on it before it was published is no change to them."""
        return max(self.published, self.updated_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedPage:
    """One page of a feed."""

    filters: Filters
    """As asked, in the feed's own order."""
    entries: list[Entry]
    teams: dict[int, Team]
    updated: datetime
    has_next: bool
    changes_at: datetime | None
    """When the next advert opens or closes by its dates."""


def feed_page(session: Session, filters: Filters, at: datetime, keep: Keep | None = None) -> FeedPage:
    """The newest open adverts first; expired ones are gone.

    What is found is what the list finds: a keyword is understood, and where that finds nothing, searched for
    as it was typed.
    """
    search = Search(session, for_feed(filters, filters.page), at, keep)
    skipped = (search.asked.page - 1) * ENTRIES
    found = entries_of(search, search.filters, skipped)
    if not found and not skipped and search.filters != search.asked:
        found = entries_of(search, replace(search.asked, exact=True), skipped)
    entries = found[:ENTRIES]
    return FeedPage(
        filters=search.asked,
        entries=entries,
        teams={team.id: team for team in search.known.teams},
        updated=max((entry.updated for entry in entries), default=None) or last_publication(session),
        has_next=len(found) > ENTRIES,
        changes_at=search.known.changes_at,
    )


def entries_of(search: Search, filters: Filters, skipped: int) -> list[Entry]:
    """A page of what these filters find, and one more."""
    values = search.values(filters) | {"skipped": skipped}
    if filters.q and not values["keyword"]:
        return []
    shape = shape_of(search.dialect, filters)
    return [Entry(*row) for row in search.session.execute(entries_statement(shape), values)]


def last_publication(session: Session) -> datetime:
    """When anything public last changed."""
    found: datetime | None = session.scalar(select(func.max(Publication.changed_at)))
    return found or BEFORE_ANYTHING


@lru_cache(maxsize=256)
def entries_statement(shape: Shape) -> Select[Any]:
    """A page of entries and one more.

    Those that are open are found first and then put in order, so that years of closed ones cost nothing.
    """
    return (
        select(*(plain(name) for name in Entry._fields))
        .where(*open_with_keyword(shape.dialect, keyword=shape.things > 0), *narrowed(shape))
        .order_by(*order_of(Sort.NEWEST, few=True))
        .limit(ENTRIES + 1)
        .offset(bindparam("skipped"))
    )


CODES = ("family", "role_level", "contract_type", "visa_sponsorship")


def plain(name: str) -> ColumnElement[Any]:
    """A column; codes as the plain strings they are."""
    column = VACANCIES[name]
    return type_coerce(column, String).label(name) if name in CODES else column
