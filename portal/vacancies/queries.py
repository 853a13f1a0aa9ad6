"""What the public sees beside the list (that is in `search`): one advert, and figures for other pages.

Open adverts are found through partial indices, so the cost does not grow with their number.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, String, bindparam, case, cast, func, select, union_all
from sqlalchemy.orm import Session, joinedload

from portal.core.database import UtcDateTime
from portal.core.json_rows import rows_as_json
from portal.inspections.queries import QuotationCard, cards_in, evidence_as_json, named_in
from portal.vacancies.models import Criterion, Vacancy, live
from portal.vacancies.options import Importance, JobFamily

AT = bindparam("at", type_=UtcDateTime())


def open_counts(session: Session, at: datetime) -> dict[str, int]:
    """Open adverts in each family, those without any included."""
    found: dict[JobFamily, int] = dict(iter(session.execute(counts_statement(), {"at": at})))
    return {family.value: found.get(family, 0) for family in JobFamily}


@cache
def counts_statement() -> Select[JobFamily, int]:
    """Open adverts by family."""
    return select(Vacancy.family, func.count()).where(Vacancy.open_at(AT)).group_by(Vacancy.family)


class Address(NamedTuple):
    """An open advert as the sitemap lists it."""

    slug: str
    changed_at: datetime
    """When it last changed for readers."""


def number_of_open(session: Session, at: datetime) -> int:
    """Open adverts of every family."""
    return session.scalar(select(func.count()).where(Vacancy.open_at(at))) or 0


def open_addresses(session: Session, at: datetime, *, skipped: int, most: int) -> list[Address]:
    """Open adverts in the order in which they were written, which does not change."""
    columns = Vacancy.__table__.c
    instants = (columns.updated_at, columns.approved_at, columns.publish_at)
    statement = select(columns.slug, *instants).where(Vacancy.open_at(at)).order_by(columns.id)
    rows = session.execute(statement.limit(most).offset(skipped))
    return [Address(slug, max(changes)) for slug, *changes in rows]


def next_change_at(session: Session, at: datetime) -> datetime | None:
    """When the next advert opens or closes by its dates: until then the counts stay as they are."""
    found: datetime | None = session.scalar(next_change(), {"at": at})
    return found


@cache
def next_change() -> Select[Any]:
    """When the next advert opens or closes by its dates."""
    columns = Vacancy.__table__.c
    closing = select(func.min(columns.closes_at)).where(live(), columns.closes_at > AT)
    opening = select(func.min(columns.publish_at)).where(live(), columns.publish_at > AT)
    both = union_all(closing, opening).subquery()
    return select(func.min(both.c[0]))


# One advert


class Line(NamedTuple):
    """One criterion as the page needs it."""

    wording: str
    importance: Importance
    assessed_by: list[str]


class Published(NamedTuple):
    """An advert that the public may read, open or not, with its team loaded."""

    vacancy: Vacancy
    criteria: list[Line]
    evidence: list[QuotationCard]
    """What it names of the newest inspection."""


def published_advert(session: Session, slug: str, at: datetime) -> Published | None:
    """A published advert in one statement; None for what the public may not read."""
    dialect = session.get_bind().dialect.name
    found = session.execute(advert_statement(dialect), {"slug": slug}).one_or_none()
    if found is None or not found[0].is_readable(at):
        return None
    vacancy, criteria, evidence = found
    lines = sorted(criteria or (), key=lambda line: line[0])
    return Published(
        vacancy,
        [Line(wording, Importance(code), places.split()) for _, wording, code, places in lines],
        named_in(cards_in(evidence), vacancy.evidence),
    )


@cache
def advert_statement(dialect: str) -> Select[Any]:
    """One advert with its team, and as JSON its criteria and, where it names any, the evidence there is."""
    columns = Criterion.__table__.c
    facts = (columns.position, columns.wording, columns.importance, columns.assessed_by)
    criteria = select(rows_as_json(dialect, *facts)).where(columns.vacancy_id == Vacancy.id)
    names_some = cast(Vacancy.evidence, String) != "[]"
    return (
        select(Vacancy, criteria.scalar_subquery(), case((names_some, evidence_as_json(dialect))))
        .where(Vacancy.slug == bindparam("slug"))
        .options(joinedload(Vacancy.team, innerjoin=True))
    )


def vacancy_by_slug(session: Session, slug: str, at: datetime) -> Vacancy | None:
    """A published advert, open or closed, by itself; None for what the public may not read."""
    vacancy = session.scalars(select(Vacancy).where(Vacancy.slug == slug)).one_or_none()
    return vacancy if vacancy is not None and vacancy.is_readable(at) else None
