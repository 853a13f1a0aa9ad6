"""Vacancies with applications: counts by list, new ones first, then what waits for an answer to go out.

One statement for the page: the applications of the vacancies that are not archived are grouped by an index,
and a council has few of those at a time, however many it has archived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.applications.answers.queries import is_waiting, takes_mail, waits_to_be_told
from portal.applications.models import Application, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import Tab
from portal.applications.scope import in_scope
from portal.applications.transitions import DECIDED, TAB_OF
from portal.core.access import Actor
from portal.core.database import UtcDateTime
from portal.core.wording import local_date
from portal.vacancies.life.lists.tabs import status_at
from portal.vacancies.models import ServiceTeam, Vacancy

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Page:
    """Vacancies of one page; `next_after` is the reference behind which the next one starts."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    next_after: str


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for somebody, over all vacancies that they see."""

    new: int
    undecided: int
    answers: int
    overdue: int
    """Vacancies whose promised day is past, with somebody who has no outcome or was not told of it."""


def overview_page(
    session: Session, *, by: Actor, at: datetime, archived: bool = False, after: str = ""
) -> Page:
    """Vacancies with applications, the ones with new applications first and the latest of them on top."""
    counts, waiting = counts_of(by, archived=archived), waiting_of()
    rank = case((counts.c.fresh > 0, 0), (func.coalesce(waiting.c.answers, 0) > 0, 1), else_=2)
    columns: tuple[Any, ...] = (
        Vacancy.id,
        Vacancy.reference,
        Vacancy.title,
        ServiceTeam.name.label("team"),
        func.coalesce(StaffUser.name, Vacancy.hiring_manager_name).label("manager"),
        Vacancy.closes_at,
        Vacancy.closed_early_at,
        Vacancy.decision_promised_on,
        Vacancy.is_demo,
        status_at(at),
        func.coalesce(waiting.c.answers, 0).label("answers"),
        rank.label("rank"),
        *(column for column in counts.c if column.key != "vacancy_id"),
    )
    wanted: Select[Any] = select(*columns).join(counts, counts.c.vacancy_id == Vacancy.id)
    wanted = wanted.join(ServiceTeam, ServiceTeam.id == Vacancy.team_id)
    wanted = wanted.outerjoin(StaffUser, StaffUser.id == Vacancy.hiring_manager_id)
    wanted = wanted.outerjoin(waiting, waiting.c.vacancy_id == Vacancy.id)
    # Later before earlier and larger before smaller in both, so that one comparison of rows is enough.
    place = (-rank, counts.c.newest, Vacancy.id)
    if after and (behind := place_of(session, wanted, after)) is not None:
        wanted = wanted.where(tuple_(*place) < behind)
    ordered = wanted.order_by(*(column.desc() for column in place)).limit(PAGE_SIZE + 1)
    rows = session.execute(ordered).all()
    return Page(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].reference if len(rows) > PAGE_SIZE else "")


def place_of(session: Session, wanted: Select[Any], reference: str) -> ColumnElement[Any] | None:
    """Where a vacancy stands in the list; None where it is not in it."""
    found = session.execute(wanted.where(Vacancy.reference == reference)).one_or_none()
    if found is None:
        return None
    return tuple_(literal(-found.rank), literal(found.newest, UtcDateTime()), literal(found.id))


def counts_of(by: Actor, *, archived: bool) -> Any:
    """Applications of each vacancy by list, how many are new, and when the last one came."""
    put_away = Vacancy.archived_at.is_not(None) if archived else Vacancy.archived_at.is_(None)
    return (
        select(
            Application.vacancy_id,
            *(counted(TAB_OF[status] is tab for status in Status).label(tab.value) for tab in Tab),
            counted(status is Status.SUBMITTED for status in Status).label("fresh"),
            func.max(Application.submitted_at).label("newest"),
        )
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(in_scope(by), put_away)
        .group_by(Application.vacancy_id)
        .subquery()
    )


def counted(chosen: Any) -> ColumnElement[int]:
    """How many applications stand at one of the chosen statuses."""
    statuses = [status for status, is_one in zip(Status, chosen, strict=True) if is_one]
    return func.sum(case((Application.status.in_(statuses), 1), else_=0))


def waiting_of() -> Any:
    """Answers of each vacancy that are written, true and not sent."""
    joined = select(Application.vacancy_id, func.count().label("answers")).join(
        CandidateMessage, CandidateMessage.application_id == Application.id
    )
    return joined.where(is_waiting()).group_by(Application.vacancy_id).subquery()


def waits(session: Session, by: Actor, at: datetime) -> Waits:
    """What waits behind the door, in one statement."""
    undecided = [status for status in Status if status not in DECIDED]
    open_ones = and_(in_scope(by), Vacancy.archived_at.is_(None))
    applications = (
        select(func.count())
        .select_from(Application)
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(open_ones)
    )
    answers = (
        select(func.count())
        .select_from(CandidateMessage)
        .join(Application, Application.id == CandidateMessage.application_id)
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(in_scope(by), is_waiting())
    )
    late = select(func.count(func.distinct(Vacancy.id))).join(
        Application, Application.vacancy_id == Vacancy.id
    )
    overdue = late.where(
        open_ones,
        Vacancy.decision_promised_on < local_date(at),
        or_(Application.status.in_(undecided), waits_to_be_told()),
    )
    parts = (
        applications.where(Application.status == Status.SUBMITTED),
        applications.where(Application.status.in_(undecided)),
        answers,
        overdue,
    )
    found = session.execute(select(*(part.scalar_subquery() for part in parts))).one()
    return Waits(*(int(count) for count in found))


def unanswered_applicants(session: Session, vacancy_id: int) -> tuple[int, int]:
    """How many applicants of a vacancy have no outcome, and how many were not sent one that they can be."""
    mine, decided = Application.vacancy_id == vacancy_id, Application.status.in_(DECIDED)
    undecided = session.scalar(select(func.count()).where(mine, ~decided)) or 0
    untold = session.scalars(select(Application.email).where(mine, decided, waits_to_be_told()))
    return undecided, sum(map(takes_mail, untold))
