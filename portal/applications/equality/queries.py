"""Reads: whether somebody may answer now, and the figures by stage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, case, exists, func, select
from sqlalchemy.orm import Session

from portal.applications.equality.lists import PREFER_NOT, Lists
from portal.applications.equality.stages import STAGES, UNDECIDED, Stage
from portal.applications.models import Application, EqualityAnswers
from portal.core.clock import LONDON, london_instant
from portal.core.database import UtcDateTime
from portal.vacancies.models import Vacancy

ANSWERED_FOR = timedelta(days=1)
"""How long after closing the questions can still be answered."""
SETTLED = timedelta(days=2)
"""How long nothing may have changed before figures are shown: two looks must not tell of one person."""
OWN_FIGURES = 30
"""So many answers a vacancy needs for figures of its own; the others of a quarter are counted together."""

MOST_QUARTERS = 40
"""Ten years: figures are kept for six."""

Found = Row[*tuple[Any, ...]]
Counts = dict[str, Counter[tuple[str, str]]]
"""Question → (category, stage reached) → how many."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of a calendar year."""

    year: int
    number: int

    @property
    def slug(self) -> str:
        """2026-q4."""
        return f"{self.year}-q{self.number}"

    @property
    def label(self) -> str:
        """October to December 2026."""
        names = ("January to March", "April to June", "July to September", "October to December")
        return f"{names[self.number - 1]} {self.year}"

    @property
    def begins(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after(self) -> Quarter:
        """The next one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The instants of its beginning and end, in London."""
        first, last = ((day, datetime.min.time()) for day in (self.begins, self.after.begins))
        return london_instant(*first), london_instant(*last)


def quarter_of(at: datetime) -> Quarter:
    """The quarter that an instant lies in, in London."""
    local = at.astimezone(LONDON)
    return Quarter(local.year, (local.month + 2) // 3)


def closed_at() -> ColumnElement[Any]:
    """When applying for a vacancy ended or ends."""
    end = func.coalesce(Vacancy.closed_early_at, Vacancy.closes_at)
    return case((Vacancy.cancelled_at < end, Vacancy.cancelled_at), else_=end)


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which stages may be shown."""

    undecided: dict[Stage, int]
    changed_at: datetime | None
    unfinished: int
    """Vacancies with answers that are not archived: whatever is told of them can still change."""


def own_application(session: Session, candidate_id: int, reference: str) -> Found | None:
    """What the questions need to know of a candidate's own application."""
    wanted = (
        select(
            Application.id,
            Application.reference,
            Application.submitted_at,
            Application.equality_mark.is_not(None).label("answered"),
            Vacancy.reference.label("vacancy_reference"),
            closed_at().label("closed_at"),
        )
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(Application.reference == reference, Application.candidate_id == candidate_id)
    )
    return session.execute(wanted).one_or_none()


def may_answer(found: Found, at: datetime) -> bool:
    """Whether the questions are still put: not once figures may be shown."""
    return bool(at < max(found.closed_at, found.submitted_at) + ANSWERED_FOR)


@dataclass(frozen=True, slots=True)
class Scope:
    """Vacancies whose answers are counted together."""

    vacancies: tuple[int, ...]
    closed_at: datetime | None
    """When the last of them closed, or the quarter ended."""


def of_vacancy(session: Session, reference: str) -> tuple[Found, Scope] | None:
    """A vacancy by its reference, counted alone."""
    wanted = select(Vacancy.id, Vacancy.reference, Vacancy.title, closed_at().label("closed_at"))
    found = session.execute(wanted.where(Vacancy.reference == reference)).one_or_none()
    return None if found is None else (found, Scope((found.id,), found.closed_at))


def answers_in(session: Session, scope: Scope) -> int:
    """How many answered."""
    wanted = select(func.count()).where(EqualityAnswers.vacancy_id.in_(scope.vacancies))
    return session.scalar(wanted) or 0


def of_quarter(session: Session, quarter: Quarter) -> tuple[Scope, list[Found]]:
    """The vacancies that closed in a quarter: those counted together, and those with figures of their own.

    None is in both: otherwise one could be taken from the other, and what is hidden of it be worked out.
    """
    first, last = quarter.bounds
    answers = (
        select(func.count())
        .where(EqualityAnswers.vacancy_id == Vacancy.id)
        .scalar_subquery()
        .label("answers")
    )
    wanted = select(Vacancy.id, Vacancy.reference, Vacancy.title, answers).where(
        Vacancy.approved_at.is_not(None), closed_at() >= first, closed_at() < last
    )
    found = session.execute(wanted.order_by(Vacancy.reference)).all()
    small = tuple(row.id for row in found if row.answers < OWN_FIGURES)
    return Scope(small, last), [row for row in found if row.answers >= OWN_FIGURES]


def quarters(session: Session, at: datetime) -> list[Quarter]:
    """Every quarter in which a vacancy with answers closed, and this one; the newest first."""
    answered = Vacancy.id.in_(select(EqualityAnswers.vacancy_id).distinct())
    oldest = session.scalar(
        select(func.min(closed_at(), type_=UtcDateTime())).where(answered, closed_at() <= at)
    )
    quarter, newest = quarter_of(oldest or at), quarter_of(at)
    found = [quarter]
    while found[-1] != newest and len(found) < MOST_QUARTERS:
        found.append(found[-1].after)
    return found[::-1]


def standing(session: Session, scope: Scope) -> Standing:
    """Who is still undecided at each stage, and when somebody's status changed last."""
    inside = Application.vacancy_id.in_(scope.vacancies)
    wanted = select(Application.status, func.count(), func.max(Application.status_since, type_=UtcDateTime()))
    rows = session.execute(wanted.where(inside).group_by(Application.status)).all()
    undecided = {
        stage: sum(count for status, count, _ in rows if status in UNDECIDED[stage]) for stage in STAGES
    }
    return Standing(
        undecided, max((since for _, _, since in rows), default=None), unfinished_in(session, scope)
    )


def unfinished_in(session: Session, scope: Scope) -> int:
    """How many vacancies of a scope have answers and are not archived yet."""
    answered = exists(select(EqualityAnswers.token).where(EqualityAnswers.vacancy_id == Vacancy.id))
    wanted = select(func.count()).where(
        Vacancy.id.in_(scope.vacancies), Vacancy.archived_at.is_(None), answered
    )
    return session.scalar(wanted) or 0


def counts(session: Session, scope: Scope, lists: Lists) -> Counts:
    """How many gave which answer, by the stage they reached. What was left blank counts as not said."""
    found: Counts = {question.name: Counter() for question in lists.summarised}
    wanted = select(EqualityAnswers.answers, EqualityAnswers.stage_reached).where(
        EqualityAnswers.vacancy_id.in_(scope.vacancies)
    )
    for answers, stage in session.execute(wanted):
        for name, counter in found.items():
            counter[answers.get(name, PREFER_NOT), stage] += 1
    return found
