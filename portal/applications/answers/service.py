"""Answers to candidates as rows: written by a change of status, dropped by its undoing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.answers.wording import TOLD, written
from portal.applications.models import Application, ApplicationHistory, CandidateMessage
from portal.applications.options import MessageState
from portal.core.access import Actor
from portal.core.errors import InvalidTransition
from portal.vacancies.models import Vacancy

ALREADY_SENT = "The candidate has been told of this change, so it cannot be undone"


def write_message(
    session: Session, application: Application, history: ApplicationHistory, *, by: Actor, at: datetime
) -> CandidateMessage | None:
    """Write what the candidate would be told of this change; None where candidates are not told; flushes.

    Nothing leaves by this: HR releases it. An answer that was written before and not sent stays as it is;
    it is not sent while the application stands elsewhere, and can be again when the change is undone.
    """
    if application.status not in TOLD:
        return None
    vacancy = session.get_one(Vacancy, application.vacancy_id)
    subject, body = written(application, vacancy, history.reasons, at)
    message = CandidateMessage(
        application_id=application.id,
        history_id=history.id,
        tells=application.status,
        state=MessageState.DRAFT,
        subject=subject,
        body=body,
        written_at=at,
    )
    session.add(message)
    session.flush()
    return message


def drop_message(session: Session, history_id: int) -> None:
    """Take back the answer to a change that is being undone; raises InvalidTransition once it was sent.

    Its application is locked by the caller.
    """
    wanted = select(CandidateMessage).where(CandidateMessage.history_id == history_id).with_for_update()
    for message in session.scalars(wanted):
        if message.state is MessageState.SENT:
            raise InvalidTransition(
                reference="", action="undo", status=message.tells.value, reason=ALREADY_SENT, instead=[]
            )
        message.state = MessageState.DROPPED
    session.flush()
