"""Making the figures once, storing them for good, and then letting the answers go.

Pages and files show stored figures only, so nothing that happens to the answers afterwards, their deletion
least of all, can be told from a difference between two readings.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.applications.equality import queries
from portal.applications.equality.ending import ANSWERS, DueAnswers, due_answers, due_figures
from portal.applications.equality.figures import is_settled, tables
from portal.applications.equality.lists import lists_on
from portal.applications.equality.models import EqualityCounted, EqualityFigures
from portal.applications.equality.queries import Scope
from portal.applications.keeping.events import RECORD_DELETED
from portal.applications.models import Application, EqualityAnswers
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.wording import local_date
from portal.council import Retention
from portal.vacancies.models import Vacancy

PORTAL = Actor.system("portal retention")
VACANCIES_AT_ONCE = 20
"""Whose answers are deleted in one transaction: hundreds for each."""


def store_settled(session: Session, at: datetime) -> int:
    """Store the figures of every vacancy and quarter in which everything is over; gives how many."""
    return sum(
        store(session, scope, at)
        for scope in queries.uncounted(session, at)
        if is_settled(scope, queries.standing(session, scope), at)
    )


def store(session: Session, scope: Scope, at: datetime) -> bool:
    """Store the figures of a scope; False where there are some by its name already, and they stand."""
    if queries.stored_figures(session, scope.name) is not None:
        return False
    lists = lists_on(local_date(at))
    figures = EqualityFigures(
        name=scope.name,
        title=scope.title,
        quarter=scope.quarter.slug,
        alone=scope.alone,
        stored_at=at,
        tables=[table.to_json() for table in tables(queries.counts(session, scope, lists), lists)],
    )
    session.add(figures)
    session.flush()
    counted = (EqualityCounted(vacancy_id=id_, figures_id=figures.id) for id_ in scope.vacancies)
    session.add_all(counted)
    session.flush()
    return True


def store_before(session: Session, due: Collection[DueAnswers], at: datetime) -> None:
    """Store the figures that answers are in whose time is over, whatever else of their quarter is not over.

    Of their quarter are counted those vacancies that are over; who decides later than a year after everybody
    else is in no figures.
    """
    going = {one.vacancy_id for one in due}
    for scope in queries.uncounted(session, at):
        if going & set(scope.vacancies):
            over = tuple(id_ for id_ in scope.vacancies if id_ in going or is_over(session, scope, id_, at))
            store(session, replace(scope, vacancies=over), at)


def is_over(session: Session, scope: Scope, vacancy_id: int, at: datetime) -> bool:
    """Whether one vacancy of a scope is over for everybody."""
    alone = replace(scope, vacancies=(vacancy_id,))
    return is_settled(alone, queries.standing(session, alone), at)


def delete_due_answers(session: Session, at: datetime, periods: Retention) -> int:
    """Delete the answers to a few vacancies whose time is over; gives to how many.

    What is due is asked again behind the locks: a hold or another worker may have been quicker.
    """
    batch = due_answers(session, at, periods)[:VACANCIES_AT_ONCE]
    if not batch:
        return 0
    waiting = {id_ for scope in queries.uncounted(session, at) for id_ in scope.vacancies}
    ids = waiting | {one.vacancy_id for one in batch}
    session.execute(select(Vacancy.id).where(Vacancy.id.in_(ids)).order_by(Vacancy.id).with_for_update())
    still_due = {one.vacancy_id for one in due_answers(session, at, periods)}
    going = [one for one in batch if one.vacancy_id in still_due]
    store_before(session, going, at)
    vacancies = [one.vacancy_id for one in going]
    session.execute(
        update(Application)
        .where(Application.vacancy_id.in_(vacancies), Application.equality_mark.is_not(None))
        .values(equality_mark=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(EqualityAnswers).where(EqualityAnswers.vacancy_id.in_(vacancies)))
    for one in going:
        facts = {"kind": ANSWERS, "vacancy": one.due.reference}
        record(session, RECORD_DELETED, by=PORTAL, at=at, subject=one.due.reference, **facts)
    session.flush()
    return len(going)


def delete_due_figures(session: Session, at: datetime, periods: Retention) -> int:
    """Delete stored figures that are old enough, with what was counted in them; gives how many."""
    due = due_figures(session, at, periods)[:VACANCIES_AT_ONCE]
    ids = [one.id for one in due]
    session.execute(delete(EqualityCounted).where(EqualityCounted.figures_id.in_(ids)))
    gone = delete(EqualityFigures).where(EqualityFigures.id.in_(ids)).returning(EqualityFigures.id)
    return len(session.scalars(gone).all())
