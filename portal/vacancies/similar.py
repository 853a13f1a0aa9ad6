"""Open vacancies that are like another one: what somebody who reads an advert may want to see next.

They are of the same family and near it: in the same team, or at most `NEAR` levels away. The nearest come
first, and the same adverts always come in the same order.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, bindparam, case, func, select, type_coerce
from sqlalchemy.orm import Session

from portal.core.database import UtcDateTime
from portal.vacancies.code_list import has_any, spaced
from portal.vacancies.models import ServiceTeam, Vacancy
from portal.vacancies.options import RoleLevel, WorkingPattern

MOST = 4
NEAR = 2
LOOKED_AT = 200
"""Open adverts of the family that are compared, those that close last; a council never has as many."""

STEPS = {level.value: step for step, level in enumerate(RoleLevel)}
PATTERNS = tuple(f"pattern_{number}" for number, _ in enumerate(WorkingPattern))


class Similar(NamedTuple):
    """What the list of similar vacancies says of each, in the order of the statement."""

    slug: str
    title: str
    is_demo: bool
    team: str
    salary_min: int
    salary_max: int
    hours_per_week: Decimal
    full_time_hours: Decimal
    paid_weeks: Decimal | None
    closes_at: datetime


def similar_vacancies(session: Session, vacancy: Vacancy, at: datetime) -> list[Similar]:
    """At most `MOST`, the nearest first; never the vacancy itself."""
    patterns = [spaced(code) for code in vacancy.working_patterns] or [""]
    values: dict[str, Any] = dict(zip(PATTERNS, patterns * len(PATTERNS), strict=False))
    values |= {"at": at, "this": vacancy.id, "team": vacancy.team_id, "step": STEPS[vacancy.role_level]}
    return [Similar(*row) for row in session.execute(statement(), values | {"kind": vacancy.family.value})]


@cache
def statement() -> Select[Any]:
    """The open adverts of the family, found through the index of those that are live; then the nearest."""
    columns = Vacancy.__table__.c
    family = type_coerce(columns.family, String) == bindparam("kind", type_=String)
    candidates = (
        select(*columns)
        .where(Vacancy.open_at(bindparam("at", type_=UtcDateTime())), family, columns.id != bindparam("this"))
        .order_by(columns.closes_at.desc(), columns.id.desc())
        .limit(LOOKED_AT)
        .subquery()
        .c
    )
    nearness = in_same_team(candidates.team_id) + level_points(candidates.role_level)
    order = (nearness + shares_pattern(candidates.working_patterns)).desc()
    team = ServiceTeam.__table__.c
    shown = [team.name if name == "team" else candidates[name] for name in Similar._fields]
    return (
        select(*shown)
        .where(team.id == candidates.team_id, nearness > 0)
        .order_by(order, candidates.publish_at.desc(), candidates.id.desc())
        .limit(MOST)
    )


def in_same_team(team_id: ColumnElement[int]) -> ColumnElement[int]:
    """Three points for the same team."""
    return case((team_id == bindparam("team"), 3), else_=0)


def level_points(level: ColumnElement[Any]) -> ColumnElement[int]:
    """Three points for the same level, one less for each step up or down."""
    step = case(STEPS, value=type_coerce(level, String), else_=-NEAR - 1)
    distance = func.abs(step - bindparam("step"))
    return case((distance <= NEAR, NEAR + 1 - distance), else_=0)


def shares_pattern(patterns: ColumnElement[Any]) -> ColumnElement[int]:
    """A point where both posts may be worked in the same way."""
    return case((has_any(patterns, PATTERNS), 1), else_=0)
