"""Changing an interview that was announced, and calling it off: what was is kept, the candidate gets news.

Neither is undone: it is changed again, or announced anew.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.applications.answers.service import drop_unsent, write_message
from portal.applications.interviews import events
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind, InterviewMode
from portal.applications.sift.facts import before_of, check_interview
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.errors import InvalidInput, InvalidTransition
from portal.core.text import clean_line

NOT_ANNOUNCED = "No interview is announced"


def change_interview(
    session: Session,
    application: Application,
    *,
    interview_at: datetime,
    interview_mode: InterviewMode | None,
    interview_place: str,
    note: str = "",
    by: Actor,
    at: datetime,
) -> ApplicationHistory:
    """Another time, way or place, with an answer that tells of it; the application is locked; flushes.

    Whoever was not told of the interview yet is invited to it as it is now. Raises InvalidTransition where
    none is announced, InvalidInput for what cannot be.
    """
    require_announced(application)
    check_interview(interview_at, interview_mode, interview_place, at)
    place = clean_line(interview_place) or None
    said = (interview_at, interview_mode, place)
    if said == (application.interview_at, application.interview_mode, application.interview_place):
        raise InvalidInput("interview_on", "This is how the interview is announced already")
    history = line_of(application, HistoryKind.INTERVIEW_CHANGED, note, by=by, at=at)
    application.interview_at, application.interview_mode, application.interview_place = said
    session.add(history)
    drop_unsent(session, application, Status.INTERVIEW_INVITED)
    session.flush()
    write_message(session, application, history, by=by, at=at)
    about = {"subject": application.reference, "vacancy": application.vacancy.reference}
    record(session, events.INTERVIEW_CHANGED, by=by, at=at, **about)
    return history


def call_off_interview(
    session: Session, application: Application, *, note: str = "", by: Actor, at: datetime
) -> ApplicationHistory:
    """It does not take place, and the candidate is shortlisted as before; the application is locked; flushes.

    Whoever was not told of the interview needs no news that it is called off.
    """
    require_announced(application)
    history = line_of(application, HistoryKind.INTERVIEW_CALLED_OFF, note, by=by, at=at)
    history.to_status = Status.SHORTLISTED
    application.status, application.status_since = Status.SHORTLISTED, at
    application.interview_at = application.interview_mode = application.interview_place = None
    session.add(history)
    drop_unsent(session, application, Status.INTERVIEW_INVITED)
    if application.told_status is Status.INTERVIEW_INVITED:
        drop_unsent(session, application, Status.SHORTLISTED)
        write_message(session, application, history, by=by, at=at)
    about = {"subject": application.reference, "vacancy": application.vacancy.reference}
    record(session, events.INTERVIEW_CALLED_OFF, by=by, at=at, **about)
    return history


def require_announced(application: Application) -> None:
    """Raise InvalidTransition unless somebody is invited and nothing came of it yet."""
    if application.status is not Status.INTERVIEW_INVITED:
        raise InvalidTransition(
            reference=application.reference, status=application.status.value, why=NOT_ANNOUNCED
        )


def line_of(
    application: Application, kind: HistoryKind, note: str, *, by: Actor, at: datetime
) -> ApplicationHistory:
    """The line of the history, with how it was announced before."""
    return ApplicationHistory(
        application_id=application.id,
        at=at,
        kind=kind,
        from_status=application.status,
        to_status=application.status,
        note=note.strip() or None,
        before=before_of(application),
        by_id=by.id,
        by_name=by.name or by.kind,
    )
