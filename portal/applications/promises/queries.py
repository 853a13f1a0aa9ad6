"""Reads of what adverts promised: who still waits for an answer, and how often the day was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import StaffUser
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.promises.models import DecisionReminder
from portal.applications.scope import in_scope
from portal.applications.transitions import OFFERS
from portal.core.access import Actor
from portal.core.clock import add_months
from portal.vacancies.models import Vacancy

LEFT = (Status.WITHDRAWN, Status.OFFER_DECLINED)
"""Who left of their own accord is owed no answer."""

IN_HAND = OFFERS | {Status.STARTED}
"""Who was offered the post knows more than a mail could say, whatever was released meanwhile."""

MONTHS = 12
"""How far back the figure looks."""


@dataclass(frozen=True, slots=True)
class OnTime:
    """Applicants who were told an outcome by the day that the advert promised, of those who were owed one."""

    on_time: int
    owed: int

    @property
    def share(self) -> int:
        """Whole per cent, rounded down: 100 is said only when it was everybody."""
        return self.on_time * 100 // self.owed if self.owed else 0


def waits_for_answer() -> ColumnElement[bool]:
    """An applicant who has not been told an outcome, decided or not."""
    return and_(Application.answered_at.is_(None), Application.status.not_in(LEFT))


def answered_on_time(session: Session, by: Actor, today: date) -> OnTime:
    """Over the vacancies that this person sees whose day passed in the last MONTHS, in one statement.

    Who left without an answer is left out; an application that was deleted since is not counted.
    """
    kept = Application.answered_on <= Vacancy.decision_promised_on
    wanted = (
        select(func.coalesce(func.sum(case((kept, 1), else_=0)), 0), func.count())
        .select_from(Application)
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(
            in_scope(by),
            Vacancy.decision_promised_on < today,
            Vacancy.decision_promised_on >= add_months(today, -MONTHS),
            ~and_(Application.answered_at.is_(None), Application.status.in_(LEFT)),
        )
    )
    on_time, owed = session.execute(wanted).one()
    return OnTime(int(on_time), int(owed))


def promises_to_remind(session: Session, today: date, until: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Vacancies whose day comes, with people waiting, that nobody was reminded of; with whom to remind."""
    owner, manager = aliased(StaffUser), aliased(StaffUser)
    wanted = (
        select(
            Vacancy.id,
            Vacancy.reference,
            Vacancy.title,
            Vacancy.decision_promised_on,
            case((owner.active, owner.email)).label("owner"),
            case((manager.active, manager.email)).label("manager"),
            func.count().label("waiting"),
        )
        .join(Application, Application.vacancy_id == Vacancy.id)
        .outerjoin(owner, owner.id == Vacancy.hr_owner_id)
        .outerjoin(manager, manager.id == Vacancy.hiring_manager_id)
        .outerjoin(
            DecisionReminder,
            and_(
                DecisionReminder.vacancy_id == Vacancy.id,
                DecisionReminder.promised_on == Vacancy.decision_promised_on,
            ),
        )
        .where(
            Vacancy.decision_promised_on.between(today, until),
            DecisionReminder.vacancy_id.is_(None),
            waits_for_answer(),
        )
        .group_by(Vacancy.id, owner.active, owner.email, manager.active, manager.email)
        .order_by(Vacancy.id)
    )
    return session.execute(wanted).all()


def is_late(today: date) -> ColumnElement[bool]:
    """An applicant who waits past the day, and was not told so; without a join.

    Whoever has the offer is not among them, nor anybody whose vacancy was cancelled: “it takes longer” is not
    true for them. HR still sees that nothing was sent.
    """
    broken = select(Vacancy.id).where(Vacancy.decision_promised_on < today, Vacancy.cancelled_at.is_(None))
    return and_(
        waits_for_answer(),
        Application.status.not_in(IN_HAND),
        Application.told_late_at.is_(None),
        Application.vacancy_id.in_(broken),
    )
