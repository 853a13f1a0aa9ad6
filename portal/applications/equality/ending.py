"""When equality answers and the figures made of them go (domain recruitment §4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.applications.equality.models import EqualityFigures
from portal.applications.equality.queries import closed_at
from portal.applications.keeping.models import VacancyHold
from portal.applications.keeping.queries import decided_at
from portal.applications.keeping.schedule import drags_on_from, is_over
from portal.applications.models import Application, EqualityAnswers
from portal.applications.transitions import DECIDED
from portal.core.clock import add_months
from portal.core.database import UtcDateTime
from portal.core.retention import Due
from portal.core.wording import local_date
from portal.council import Retention
from portal.vacancies.models import Vacancy

ANSWERS = "equality answers to a vacancy"
FIGURES = "equality figures"


@dataclass(frozen=True, slots=True)
class DueAnswers:
    """A vacancy whose answers’ time is over."""

    vacancy_id: int
    due: Due


@dataclass(frozen=True, slots=True)
class DueFigures:
    """Figures whose time is over."""

    id: int
    due: Due


def due_answers(session: Session, at: datetime, periods: Retention) -> list[DueAnswers]:
    """Vacancies whose answers nothing keeps any more: they go together, so that no reference is one person’s.

    The campaign ended with the last decision about anybody, or counts as over where it drags on, as for
    applications. Where none of those is left, their time is over.
    """
    decided = Application.status.in_(DECIDED)
    held = select(VacancyHold.vacancy_id)
    answered = select(EqualityAnswers.vacancy_id).distinct()
    wanted = (
        select(
            Vacancy.id,
            Vacancy.reference,
            closed_at().label("closed_at"),
            func.max(decided_at(), type_=UtcDateTime()).filter(decided).label("decided_at"),
            func.count(Application.id).filter(~decided).label("undecided"),
        )
        .outerjoin(Application, Application.vacancy_id == Vacancy.id)
        .where(Vacancy.id.in_(answered), Vacancy.id.not_in(held), closed_at() <= at)
        .group_by(Vacancy.id)
        .order_by(Vacancy.id)
    )
    found = []
    for row in session.execute(wanted):
        ended_at = row.decided_at or row.closed_at
        if row.undecided:
            ended_at = max(ended_at, drags_on_from(row.closed_at, periods))
        day = add_months(local_date(ended_at), periods.equality_answers)
        if is_over(day, at):
            found.append(DueAnswers(row.id, Due(ANSWERS, row.reference, day)))
    return found


def due_figures(session: Session, at: datetime, periods: Retention) -> list[DueFigures]:
    """Stored figures that are old enough to go."""
    rows = session.execute(
        select(EqualityFigures.id, EqualityFigures.name, EqualityFigures.stored_at).order_by(
            EqualityFigures.id
        )
    )
    days = [(row, add_months(local_date(row.stored_at), periods.equality_figures)) for row in rows]
    return [DueFigures(row.id, Due(FIGURES, row.name, day)) for row, day in days if is_over(day, at)]
