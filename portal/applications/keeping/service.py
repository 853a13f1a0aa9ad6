"""Deleting what has been kept for as long as the schedule says, and holding what must stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.applications.candidates.models import APPLICATION_JOURNEY, ApplicationDraft
from portal.applications.keeping import events, queries
from portal.applications.keeping.models import ApplicationStatistic, VacancyHold
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.errors import InvalidTransition
from portal.core.mail import OutgoingMail
from portal.core.retention import BATCH
from portal.core.text import clean_line
from portal.core.wording import local_date
from portal.council import Retention
from portal.journeys.models import Draft
from portal.journeys.service import lock_answers
from portal.vacancies.models import Vacancy

PORTAL = Actor.system("portal retention")

INTERVIEWED = frozenset(
    {Status.INTERVIEWED, Status.RESERVE_APPOINT, Status.UNSUCCESSFUL_INTERVIEW, Status.OFFERED}
)
ON_HOLD, NOT_ON_HOLD = "It is on legal hold already", "It is not on legal hold any more"


def delete_due_applications(session: Session, at: datetime, periods: Retention) -> int:
    """Delete a batch of applications whose time is over, with all that belongs to them; returns how many.

    What is due is asked again behind the locks: an undo, a hold or another worker may have been quicker.
    """
    batch = queries.due_applications(session, at, periods)[:BATCH]
    if not batch:
        return 0
    vacancies = queries.locked_vacancies(session, {one.vacancy_id for one in batch})
    applications = queries.locked_applications(session, [one.id for one in batch])
    still_due = {one.id for one in queries.due_applications(session, at, periods)}
    going = [application for application in applications if application.id in still_due]
    for application in going:
        vacancy = vacancies[application.vacancy_id]
        session.add(statistic_of(application, vacancy))
        facts = {"kind": queries.APPLICATION, "vacancy": vacancy.reference}
        record(session, events.RECORD_DELETED, by=PORTAL, at=at, subject=application.reference, **facts)
    references, ids = [one.reference for one in going], [one.id for one in going]
    session.execute(delete(OutgoingMail).where(OutgoingMail.about.in_(references)))
    session.execute(delete(Draft).where(Draft.reference.in_(references)))
    session.execute(delete(Application).where(Application.id.in_(ids)))
    session.flush()
    return len(going)


def statistic_of(application: Application, vacancy: Vacancy) -> ApplicationStatistic:
    """What stays: for which vacancy, in which month, how far it came."""
    promised, answered = vacancy.decision_promised_on, application.answered_on
    owed = promised is not None and application.status is not Status.WITHDRAWN
    return ApplicationStatistic(
        vacancy_id=vacancy.id,
        month=local_date(application.submitted_at).replace(day=1),
        status=application.status,
        shortlisted=application.shortlisted_at is not None,
        interviewed=application.offered_at is not None
        or bool({application.status, application.withdrawn_from} & INTERVIEWED),
        offered=application.offered_at is not None,
        answered_on_time=(answered is not None and answered <= promised) if promised and owed else None,
        source=application.source,
    )


def delete_due_drafts(session: Session, at: datetime, periods: Retention) -> int:
    """Delete a batch of drafts whose adverts ended long enough ago; returns how many.

    Asked again behind the locks, in the order of those who send: an advert may just have been extended.
    """
    batch = queries.due_drafts(session, at, periods)[:BATCH]
    if not batch:
        return 0
    lock_answers(session, APPLICATION_JOURNEY, [one.holder for one in batch])
    queries.locked_vacancies(session, {one.vacancy_id for one in batch})
    still_due = {one.id for one in queries.due_drafts(session, at, periods)}
    due = [one.id for one in batch if one.id in still_due]
    gone = delete(ApplicationDraft).where(ApplicationDraft.id.in_(queries.locked_drafts(session, due)))
    ids = set(session.scalars(gone.returning(ApplicationDraft.id)))
    going = [one for one in batch if one.id in ids]
    session.execute(delete(Draft).where(Draft.holder.in_([one.holder for one in going])))
    for one in going:
        facts = {"kind": queries.DRAFT, "vacancy": one.vacancy}
        record(session, events.RECORD_DELETED, by=PORTAL, at=at, subject=f"DRAFT-{one.id}", **facts)
    session.flush()
    return len(going)


def hold_application(
    session: Session, application: Application, reason: str, *, by: Actor, at: datetime
) -> None:
    """Keep a locked application beyond its time; raises InvalidTransition where it is held."""
    if application.held_at is not None:
        raise InvalidTransition(why=ON_HOLD)
    application.hold_reason, application.held_at, application.held_by_id = clean_line(reason), at, by.id
    note_hold(session, application, HistoryKind.HELD, by=by, at=at)
    record(session, events.HOLD_PLACED, by=by, at=at, subject=application.reference, kind=queries.APPLICATION)
    session.flush()


def end_application_hold(session: Session, application: Application, *, by: Actor, at: datetime) -> None:
    """Let the schedule count for a locked application again."""
    if application.held_at is None:
        raise InvalidTransition(why=NOT_ON_HOLD)
    application.hold_reason = application.held_at = application.held_by_id = None
    note_hold(session, application, HistoryKind.RELEASED, by=by, at=at)
    record(session, events.HOLD_ENDED, by=by, at=at, subject=application.reference, kind=queries.APPLICATION)
    session.flush()


def note_hold(
    session: Session, application: Application, kind: HistoryKind, *, by: Actor, at: datetime
) -> None:
    """The line of the history; the reason stands on the application while it is held."""
    entry = ApplicationHistory(
        application_id=application.id, at=at, kind=kind, by_id=by.id, by_name=by.name or by.kind
    )
    session.add(entry)


def hold_vacancy(session: Session, vacancy: Vacancy, reason: str, *, by: Actor, at: datetime) -> None:
    """Keep all applications to a locked vacancy; raises InvalidTransition where it is held."""
    if queries.vacancy_hold(session, vacancy.id) is not None:
        raise InvalidTransition(why=ON_HOLD)
    session.add(
        VacancyHold(
            vacancy_id=vacancy.id,
            reason=clean_line(reason),
            held_at=at,
            held_by_id=by.id,
            held_by_name=by.name or by.kind,
        )
    )
    record(session, events.HOLD_PLACED, by=by, at=at, subject=vacancy.reference, kind="vacancy")
    session.flush()


def end_vacancy_hold(session: Session, vacancy: Vacancy, *, by: Actor, at: datetime) -> None:
    """Let the schedule count for a locked vacancy’s applications again."""
    hold = queries.vacancy_hold(session, vacancy.id)
    if hold is None:
        raise InvalidTransition(why=NOT_ON_HOLD)
    session.delete(hold)
    record(session, events.HOLD_ENDED, by=by, at=at, subject=vacancy.reference, kind="vacancy")
    session.flush()
