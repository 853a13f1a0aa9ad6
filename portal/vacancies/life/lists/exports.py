"""The export of adverts: one row an advert, in the order and words of domain: recruitment §10.6.

What comes only with applications made in the portal (applications, shortlisted, interviewed, offers,
time_to_fill) stays empty until they are; `hires` is the number of posts that HR recorded as filled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.export import Column
from portal.vacancies.life.lists.filters import ListFilters
from portal.vacancies.life.lists.queries import narrowed
from portal.vacancies.life.lists.tabs import status_at
from portal.vacancies.models import ServiceTeam, Vacancy
from portal.vacancies.options import Status

ExportRow = Row[*tuple[Any, ...]]
PLACES = Decimal("0.01")
LATER = ("applications", "shortlisted", "interviewed", "offers")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which adverts, for whom, as they stand at this instant."""

    filters: ListFilters
    by: Actor
    at: datetime
    everything: bool = False
    """All of them, whatever the filters say."""

    def describe(self) -> dict[str, str]:
        """For the audit."""
        return {"list": "everything"} if self.everything else self.filters.describe()


def fte_of(row: ExportRow) -> Decimal:
    """Full-time equivalent of all posts of the advert."""
    share = Decimal(row.hours_per_week) / Decimal(row.full_time_hours)
    return Decimal(share * row.number_of_posts).quantize(PLACES)


def published_of(row: ExportRow) -> datetime | None:
    """When the public can first read it; None for what was not approved, or was cancelled before."""
    if row.approved_at is None:
        return None
    visible_from: datetime = max(row.approved_at, row.publish_at)
    return visible_from if row.cancelled_at is None or visible_from < row.cancelled_at else None


def closed_of(row: ExportRow) -> datetime | None:
    """When applying ends or ended; None for what the public never reads."""
    if published_of(row) is None:
        return None
    return min((end for end in (row.closes_at, row.closed_early_at, row.cancelled_at) if end), default=None)


def column(
    name: str, value: Callable[[ExportRow], Any], title: str = "", **options: Any
) -> Column[ExportRow]:
    """A column with its name for other systems, and its heading for people."""
    return Column(name, value, title=title or name.replace("_", " ").capitalize(), **options)


def empty(_row: ExportRow) -> None:
    """What is not known before people can apply in the portal."""


COLUMNS: list[Column[ExportRow]] = [
    column("ref", attrgetter("reference"), "Reference", width=20),
    column("title", attrgetter("title"), "Job title", width=40),
    column("family", attrgetter("family"), "Job family"),
    column("team", attrgetter("team"), width=32),
    column("grade", attrgetter("grade")),
    column("posts", attrgetter("number_of_posts")),
    column("FTE", fte_of, "FTE of all posts"),
    column("contract", attrgetter("contract_type")),
    column("published", published_of, width=20),
    column("closed", closed_of, width=20),
    *(column(name, empty) for name in LATER),
    column("hires", attrgetter("posts_filled")),
    column("time_to_fill", empty, "Time to fill"),
    column("re-advertised", attrgetter("relisted"), "Advertised again"),
    column("status", attrgetter("status"), words={status.value: status.label for status in Status}, width=20),
]
"""What every export of adverts holds; no name of a person is among it."""

STORED = (
    *("reference", "title", "family", "grade", "number_of_posts", "hours_per_week", "full_time_hours"),
    *("contract_type", "publish_at", "approved_at", "closes_at", "closed_early_at", "cancelled_at"),
    *("posts_filled", "relisted"),
)


def chosen(statement: Select[Any], session: Session, wanted: Wanted) -> tuple[Select[Any], dict[str, Any]]:
    """The statement narrowed to what is wanted, with the values of its parameters."""
    joined = statement.select_from(Vacancy).join(ServiceTeam, ServiceTeam.id == Vacancy.team_id)
    if wanted.everything:
        return joined, {}
    return narrowed(joined, session, wanted.filters, by=wanted.by, at=wanted.at)


def count(session: Session, wanted: Wanted) -> int:
    """How many rows an export will have; noted in the audit before its first byte."""
    statement, values = chosen(select(func.count()), session, wanted)
    return session.scalar(statement, values) or 0


def rows_for(wanted: Wanted) -> Callable[[Session], Iterator[ExportRow]]:
    """The rows in the order in which adverts were made, a thousand at a time."""

    def rows(session: Session) -> Iterator[ExportRow]:
        columns = (getattr(Vacancy, name) for name in STORED)
        listing = select(*columns, ServiceTeam.name.label("team"), status_at(wanted.at))
        statement, values = chosen(listing, session, wanted)
        ordered = statement.order_by(Vacancy.id).execution_options(yield_per=1000)
        yield from session.execute(ordered, values)

    return rows
