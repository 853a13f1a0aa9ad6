"""The statements of the public list, each built once for what is asked and used for every value of it.

Building a statement costs more than running it. So a `Shape` says which filters are in use, the values
travel as parameters, and statements are kept by shape. Those of the list select columns, not entities.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, func, literal, select, type_coerce

from portal.vacancies.code_list import has_any, spaced
from portal.vacancies.models import ServiceTeam, Vacancy
from portal.vacancies.options import Sort
from portal.vacancies.queries import AT, next_change
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.matching import (
    PARTS,
    expression_of,
    expressions_of_parts,
    has_keyword,
    hits,
    number_of_things,
)

PAGE_SIZE = 25
COUNTED = 200

VACANCIES = Vacancy.__table__.c
TEAMS = ServiceTeam.__table__.c

# Codes are read as the plain strings they are; making enums of them would cost a third of the page.
LISTED: tuple[ColumnElement[Any], ...] = (
    VACANCIES.slug,
    VACANCIES.title,
    type_coerce(VACANCIES.family, String).label("family"),
    VACANCIES.team_id,
    type_coerce(VACANCIES.contract_type, String).label("contract_type"),
    VACANCIES.working_patterns,
    VACANCIES.hours_per_week,
    VACANCIES.full_time_hours,
    VACANCIES.paid_weeks,
    VACANCIES.salary_min,
    VACANCIES.salary_max,
    VACANCIES.location_base,
    VACANCIES.summary,
    VACANCIES.closes_at,
    VACANCIES.asye_suitable,
    VACANCIES.is_demo,
)

ORDERS: dict[Sort, ColumnElement[Any]] = {
    Sort.NEWEST: VACANCIES.publish_at,
    Sort.CLOSING: VACANCIES.closes_at,
    Sort.SALARY: VACANCIES.salary_max,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """Which filters are in use, on which database."""

    dialect: str
    things: int
    """How many things were typed as the keyword; none without one."""
    family: bool
    team: bool
    contract: bool
    patterns: int
    salary: bool


def shape_of(dialect: str, filters: Filters) -> Shape:
    """What these filters ask."""
    return Shape(
        dialect=dialect,
        things=number_of_things(filters.q),
        family=bool(filters.family),
        team=bool(filters.team),
        contract=bool(filters.contract),
        patterns=len(filters.pattern),
        salary=filters.salary_from is not None,
    )


def values_of(dialect: str, filters: Filters, team_ids: dict[str, int]) -> dict[str, Any]:
    """The parameters for these filters; the instant is added by who asks."""
    values: dict[str, Any] = {
        f"pattern_{number}": spaced(code) for number, code in enumerate(filters.pattern)
    }
    values |= {"family": filters.family, "contract": filters.contract, "salary_from": filters.salary_from}
    values["team_ids"] = [team_ids[slug] for slug in filters.team]
    values["keyword"] = expression_of(dialect, filters.q)
    return values | expressions_of_parts(dialect, filters.q)


@cache
def teams_statement() -> Select[Any]:
    """Every team in the council's order, each with `next_change`, which rides along to save a statement."""
    columns = (TEAMS.id, TEAMS.slug, TEAMS.name, next_change().scalar_subquery())
    return select(*columns).order_by(TEAMS.position, TEAMS.name)


@cache
def groups_statement(dialect: str, *, keyword: bool, salary: bool) -> Select[Any]:
    """All that are open and have the keyword, grouped by what the other filters look at.

    One more than are counted, so that it shows when there are too many.
    """
    enough = VACANCIES.salary_max >= bindparam("salary_from") if salary else literal(value=True)
    looked_at = (
        type_coerce(VACANCIES.family, String).label("family"),
        VACANCIES.team_id,
        type_coerce(VACANCIES.contract_type, String).label("contract_type"),
        type_coerce(VACANCIES.working_patterns, String).label("working_patterns"),
        enough.label("paid_enough"),
    )
    window = (
        select(*looked_at).where(*open_with_keyword(dialect, keyword=keyword)).limit(COUNTED + 1).subquery()
    )
    return select(*window.c, func.count()).group_by(*window.c)


@lru_cache(maxsize=512)
def rows_statement(shape: Shape, sort: Sort, *, few: bool) -> Select[Any]:
    """The rows of a page and one more, which says whether there is another page."""
    return (
        select(*LISTED)
        .where(*open_with_keyword(shape.dialect, keyword=shape.things > 0), *narrowed(shape))
        .order_by(*(best_match(shape) if sort is Sort.MATCH else order_of(sort, few=few)))
        .limit(PAGE_SIZE + 1)
        .offset(bindparam("skipped"))
    )


def open_with_keyword(dialect: str, *, keyword: bool) -> list[ColumnElement[bool]]:
    """Open, and has the keyword where there is one."""
    return [Vacancy.open_at(AT), *([has_keyword(dialect)] if keyword else [])]


def narrowed(shape: Shape) -> list[ColumnElement[bool]]:
    """The filters in use, save the keyword."""
    clauses: list[ColumnElement[bool]] = []
    if shape.family:
        clauses.append(VACANCIES.family.in_(bindparam("family", expanding=True)))
    if shape.team:
        clauses.append(VACANCIES.team_id.in_(bindparam("team_ids", expanding=True)))
    if shape.contract:
        clauses.append(VACANCIES.contract_type.in_(bindparam("contract", expanding=True)))
    if shape.patterns:
        names = [f"pattern_{number}" for number in range(shape.patterns)]
        clauses.append(has_any(VACANCIES.working_patterns, names))
    if shape.salary:
        clauses.append(VACANCIES.salary_max >= bindparam("salary_from"))
    return clauses


def order_of(sort: Sort, *, few: bool = False) -> tuple[ColumnElement[Any], ...]:
    """The order of the list.

    With `few` open adverts it is written so that no index offers it: the database must then find the open
    ones first and sort those, instead of walking through years of closed ones in order.
    """
    column = ORDERS[sort]
    if sort is Sort.CLOSING:
        return column.asc(), VACANCIES.id.asc()
    return (func.coalesce(column, column) if few else column).desc(), VACANCIES.id.desc()


def best_match(shape: Shape) -> tuple[ColumnElement[Any], ...]:
    """Who has most of what was typed in the title comes first, then in the facts, then the newest.

    Every advert found is looked at, so it is for few of them only.
    """
    found = (hits(shape.dialect, part, shape.things).desc() for part in PARTS)
    return *found, *order_of(Sort.NEWEST)
