"""Reads: whether somebody may answer now, the figures that are stored, and what they are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.orm import Session

from portal.applications.equality.lists import PREFER_NOT, Lists
from portal.applications.equality.models import EqualityCounted, EqualityFigures
from portal.applications.models import Application, EqualityAnswers
from portal.applications.own import own
from portal.applications.transitions import DECIDED
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
        .where(*own(reference, candidate_id))
    )
    return session.execute(wanted).one_or_none()


def may_answer(found: Found, at: datetime) -> bool:
    """Whether the questions are still put: not once figures may be shown."""
    return bool(at < max(found.closed_at, found.submitted_at) + ANSWERED_FOR)


def of_vacancy(session: Session, reference: str) -> Found | None:
    """A vacancy by its reference."""
    wanted = select(Vacancy.id, Vacancy.reference, Vacancy.title, closed_at().label("closed_at"))
    return session.execute(wanted.where(Vacancy.reference == reference)).one_or_none()


def stored_figures(session: Session, name: str) -> EqualityFigures | None:
    """The figures of this vacancy or quarter, as they were stored."""
    return session.scalars(select(EqualityFigures).where(EqualityFigures.name == name)).one_or_none()


def with_own_figures(session: Session, quarter: Quarter) -> Sequence[EqualityFigures]:
    """The vacancies that closed in a quarter and have figures of their own."""
    wanted = select(EqualityFigures).where(EqualityFigures.quarter == quarter.slug, EqualityFigures.alone)
    return session.scalars(wanted.order_by(EqualityFigures.name)).all()


def quarters(session: Session, at: datetime) -> list[Quarter]:
    """Every quarter in which a vacancy with answers closed, or of which there are figures, and this one."""
    answered = Vacancy.id.in_(select(EqualityAnswers.vacancy_id).distinct())
    oldest = session.scalar(
        select(func.min(closed_at(), type_=UtcDateTime())).where(answered, closed_at() <= at)
    )
    stored = session.scalar(select(func.min(EqualityFigures.quarter)))
    begun = [quarter_of(oldest)] if oldest else []
    begun += [Quarter(int(stored[:4]), int(stored[-1]))] if stored else []
    newest = quarter_of(at)
    found = [min(begun, key=lambda one: one.begins, default=newest)]
    while found[-1] != newest and len(found) < MOST_QUARTERS:
        found.append(found[-1].after)
    return found[::-1]


# What figures are made of


@dataclass(frozen=True, slots=True)
class Scope:
    """Vacancies whose answers are counted together."""

    name: str
    title: str
    vacancies: tuple[int, ...]
    closed_at: datetime | None
    """When the vacancy closed, or the quarter ended."""
    quarter: Quarter
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether figures can be made."""

    undecided: int
    changed_at: datetime | None
    unfinished: int
    """Vacancies that are not archived: whatever is told of them can still change."""


def uncounted(session: Session, at: datetime) -> list[Scope]:
    """Answers that are in no figures yet, as they are to be counted, the oldest quarter first.

    A vacancy with many answers is counted alone; the others of a quarter together. None is in both:
    otherwise one could be taken from the other, and what is hidden of it be worked out.
    """
    answers = func.count(EqualityAnswers.token).label("answers")
    wanted = (
        select(Vacancy.id, Vacancy.reference, Vacancy.title, closed_at().label("closed_at"), answers)
        .join(EqualityAnswers, EqualityAnswers.vacancy_id == Vacancy.id)
        .outerjoin(EqualityCounted, EqualityCounted.vacancy_id == Vacancy.id)
        .where(EqualityCounted.vacancy_id.is_(None), closed_at() <= at)
        .group_by(Vacancy.id)
        .order_by(Vacancy.id)
    )
    alone: list[Scope] = []
    together: dict[Quarter, list[int]] = {}
    for row in session.execute(wanted):
        quarter = quarter_of(row.closed_at)
        if row.answers >= OWN_FIGURES:
            alone.append(Scope(row.reference, row.title, (row.id,), row.closed_at, quarter, alone=True))
        else:
            together.setdefault(quarter, []).append(row.id)
    rest = [
        Scope(quarter.slug, quarter.label, tuple(ids), quarter.bounds[1], quarter)
        for quarter, ids in together.items()
    ]
    return sorted([*rest, *alone], key=lambda scope: (scope.quarter.begins, scope.name))


def standing(session: Session, scope: Scope) -> Standing:
    """Who is still undecided, and when somebody's status changed last."""
    undecided = func.count().filter(Application.status.not_in(DECIDED))
    wanted = select(undecided, func.max(Application.status_since, type_=UtcDateTime()))
    inside = Application.vacancy_id.in_(scope.vacancies)
    waiting, changed_at = session.execute(wanted.where(inside)).one()
    unfinished = select(func.count()).where(Vacancy.id.in_(scope.vacancies), Vacancy.archived_at.is_(None))
    return Standing(waiting, changed_at, session.scalar(unfinished) or 0)


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
