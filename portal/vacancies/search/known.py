"""What every search needs to know of the open adverts; a worker may keep it until something is published."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from portal.core.kept_facts import Fact
from portal.vacancies.search.counting import Counts, Traits, counts_of, traits_of
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.remembered import Listed, Match, OpenAdvert
from portal.vacancies.search.spelling import Words, texts_in_use
from portal.vacancies.search.statements import (
    COUNTED,
    LOOKED_AT,
    Team,
    matches_statement,
    teams_statement,
    traits_statement,
    whole_statement,
)
from portal.vacancies.wording import next_midnight, soon_ends

Value = TypeVar("Value")


class Keep(Protocol):
    """`kept_until_published`, or anything else that gives the value of a fact."""

    def __call__(self, key: Hashable, make: Callable[[Session, datetime], Fact[Value]], /) -> Value: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Teams:
    """The teams, and what was asked along with them."""

    teams: list[Team]
    changes_at: datetime
    """Until when lists stay as they are: an advert opens or closes, or a day ends."""
    many: bool
    """Whether more adverts are open than are counted."""
    ids: dict[str, int]
    slugs: dict[int, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """The whole list: each open advert, and the counts."""

    adverts: list[OpenAdvert]
    counts: Counts


def teams_now(session: Session, at: datetime) -> Fact[Teams]:
    """One statement."""
    found = session.execute(teams_statement(), {"at": at}).all()
    teams = [Team(*row[:3]) for row in found]
    midnight = next_midnight(at)
    changes_at = min(found[0].changes_at or midnight, midnight) if found else midnight
    facts = Teams(
        teams=teams,
        changes_at=changes_at,
        many=bool(found) and found[0].open > COUNTED,
        ids={team.slug: team.id for team in teams},
        slugs={team.id: team.slug for team in teams},
    )
    return Fact(facts, until=changes_at)


def whole_list_now(teams: Teams) -> Callable[[Session, datetime], Fact[Whole | None]]:
    """One statement; None where more are open than are counted."""

    def make(session: Session, at: datetime) -> Fact[Whole | None]:
        rows = session.execute(whole_statement(), {"at": at, "soon": soon_ends(at)}).all()
        if len(rows) > COUNTED:
            return Fact(None, until=teams.changes_at)
        adverts = [remembered(row, teams.slugs) for row in rows]
        counts = counts_of((one.traits for one in adverts), Filters())
        return Fact(Whole(adverts=adverts, counts=counts), until=teams.changes_at)

    return make


def remembered(row: Sequence[Any], slugs: dict[int, str]) -> OpenAdvert:
    """A row of `whole_statement`."""
    listed = 2 + len(LOOKED_AT)
    return OpenAdvert(row[0], row[1], traits_of(row[2:listed], slugs), Listed(*row[listed:]))


def words_now(session: Session, at: datetime) -> Fact[Words]:
    """One statement. Old words do no harm: what is suggested is shown with what it finds now."""
    return Fact(Words(texts_in_use(session, at)))


def matches_now(session: Session, values: dict[str, Any], things: int) -> dict[int, Match]:
    """The open adverts with the keyword, where few are open."""
    statement = matches_statement(session.get_bind().dialect.name, things)
    return {identity: Match(*found) for identity, *found in session.execute(statement, values)}


def traits_now(session: Session, values: dict[str, Any], teams: Teams) -> list[Traits] | None:
    """What filters look at of each open advert with the keyword, where many are open.

    None for more than are counted.
    """
    rows = session.execute(traits_statement(session.get_bind().dialect.name), values).all()
    number = rows[0][0]
    if number > COUNTED:
        return None
    return [traits_of(row[1:], teams.slugs) for row in rows] if number else []
