"""What the public sees beside the list (that is in `search`): one advert, and figures for other pages.

Open adverts are found through partial indices, so the cost does not grow with their number.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core.database import UtcDateTime
from portal.vacancies.models import Vacancy, live
from portal.vacancies.options import JobFamily

AT = bindparam("at", type_=UtcDateTime())


def open_counts(session: Session, at: datetime) -> dict[str, int]:
    """Open adverts in each family, those without any included."""
    found: dict[JobFamily, int] = dict(iter(session.execute(counts_statement(), {"at": at})))
    return {family.value: found.get(family, 0) for family in JobFamily}


@cache
def counts_statement() -> Select[JobFamily, int]:
    """Open adverts by family."""
    return select(Vacancy.family, func.count()).where(Vacancy.open_at(AT)).group_by(Vacancy.family)


def open_slugs(session: Session, at: datetime) -> list[str]:
    """Addresses of all open adverts, the newest first."""
    newest = Vacancy.publish_at.desc(), Vacancy.id.desc()
    return list(session.scalars(select(Vacancy.slug).where(Vacancy.open_at(at)).order_by(*newest)))


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


def vacancy_by_slug(session: Session, slug: str, at: datetime) -> Vacancy | None:
    """A published advert, open or closed, with team and criteria; None for what the public may not read."""
    vacancy = session.scalars(advert_statement(), {"slug": slug}).one_or_none()
    return vacancy if vacancy is not None and vacancy.is_readable(at) else None


@cache
def advert_statement() -> Select[Any]:
    """One advert with its team and, in a second statement, its criteria."""
    together = (joinedload(Vacancy.team, innerjoin=True), selectinload(Vacancy.criteria))
    return select(Vacancy).where(Vacancy.slug == bindparam("slug")).options(*together)
