"""Reads for those who decide: one vacancy’s lists, a search in it, one application with what happened to it.

Lists read columns, not entities, and page by key; whose vacancy it is stands inside every statement. What
the veil hides can be neither found nor put in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, contains_eager, undefer

from portal.applications.models import Application, ApplicationHistory, ApplicationNote
from portal.applications.names import folded
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind, Tab
from portal.applications.scope import in_scope
from portal.applications.sift.filters import ListFilters, Only, Sort
from portal.applications.sift.past import entries_of, sent_of, undoable, why_nothing
from portal.applications.transitions import TAB_OF
from portal.applications.veil import may_be_named
from portal.core.access import Actor
from portal.core.each_row import any_row
from portal.core.errors import NotFound, StaleEdit
from portal.core.phones import parse_phone
from portal.vacancies.models import ServiceTeam, Vacancy

PAGE_SIZE = 50
MOST_FOUND = 50
SHORTEST_WORD = 2
SIGNS = 8
"""Characters of a reference behind APP-."""

STATUSES: dict[Tab, tuple[Status, ...]] = {
    tab: tuple(status for status in Status if TAB_OF[status] is tab) for tab in Tab
}

IS_ADMITTED = and_(
    Application.late,
    any_row(
        select(ApplicationHistory.id)
        .where(ApplicationHistory.application_id == Application.id)
        .where(ApplicationHistory.kind == HistoryKind.ADMITTED_LATE)
        .correlate(Application)
    ),
)
"""Whether it came after closing because HR let it; its history is read for late ones alone."""

LISTED: tuple[Any, ...] = (
    *(Application.id, Application.reference, Application.version, Application.submitted_at),
    *(Application.late, Application.status, Application.status_since, Application.told_status),
    Application.email,
    *(Application.shortlisted_at, Application.interview_at, Application.starts_on),
    *(Application.given_names, Application.family_name, Application.internal, Application.right_to_work),
    *(Application.registration_status, Application.asye_status, Application.current_job_title),
    *(Application.current_employer, Application.gap_count, Application.flags, Application.is_demo),
    *(Application.disability_confident, Application.other_schemes, Application.outcome_reasons),
    IS_ADMITTED.label("admitted"),
)


@dataclass(frozen=True, slots=True)
class VacancyHead:
    """What the pages of a vacancy’s applications say of it."""

    id: int
    reference: str
    title: str
    team: str
    anonymised: bool
    closes_at: datetime | None
    closed_early_at: datetime | None
    decision_promised_on: date | None
    number_of_posts: int
    archived: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page; `next_after` is the reference behind which the next one starts."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    next_after: str


@dataclass(frozen=True, slots=True)
class ApplicationFile:
    """One application with what happened to it."""

    application: Application
    entries: Sequence[ApplicationHistory]
    notes: Sequence[ApplicationNote]
    undoable: ApplicationHistory | None
    why_not_undo: str = ""
    """Why nothing of it can be undone, where something was changed."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """References of the application before and the one after in a list; empty at its ends."""

    before: str = ""
    after: str = ""


def vacancy_head(session: Session, reference: str, by: Actor) -> VacancyHead:
    """The vacancy, if this person may see its applications; raises NotFound."""
    wanted = (
        select(
            Vacancy.id,
            Vacancy.reference,
            Vacancy.title,
            ServiceTeam.name,
            Vacancy.anonymise_shortlisting,
            Vacancy.closes_at,
            Vacancy.closed_early_at,
            Vacancy.decision_promised_on,
            Vacancy.number_of_posts,
            Vacancy.archived_at.is_not(None),
        )
        .join(ServiceTeam, ServiceTeam.id == Vacancy.team_id)
        .where(Vacancy.reference == reference, in_scope(by))
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    values: tuple[Any, ...] = tuple(found)
    return VacancyHead(*values)


def tab_counts(session: Session, vacancy_id: int) -> dict[Tab, int]:
    """How many applications each list has, in one statement answered by an index."""
    wanted = select(Application.status, func.count()).where(Application.vacancy_id == vacancy_id)
    counts = dict.fromkeys(Tab, 0)
    for status, count in session.execute(wanted.group_by(Application.status)):
        counts[TAB_OF[status]] += count
    return counts


def list_page(session: Session, vacancy: VacancyHead, filters: ListFilters) -> Page:
    """Applications of a list in its order; the thousandth page costs what the first does."""
    order = Order.of(filters.sort, anonymised=vacancy.anonymised)
    behind = order.place_of(session, vacancy.id, filters.after) if filters.after else None
    wanted = ids_of(vacancy.id, filters, order, behind, PAGE_SIZE + 1)
    rows = session.execute(
        select(*LISTED).where(Application.id.in_(wanted)).order_by(*order.clauses).limit(PAGE_SIZE + 1)
    ).all()
    return Page(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].reference if len(rows) > PAGE_SIZE else "")


def neighbours(
    session: Session, vacancy: VacancyHead, filters: ListFilters, application: Application
) -> Neighbours:
    """What stands before and behind an application in the list that it was opened from."""
    order = Order.of(filters.sort, anonymised=vacancy.anonymised)
    here = order.place_of(session, vacancy.id, application.reference)
    found = []
    for way in (order.reversed(), order):
        wanted = ids_of(vacancy.id, filters, way, here, 1)
        listed = select(Application.reference).where(Application.id.in_(wanted))
        found.append(session.scalar(listed.order_by(*way.clauses).limit(1)) or "")
    return Neighbours(*found)


@dataclass(frozen=True, slots=True)
class Order:
    """What a list goes by, with the id deciding between equals."""

    key: ColumnElement[Any]
    descending: bool = False

    @classmethod
    def of(cls, sort: Sort, *, anonymised: bool) -> Order:
        """By receipt, or by name; whoever may not be named stands before all names, in order of receipt."""
        if sort is not Sort.NAME:
            return cls(Application.__table__.c.submitted_at, descending=sort is Sort.NEWEST)
        name = Application.__table__.c.name_key
        return cls(case((may_be_named(anonymised=True), name), else_="") if anonymised else name)

    def reversed(self) -> Order:
        """The other way round."""
        return Order(self.key, not self.descending)

    @property
    def clauses(self) -> tuple[ColumnElement[Any], ...]:
        """For ORDER BY."""
        ordered = (self.key, Application.__table__.c.id)
        return tuple(column.desc() for column in ordered) if self.descending else ordered

    def place_of(self, session: Session, vacancy_id: int, reference: str) -> tuple[Any, int] | None:
        """Where an application stands; None for one that is not there."""
        wanted = select(self.key, Application.id).where(
            Application.vacancy_id == vacancy_id, Application.reference == reference
        )
        found = session.execute(wanted).one_or_none()
        return (found[0], found[1]) if found is not None else None

    def behind(self, place: tuple[Any, int]) -> ColumnElement[bool]:
        """Rows that come after this place."""
        here = tuple_(literal(place[0], self.key.type), literal(place[1]))
        row = tuple_(self.key, Application.__table__.c.id)
        return row < here if self.descending else row > here


def ids_of(
    vacancy_id: int, filters: ListFilters, order: Order, behind: tuple[Any, int] | None, most: int
) -> Select[tuple[int]]:
    """The first so many of a list, by id: a part for each status, which an index has in order."""
    parts = []
    for status in STATUSES[filters.tab]:
        rules = [Application.vacancy_id == vacancy_id, Application.status == status]
        rules += [within(filters.only)] if filters.only else []
        rules += [order.behind(behind)] if behind else []
        key = order.key.label("key")
        part = select(Application.id, key).where(*rules).order_by(*order.clauses).limit(most).subquery()
        parts.append(select(part.c.id, part.c.key))
    both = union_all(*parts).subquery()
    way = (both.c.key.desc(), both.c.id.desc()) if order.descending else (both.c.key, both.c.id)
    first = select(both.c.id).order_by(*way).limit(most).subquery()
    return select(first.c.id)


def within(only: Only) -> ColumnElement[bool]:
    """A list within the list."""
    match only:
        case Only.FLAGS:
            return not_empty(Application.flags)
        case Only.GAPS:
            return Application.gap_count > 0
        case _:
            return or_(Application.disability_confident.is_(True), not_empty(Application.other_schemes))


def not_empty(column: Any) -> ColumnElement[bool]:
    """Whether a JSON list holds anything, in words that both databases know."""
    return cast(column, Text) != "[]"


def search_page(session: Session, vacancy: VacancyHead, words: str) -> Page:
    """Applications to this vacancy in any list, found by reference; by name and contact unless veiled."""
    ways = ways_to_find(words, anonymised=vacancy.anonymised)
    if not ways:
        return Page((), "")
    wanted = select(*LISTED).where(Application.vacancy_id == vacancy.id, or_(*ways))
    rows = session.execute(
        wanted.order_by(Application.submitted_at.desc(), Application.id.desc()).limit(MOST_FOUND + 1)
    ).all()
    return Page(rows[:MOST_FOUND], "more" if len(rows) > MOST_FOUND else "")


def ways_to_find(words: str, *, anonymised: bool) -> list[ColumnElement[bool]]:
    """The conditions of a search; none where nothing can be found by it."""
    ways: list[ColumnElement[bool]] = []
    signs = "".join(sign for sign in words.upper() if sign.isascii() and sign.isalnum()).removeprefix("APP")
    if SHORTEST_WORD < len(signs) <= SIGNS:
        ways.append(Application.reference.startswith(f"APP-{signs}", autoescape=True))
    found = [word for word in folded(words).split() if len(word) >= SHORTEST_WORD or not word.isascii()]
    contact = [
        *([and_(*(Application.name_key.contains(word, autoescape=True) for word in found))] if found else []),
        *([func.lower(Application.email) == words.strip().lower()] if "@" in words else []),
        *([Application.phone == phone] if (phone := phone_like(words)) else []),
    ]
    if contact:
        ways.append(and_(may_be_named(anonymised=anonymised), or_(*contact)))
    return ways


def phone_like(words: str) -> str:
    """The number that was typed, as numbers are kept; empty when it is none."""
    try:
        return parse_phone(words)
    except ValueError:
        return ""


def of_vacancy(vacancy: str, by: Actor) -> Select[Application]:
    """Applications to a vacancy that this person may see, with the vacancy."""
    joined = select(Application).join(Vacancy, Vacancy.id == Application.vacancy_id)
    return joined.where(Vacancy.reference == vacancy, in_scope(by)).options(
        contains_eager(Application.vacancy)
    )


def application_file(session: Session, vacancy: str, reference: str, by: Actor) -> ApplicationFile:
    """One application with answers, history and notes; raises NotFound."""
    wanted = of_vacancy(vacancy, by).where(Application.reference == reference)
    found = session.scalars(
        wanted.options(undefer(Application.snapshot), undefer(Application.advert))
    ).one_or_none()
    if found is None:
        raise NotFound
    entries = entries_of(session, found.id)
    notes = select(ApplicationNote).where(ApplicationNote.application_id == found.id)
    archived, sent = found.vacancy.archived_at is not None, sent_of(session, found.id)
    can_undo = None if archived else undoable(entries, sent)
    ordered = session.scalars(notes.order_by(ApplicationNote.id.desc())).all()
    return ApplicationFile(found, entries, ordered, can_undo, why_nothing(entries, sent, archived=archived))


def application_to_change(
    session: Session, vacancy: str, reference: str, *, by: Actor, version: int | None = None
) -> Application:
    """The application, locked until the transaction ends.

    Raises NotFound, and StaleEdit when somebody changed it after this version was read.
    """
    wanted = of_vacancy(vacancy, by).where(Application.reference == reference)
    found = session.scalars(
        wanted.options(undefer(Application.advert)).with_for_update(of=Application)
    ).one_or_none()
    if found is None:
        raise NotFound
    if version is not None and found.version != version:
        raise StaleEdit(reference=reference)
    return found


def applications_to_change(
    session: Session, vacancy: str, references: Sequence[str], *, by: Actor
) -> list[Application]:
    """These applications, locked in one order for everybody; what is not there is left out."""
    wanted = of_vacancy(vacancy, by).where(Application.reference.in_(references)).order_by(Application.id)
    options = wanted.options(undefer(Application.advert)).with_for_update(of=Application)
    return list(session.scalars(options))


def advert_of(session: Session, vacancy_id: int, reference: str) -> dict[str, Any]:
    """The advert as this application keeps it."""
    wanted = select(Application.advert).where(
        Application.vacancy_id == vacancy_id, Application.reference == reference
    )
    return session.scalar(wanted) or {}


def chosen_rows(session: Session, vacancy_id: int, references: Sequence[str]) -> Sequence[Row[Any]]:
    """Rows of the list for these references, in order of receipt."""
    wanted = select(*LISTED).where(
        Application.vacancy_id == vacancy_id, Application.reference.in_(references)
    )
    return session.execute(wanted.order_by(Application.submitted_at, Application.id)).all()
