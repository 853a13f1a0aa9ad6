"""HR's lists of adverts: rows by key, and the figures above them in one statement.

Rows are columns, not entities. Each list is walked in its own order through a partial index; counts stop
at a limit, so that neither grows with the number of adverts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.core.access import Actor
from portal.core.database import UtcDateTime
from portal.core.keyset import Key
from portal.core.text import ascii_digits
from portal.core.wording import local_date
from portal.vacancies.code_list import spaced
from portal.vacancies.life.lists.filters import TAB_OF_ONLY, ListFilters, Only
from portal.vacancies.life.lists.tabs import ORDER, Tab, is_in, status_at
from portal.vacancies.models import Decision, ServiceTeam, Vacancy
from portal.vacancies.options import DecisionKind
from portal.vacancies.search.matching import expression_of, has_keyword
from portal.vacancies.search.words import words_of
from portal.vacancies.writing.models import VacancyDraft, VacancyRevision

PAGE_SIZE = 25
COUNTED_TO = 1_000
MOST_DRAFTS_FOUND = 10
SOON = timedelta(days=7)
LONGEST_NUMBER = 4
"""Digits at the end of a reference."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page, and the key behind which the next one starts."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    next_after: Key | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How many adverts are in each list, and what somebody has to see to; each stops at COUNTED_TO."""

    tabs: dict[Tab, int]
    only: dict[Only, int]


LISTED: tuple[Any, ...] = (
    Vacancy.id,
    Vacancy.reference,
    Vacancy.title,
    Vacancy.family,
    ServiceTeam.name.label("team"),
    Vacancy.number_of_posts,
    Vacancy.posts_filled,
    func.coalesce(StaffUser.name, Vacancy.hiring_manager_name).label("manager"),
    Vacancy.publish_at,
    Vacancy.closes_at,
    Vacancy.closed_early_at,
    Vacancy.submitted_at,
    Vacancy.outcome_at,
    Vacancy.cancelled_at,
    Vacancy.archived_at,
    Vacancy.created_at,
    Vacancy.updated_at,
    Vacancy.decision_promised_on,
    Vacancy.is_demo,
)


def list_page(session: Session, filters: ListFilters, *, by: Actor, at: datetime) -> Page:
    """Adverts of a list in its order, or found by a search, the newest first; drafts are apart."""
    column, latest_first = (Vacancy.created_at, True) if filters.q else ORDER[filters.tab]
    wanted: Select[Any] = select(*LISTED, status_at(at), column.label("place")).join(
        ServiceTeam, ServiceTeam.id == Vacancy.team_id
    )
    wanted = wanted.outerjoin(StaffUser, StaffUser.id == Vacancy.hiring_manager_id)
    wanted, values = narrowed(wanted, session, filters, by=by, at=at)
    if filters.after is not None:
        key = tuple_(literal(filters.after[0], UtcDateTime()), literal(filters.after[1]))
        place = tuple_(column, Vacancy.id)
        wanted = wanted.where(place < key if latest_first else place > key)
    order = (column.desc(), Vacancy.id.desc()) if latest_first else (column, Vacancy.id)
    rows = session.execute(wanted.order_by(*order).limit(PAGE_SIZE + 1), values).all()
    if len(rows) <= PAGE_SIZE:
        return Page(rows, None)
    last = rows[PAGE_SIZE - 1]
    return Page(rows[:PAGE_SIZE], (last.place, last.id))


def narrowed(
    wanted: Select[Any], session: Session, filters: ListFilters, *, by: Actor, at: datetime
) -> tuple[Select[Any], dict[str, Any]]:
    """The statement with the filters, and the values of its parameters; used by the export too."""
    values: dict[str, Any] = {}
    if filters.q:
        dialect = session.get_bind().dialect.name
        found: list[ColumnElement[bool]] = [has_reference(filters.q)]
        if words_of(filters.q):
            found.append(has_keyword(dialect))
            values["keyword"] = expression_of(dialect, filters.q)
        wanted = wanted.where(or_(*found))
    else:
        wanted = wanted.where(*conditions(filters, by=by, at=at))
    if filters.family is not None:
        wanted = wanted.where(Vacancy.family == filters.family)
    if filters.team:
        wanted = wanted.where(ServiceTeam.slug == filters.team)
    return wanted, values


def conditions(filters: ListFilters, *, by: Actor, at: datetime) -> list[ColumnElement[bool]]:
    """The list, and the list within it."""
    inside = is_in(filters.tab, at)
    if filters.tab is Tab.DRAFTS:
        being_written = exists().where(VacancyDraft.vacancy_id == Vacancy.id)
        return [inside, ~being_written]
    return [inside, *([within(filters.only, by=by, at=at)] if filters.only else [])]


def within(only: Only, *, by: Actor, at: datetime) -> ColumnElement[bool]:
    """What somebody has to see to."""
    match only:
        case Only.SOON:
            return Vacancy.closes_at <= at + SOON
        case Only.OVERDUE:
            return Vacancy.decision_promised_on < local_date(at)
        case _:
            return may_approve(by)


def may_approve(by: Actor) -> ColumnElement[bool]:
    """Adverts that this person may approve: neither sent nor written by them, and theirs to decide."""
    sent = select(Decision.by_id).where(
        Decision.vacancy_id == Vacancy.id, Decision.kind == DecisionKind.SUBMITTED
    )
    wrote = select(VacancyRevision.by_id).where(VacancyRevision.vacancy_id == Vacancy.id)
    newest = (
        sent.order_by(Decision.id.desc()).limit(1).scalar_subquery(),
        wrote.order_by(VacancyRevision.number.desc()).limit(1).scalar_subquery(),
    )
    others = and_(
        *(func.coalesce(author, 0) != by.id for author in newest),
        Vacancy.writers.not_like(spaced(str(by.id or 0))),
    )
    if by.can("vacancies.write"):
        return others
    return and_(others, Vacancy.hiring_manager_id == by.id)


def has_reference(typed: str) -> ColumnElement[bool]:
    """The whole reference, or its last digits as people say them."""
    letters = typed.strip().upper()[:24]
    if ascii_digits(letters) and len(letters) <= LONGEST_NUMBER:
        return Vacancy.reference.endswith(f"-{letters.zfill(LONGEST_NUMBER)}", autoescape=True)
    return Vacancy.reference == letters


def figures(session: Session, *, by: Actor, at: datetime) -> Figures:
    """Every count above the list, in one statement."""
    lists = [tab for tab in Tab if tab is not Tab.DRAFTS]
    parts = [bounded(select(Vacancy.id).where(is_in(tab, at))) for tab in lists]
    parts += [
        bounded(select(Vacancy.id).where(*conditions(only_filters(only), by=by, at=at))) for only in Only
    ]
    parts.append(bounded(select(VacancyDraft.id)))
    parts.append(bounded(select(Vacancy.id).where(*conditions(ListFilters(tab=Tab.DRAFTS), by=by, at=at))))
    found = [int(count) for count in session.execute(select(*parts)).one()]
    tabs = {Tab.DRAFTS: found[-2] + found[-1]} | dict(zip(lists, found, strict=False))
    return Figures(tabs, dict(zip(list(Only), found[len(lists) :], strict=False)))


def only_filters(only: Only) -> ListFilters:
    """The filters of a list within a list."""
    return ListFilters(tab=TAB_OF_ONLY[only], only=only)


def bounded(wanted: Select[Any]) -> ColumnElement[int]:
    """A count that stops looking one past the largest number it would show."""
    return select(func.count()).select_from(wanted.limit(COUNTED_TO + 1).subquery()).scalar_subquery()


def drafts_page(session: Session, filters: ListFilters) -> Page:
    """Writing in progress, the latest first; with a search what has it in its title or reference."""
    columns = VacancyDraft.__table__.c
    wanted = select(
        columns.id,
        columns.reference,
        columns.title,
        columns.updated_at,
        columns.updated_by_name,
        columns.created_by_name,
        columns.relisted,
        Vacancy.id.label("vacancy_id"),
        Vacancy.approved_at,
        Vacancy.submitted_at,
    ).outerjoin(Vacancy, Vacancy.id == columns.vacancy_id)
    if filters.q:
        word = func.lower(columns.title).contains(filters.q.lower(), autoescape=True)
        wanted = wanted.where(or_(word, columns.reference == filters.q.strip().upper()))
    if filters.after is not None:
        key = tuple_(literal(filters.after[0], UtcDateTime()), literal(filters.after[1]))
        wanted = wanted.where(tuple_(columns.updated_at, columns.id) < key)
    most = MOST_DRAFTS_FOUND if filters.q else PAGE_SIZE
    rows = session.execute(
        wanted.order_by(columns.updated_at.desc(), columns.id.desc()).limit(most + 1)
    ).all()
    if len(rows) <= most:
        return Page(rows, None)
    last = rows[most - 1]
    return Page(rows[:most], (last.updated_at, last.id))


def teams(session: Session) -> list[tuple[str, str]]:
    """Slug and name of every team, in the council's order."""
    wanted = select(ServiceTeam.slug, ServiceTeam.name).order_by(ServiceTeam.position, ServiceTeam.name)
    return [(slug, name) for slug, name in session.execute(wanted)]
