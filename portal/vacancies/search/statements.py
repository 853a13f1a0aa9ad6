"""The statements of the public list, each built once for what is asked and used for every value of it.

Building a statement costs more than running it. So a `Shape` says which filters are in use, the values
travel as parameters, and statements are kept by shape. Those of the list select columns, not entities.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    bindparam,
    case,
    func,
    literal_column,
    select,
    true,
    type_coerce,
)

from portal.core.database import UtcDateTime
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
    type_coerce(VACANCIES.working_patterns, String).label("working_patterns"),
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


class Team(NamedTuple):
    """A team as filters and rows need it."""

    id: int
    slug: str
    name: str


CODED = {"family": VACANCIES.family, "level": VACANCIES.role_level, "contract": VACANCIES.contract_type}
"""Filters whose column holds one code."""

LISTS = {"pattern": VACANCIES.working_patterns, "flexible": VACANCIES.flexible}
"""Filters whose column holds a list of codes."""

SOON = VACANCIES.closes_at <= bindparam("soon", type_=UtcDateTime())


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """Which filters are in use, on which database."""

    dialect: str
    things: int
    """How many things were typed as the keyword; none without one."""
    narrowed_by: tuple[str, ...]
    patterns: int
    flexible: int


def shape_of(dialect: str, filters: Filters) -> Shape:
    """What these filters ask."""
    return Shape(
        dialect=dialect,
        things=number_of_things(filters.q),
        narrowed_by=filters.narrowed_by,
        patterns=len(filters.pattern),
        flexible=len(filters.flexible),
    )


def values_of(dialect: str, filters: Filters, team_ids: dict[str, int]) -> dict[str, Any]:
    """The parameters for these filters; the instants are added by who asks."""
    values: dict[str, Any] = {
        f"{name}_{number}": spaced(code)
        for name in LISTS
        for number, code in enumerate(getattr(filters, name))
    }
    values |= {name: getattr(filters, name) for name in (*CODED, "sponsorship", "salary_from", "salary_to")}
    values["team_ids"] = [team_ids[slug] for slug in filters.team]
    values["keyword"] = expression_of(dialect, filters.q)
    return values | expressions_of_parts(dialect, filters.q)


@cache
def teams_statement() -> Select[Any]:
    """Every team in the council's order; what all searches need to know rides along to save statements.

    That is `next_change`, and how many adverts are open, counted no further than one more than `COUNTED`.
    """
    some = select(VACANCIES.id).where(Vacancy.open_at(AT)).limit(COUNTED + 1).subquery()
    columns = (
        TEAMS.id,
        TEAMS.slug,
        TEAMS.name,
        next_change().scalar_subquery().label("changes_at"),
        select(func.count()).select_from(some).scalar_subquery().label("open"),
    )
    return select(*columns).order_by(TEAMS.position, TEAMS.name)


LOOKED_AT: tuple[ColumnElement[Any], ...] = (
    type_coerce(VACANCIES.family, String).label("family"),
    type_coerce(VACANCIES.role_level, String).label("level"),
    VACANCIES.team_id,
    type_coerce(VACANCIES.contract_type, String).label("contract"),
    type_coerce(VACANCIES.working_patterns, String).label("pattern"),
    type_coerce(VACANCIES.flexible, String).label("flexible"),
    VACANCIES.asye_suitable.label("asye"),
    type_coerce(VACANCIES.visa_sponsorship, String).label("sponsorship"),
    case((SOON, literal_column("1")), else_=literal_column("0")).label("soon"),
    VACANCIES.salary_min,
    VACANCIES.salary_max,
)
"""What filters look at."""


@cache
def whole_statement() -> Select[Any]:
    """Of each open advert its identity, its first day, what filters look at, and its row of the list."""
    columns = (VACANCIES.id, VACANCIES.publish_at, *LOOKED_AT, *LISTED)
    return select(*columns).where(Vacancy.open_at(AT)).limit(COUNTED + 1)


@lru_cache(maxsize=64)
def matches_statement(dialect: str, things: int) -> Select[Any]:
    """Open adverts with the keyword, few of them: identity, and the hits in the title and in the facts."""
    found = (hits(dialect, part, things) for part in PARTS)
    return select(VACANCIES.id, *found).where(*open_with_keyword(dialect, keyword=True, few_open=True))


@cache
def traits_statement(dialect: str) -> Select[Any]:
    """What filters look at, of each advert that has the keyword, where many are open.

    The first column says how many there are. Where they are more than `COUNTED`, or none, it comes alone.
    """
    found = (
        select(*LOOKED_AT).where(*open_with_keyword(dialect, keyword=True)).limit(COUNTED + 1).cte("found")
    )
    number = select(func.count().label("number")).select_from(found).subquery()
    return select(number.c.number, *found.c).select_from(number.outerjoin(found, number.c.number <= COUNTED))


@lru_cache(maxsize=512)
def rows_statement(shape: Shape, sort: Sort, *, few: bool) -> Select[Any]:
    """The rows of a page and one more, which says whether there is another page."""
    return (
        select(*LISTED)
        .where(
            *open_with_keyword(shape.dialect, keyword=shape.things > 0),
            *narrowed(shape),
        )
        .order_by(*(best_match(shape) if sort is Sort.MATCH else order_of(sort, few=few)))
        .limit(PAGE_SIZE + 1)
        .offset(bindparam("skipped"))
    )


def open_with_keyword(dialect: str, *, keyword: bool, few_open: bool = False) -> list[ColumnElement[bool]]:
    """Open, and has the keyword where there is one."""
    return [Vacancy.open_at(AT), *([has_keyword(dialect, few_open=few_open)] if keyword else [])]


def narrowed(shape: Shape) -> list[ColumnElement[bool]]:
    """The filters in use, save the keyword."""
    clauses: dict[str, Callable[[], ColumnElement[bool]]] = {
        "team": lambda: VACANCIES.team_id.in_(bindparam("team_ids", expanding=True)),
        "pattern": lambda: has_any(VACANCIES.working_patterns, named("pattern", shape.patterns)),
        "flexible": lambda: has_any(VACANCIES.flexible, named("flexible", shape.flexible)),
        "asye": lambda: VACANCIES.asye_suitable == true(),
        "sponsorship": lambda: VACANCIES.visa_sponsorship.in_(bindparam("sponsorship", expanding=True)),
        "closing": lambda: SOON,
        "salary_from": lambda: VACANCIES.salary_max >= bindparam("salary_from"),
        "salary_to": lambda: VACANCIES.salary_min <= bindparam("salary_to"),
    }
    coded = [CODED[name].in_(bindparam(name, expanding=True)) for name in shape.narrowed_by if name in CODED]
    return [*coded, *(clauses[name]() for name in shape.narrowed_by if name in clauses)]


def named(name: str, number: int) -> list[str]:
    """The names of the parameters of one list of codes."""
    return [f"{name}_{position}" for position in range(number)]


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
