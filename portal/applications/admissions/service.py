"""Letting somebody send after closing, once, and what is recorded when they do."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.applications.admissions import events, queries
from portal.applications.admissions.current import is_open
from portal.applications.admissions.models import LateAdmission
from portal.applications.candidates.queries import email_key
from portal.applications.keeping.events import RECORD_DELETED
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import HistoryKind
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.errors import InvalidInput, InvalidTransition
from portal.core.mail import queue_mail
from portal.core.retention import BATCH
from portal.core.text import clean_line
from portal.core.wording import local_date
from portal.council import Retention
from portal.vacancies.models import Vacancy

PORTAL = Actor.system("portal retention")
LONGEST = timedelta(days=28)
NOT_CLOSED = "The advert has not closed, so everybody can still apply"
CANCELLED = "The vacancy was cancelled, so nobody can apply for it"
GONE_ON = "The candidate has gone on with their application since"
ARCHIVED = "The vacancy is archived, so nobody can apply for it"


def why_not(vacancy: Vacancy, at: datetime) -> str:
    """Why nobody can be admitted late, without a final stop; empty where somebody can."""
    if vacancy.archived_at is not None:
        return ARCHIVED
    if vacancy.cancelled_at is not None:
        return CANCELLED
    ended = vacancy.approved_at is not None and vacancy.ended_at is not None and vacancy.ended_at <= at
    return "" if ended else NOT_CLOSED


def admit_late(
    session: Session, vacancy: Vacancy, email: str, reason: str, until: datetime, *, by: Actor, at: datetime
) -> LateAdmission:
    """Let whoever signs in with this address send one application until then, and tell them by mail.

    One that is open already for the address takes the new reason and time. The vacancy is locked. Raises
    InvalidTransition while the advert is open or where it is gone, InvalidInput for a time that cannot be.
    """
    if reason_why_not := why_not(vacancy, at):
        raise InvalidTransition(reference=vacancy.reference, why=reason_why_not)
    if not at < until <= at + LONGEST:
        raise InvalidInput("until", "The last day must be today or later, and at most 4 weeks from now")
    key = email_key(email)
    mine = (LateAdmission.vacancy_id == vacancy.id, LateAdmission.email_key == key, is_open(at))
    admission = session.scalars(select(LateAdmission).where(*mine).with_for_update()).first()
    if admission is None:
        admission = LateAdmission(vacancy_id=vacancy.id, email=email, email_key=key)
        session.add(admission)
    admission.reason, admission.until, admission.admitted_at = clean_line(reason), until, at
    admission.admitted_by_id, admission.admitted_by_name = by.id, by.name or by.kind
    facts = {"title": vacancy.title, "vacancy": vacancy.reference, "until": until}
    queue_mail(
        session,
        to=email,
        template="application_late",
        facts=facts,
        at=at,
        purpose="application.late_allowed",
        about=vacancy.reference,
    )
    about = {"subject": vacancy.reference, "until": local_date(until).isoformat()}
    record(session, events.LATE_ALLOWED, by=by, at=at, **about)
    session.flush()
    return admission


def why_not_take_back(session: Session, admission: LateAdmission, at: datetime) -> str:
    """Why it stays, without a final stop; empty where it can be taken back: nobody has relied on it yet."""
    if admission.used_at is not None:
        return "The application has been sent"
    if admission.until <= at:
        return "Its last day is past"
    return GONE_ON if queries.has_gone_on(session, admission) else ""


def take_back(
    session: Session, admission: LateAdmission, vacancy: Vacancy, *, by: Actor, at: datetime
) -> None:
    """It does not hold any more, and whoever was told of it is told so; both are locked.

    Raises InvalidTransition once it was used or relied on.
    """
    if why := why_not_take_back(session, admission, at):
        raise InvalidTransition(reference=vacancy.reference, why=why)
    queue_mail(
        session,
        to=admission.email,
        template="application_late_taken_back",
        facts={"title": vacancy.title, "vacancy": vacancy.reference},
        at=at,
        purpose="application.late_taken_back",
        about=vacancy.reference,
    )
    until = local_date(admission.until).isoformat()
    record(session, events.LATE_TAKEN_BACK, by=by, at=at, subject=vacancy.reference, until=until)
    session.delete(admission)
    session.flush()


def note_admitted(
    session: Session,
    application: Application,
    admission: LateAdmission,
    vacancy: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The permission is used up by this application, whose history says who gave it and why."""
    admission.used_at = at
    history = ApplicationHistory(
        application_id=application.id,
        at=at,
        kind=HistoryKind.ADMITTED_LATE,
        note=admission.reason,
        by_id=admission.admitted_by_id,
        by_name=admission.admitted_by_name,
    )
    session.add(history)
    record(session, events.ADMITTED_LATE, by=by, at=at, subject=application.reference, vacancy=vacancy)
    session.flush()


def note_read(session: Session, vacancy: str, *, shown: int, by: Actor, at: datetime) -> None:
    """The audit of somebody reading who was admitted late."""
    record(session, events.ADMISSIONS_READ, by=by, at=at, subject=vacancy, shown=shown)


def delete_due_admissions(session: Session, at: datetime, periods: Retention) -> int:
    """Delete a batch of those that are over; gives how many."""
    due = queries.due_admissions(session, at, periods)[:BATCH]
    gone = delete(LateAdmission).where(LateAdmission.id.in_([id_ for id_, _due in due]))
    ids = set(session.scalars(gone.returning(LateAdmission.id)))
    for id_, one in due:
        if id_ in ids:
            vacancy = one.reference.rsplit(" ", 1)[1]
            facts = {"kind": queries.ADMISSION, "vacancy": vacancy}
            record(session, RECORD_DELETED, by=PORTAL, at=at, subject=f"ADMISSION-{id_}", **facts)
    return len(ids)
