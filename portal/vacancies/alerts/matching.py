"""New adverts for many alerts at once.

What is new is read once; each *different* search is then asked once, and only about those few adverts,
however many people have it. On most mornings nothing is new, and nothing is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, select
from sqlalchemy.orm import Session

from portal.core.database import UtcDateTime
from portal.vacancies.alerts.models import Alert
from portal.vacancies.alerts.searches import filters_of, with_known_teams
from portal.vacancies.models import Vacancy
from portal.vacancies.queries import AT
from portal.vacancies.search.statements import (
    TEAMS,
    VACANCIES,
    Shape,
    Team,
    narrowed,
    open_with_keyword,
    shape_of,
    values_of,
)


class Advert(NamedTuple):
    """What a mail says of an advert; the order is that of `ADVERT`."""

    id: int
    slug: str
    title: str
    team: str
    location_base: str
    salary_min: int
    salary_max: int
    hours_per_week: Decimal
    full_time_hours: Decimal
    paid_weeks: Decimal | None
    closes_at: datetime
    is_demo: bool
    visible_from: datetime


def visible_from() -> ColumnElement[Any]:
    """`Vacancy.visible_from` of a published advert, said to the database."""
    later = VACANCIES.approved_at > VACANCIES.publish_at
    return case((later, VACANCIES.approved_at), else_=VACANCIES.publish_at)


ADVERT: tuple[ColumnElement[Any], ...] = (
    VACANCIES.id,
    VACANCIES.slug,
    VACANCIES.title,
    TEAMS.name,
    VACANCIES.location_base,
    VACANCIES.salary_min,
    VACANCIES.salary_max,
    VACANCIES.hours_per_week,
    VACANCIES.full_time_hours,
    VACANCIES.paid_weeks,
    VACANCIES.closes_at,
    VACANCIES.is_demo,
    visible_from(),
)


class News:
    """What became public between the oldest `told_until` and `until`, and which searches find it."""

    def __init__(
        self, session: Session, alerts: Iterable[Alert], teams: Sequence[Team], until: datetime, at: datetime
    ) -> None:
        self.session = session
        self.dialect = session.get_bind().dialect.name
        self.teams = teams
        self.team_ids = {team.slug: team.id for team in teams}
        self.at = at
        since = min((alert.told_until for alert in alerts), default=until)
        times = {"since": since, "until": until, "at": at}
        self.adverts = [Advert(*row) for row in session.execute(new_statement(), times)]
        self.ids = [advert.id for advert in self.adverts]
        self.found: dict[str, Collection[int]] = {}

    def for_alert(self, alert: Alert) -> list[Advert]:
        """What this alert has not looked at yet and its search finds, the newest first."""
        if not self.adverts:
            return []
        ids = self.matching(alert.search)
        return [
            advert for advert in self.adverts if advert.id in ids and advert.visible_from > alert.told_until
        ]

    def matching(self, search: str) -> Collection[int]:
        """The ids that a search finds; asked once."""
        if search not in self.found:
            self.found[search] = self.ask(search)
        return self.found[search]

    def ask(self, search: str) -> Collection[int]:
        """The rules are the list's own. A team that is not known any more narrows nothing, as there."""
        filters = with_known_teams(filters_of(search), self.teams)
        if not filters.narrowed_by:
            return self.ids
        values = values_of(self.dialect, filters, self.team_ids) | {"at": self.at, "among": self.ids}
        return set(self.session.scalars(matching_statement(shape_of(self.dialect, filters)), values))


@cache
def new_statement() -> Select[Any]:
    """Open adverts that became public in a stretch of time, the newest first."""
    since, until = (bindparam(name, type_=UtcDateTime()) for name in ("since", "until"))
    return (
        select(*ADVERT)
        .join(TEAMS.id.table, TEAMS.id == VACANCIES.team_id)
        .where(Vacancy.open_at(AT), visible_from() > since, visible_from() <= until)
        .order_by(visible_from().desc(), VACANCIES.id.desc())
    )


@lru_cache(maxsize=256)
def matching_statement(shape: Shape) -> Select[Any]:
    """Those of a few adverts that pass the filters."""
    return select(VACANCIES.id).where(
        VACANCIES.id.in_(bindparam("among", expanding=True)),
        *open_with_keyword(shape.dialect, keyword=shape.things > 0),
        *narrowed(shape),
    )
