"""Answers to candidates: written by a change of status, edited or held by HR, sent once when HR says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.answers import events
from portal.applications.answers.queries import OPEN, Answer, answers_to_change
from portal.applications.answers.wording import TOLD, addressed, written
from portal.applications.models import Application, ApplicationHistory, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind, MessageState, News
from portal.applications.transitions import DECIDED
from portal.core.access import Actor
from portal.core.audit import EventType, record
from portal.core.errors import InvalidTransition, StaleEdit
from portal.core.mail import queue_mail
from portal.core.text import clean_line, clean_text
from portal.core.wording import local_date
from portal.vacancies.models import Vacancy

TEMPLATE = "application_answer"
PURPOSE = "application.answer"

OUTCOMES = DECIDED - {Status.WITHDRAWN, Status.OFFER_DECLINED}
"""What counts as having been told an outcome: not what the candidates themselves did."""

ALREADY_SENT = "The candidate has been told of this change, so it cannot be undone"
SENT_BEFORE = "This answer has been sent"
HELD = "This answer is on hold"
MOVED_ON = "The application has moved on, so this answer is not true any more"
CHANGED = "It was changed after the page was opened"
NEWS = {
    (Status.INTERVIEW_INVITED, Status.INTERVIEW_INVITED): News.INTERVIEW_CHANGED,
    (Status.INTERVIEW_INVITED, Status.SHORTLISTED): News.INTERVIEW_CALLED_OFF,
}
"""What an answer says beyond the status, by what the candidate knows and where the application stands."""

UNUSABLE = "Its email address cannot be used, so reach the candidate another way"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several answers; `why_not` is empty where it was sent."""

    reference: str
    why_not: str = ""


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
    known = told_interview(session, application)
    news = NEWS.get((application.told_status, application.status))
    subject, body = written(application, vacancy, history.reasons, at, news=news, interview_told=known)
    invited = application.interview_at if application.status is Status.INTERVIEW_INVITED else None
    message = CandidateMessage(
        application_id=application.id,
        history_id=history.id,
        tells=application.status,
        news=news,
        interview_at=known if news is News.INTERVIEW_CALLED_OFF else invited,
        state=MessageState.DRAFT,
        subject=subject,
        body=body,
        written_at=at,
    )
    session.add(message)
    session.flush()
    return message


def told_interview(session: Session, application: Application) -> datetime | None:
    """The interview that the candidate knows of: that of the newest answer that was sent."""
    if application.told_status is not Status.INTERVIEW_INVITED:
        return None
    wanted = select(CandidateMessage.interview_at).where(
        CandidateMessage.application_id == application.id, CandidateMessage.state == MessageState.SENT
    )
    return session.scalar(
        wanted.order_by(CandidateMessage.sent_at.desc(), CandidateMessage.id.desc()).limit(1)
    )


def drop_message(session: Session, history_id: int) -> None:
    """Take back the answer to a change that is being undone; raises InvalidTransition once it was sent.

    Its application is locked by the caller.
    """
    wanted = select(CandidateMessage).where(CandidateMessage.history_id == history_id).with_for_update()
    for message in session.scalars(wanted):
        if message.state is MessageState.SENT:
            raise InvalidTransition(why=ALREADY_SENT)
        message.state = MessageState.DROPPED
    session.flush()


def drop_unsent(session: Session, application: Application, tells: Status) -> None:
    """Take back what was written of a status and not sent: newer news of it takes its place.

    The application is locked by the caller.
    """
    wanted = select(CandidateMessage).where(
        CandidateMessage.application_id == application.id,
        CandidateMessage.tells == tells,
        CandidateMessage.state.in_(OPEN),
    )
    for message in session.scalars(wanted.with_for_update()):
        message.state = MessageState.DROPPED
    session.flush()


def edit_answer(
    session: Session, answer: Answer, subject: str, body: str, *, version: int, by: Actor, at: datetime
) -> None:
    """Put it into other words; raises StaleEdit or InvalidTransition."""
    message = changeable(answer, version)
    message.subject, message.body = clean_line(subject), clean_text(body) + "\n"
    message.edited_at, message.edited_by_name = at, by.name or by.kind
    note(session, events.ANSWER_EDITED, answer, by=by, at=at)
    session.flush()


def hold_answer(
    session: Session, answer: Answer, reason: str, *, version: int, by: Actor, at: datetime
) -> None:
    """Keep it from being sent, for a reason; raises StaleEdit or InvalidTransition."""
    message = changeable(answer, version)
    message.state, message.held_reason = MessageState.HELD, clean_line(reason)
    message.held_at, message.held_by_name = at, by.name or by.kind
    note(session, events.ANSWER_HELD, answer, by=by, at=at)
    session.flush()


def resume_answer(session: Session, answer: Answer, *, version: int, by: Actor, at: datetime) -> None:
    """Let it be sent again; raises StaleEdit or InvalidTransition."""
    message = changeable(answer, version)
    message.state = MessageState.DRAFT
    message.held_reason = message.held_at = message.held_by_name = None
    note(session, events.ANSWER_RESUMED, answer, by=by, at=at)
    session.flush()


def changeable(answer: Answer, version: int) -> CandidateMessage:
    """The message while it waits, as it was shown; raises StaleEdit or InvalidTransition."""
    if reason := why_not_change(answer):
        raise InvalidTransition(why=reason)
    if answer.message.version != version:
        raise StaleEdit(reference=answer.application.reference)
    return answer.message


def why_not_change(answer: Answer) -> str:
    """Why nothing can be done with it any more, without a final stop; empty while it waits."""
    if answer.message.state is MessageState.SENT:
        return SENT_BEFORE
    return "" if answer.waits else MOVED_ON


def release_answer(session: Session, answer: Answer, *, version: int, by: Actor, at: datetime) -> bool:
    """Tell the candidate: mail, status, history and audit together. False when it was sent before.

    Raises StaleEdit when it was changed after this version was read, InvalidTransition when it is held, is
    not true any more or was overtaken by the clock. The application and its answer are locked by the caller.
    """
    message, application = answer.message, answer.application
    if message.state is MessageState.SENT:
        return False
    if message.state is MessageState.HELD:
        raise InvalidTransition(why=HELD)
    changeable(answer, version)
    if not answer.reachable:
        raise InvalidTransition(why=UNUSABLE)
    if outdated := answer.outdated(at):
        raise InvalidTransition(why=outdated)
    facts = {"subject": message.subject, "body": addressed(message.body, application)}
    mail = queue_mail(
        session,
        to=application.email,
        template=TEMPLATE,
        facts=facts,
        at=at,
        purpose=PURPOSE,
        about=application.reference,
    )
    session.flush()
    message.state, message.sent_at, message.sent_by_id, message.mail_id = (
        MessageState.SENT,
        at,
        by.id,
        mail.id,
    )
    application.told_status = message.tells
    if message.tells in OUTCOMES and application.answered_at is None:
        application.answered_at, application.answered_on = at, local_date(at)
    history = ApplicationHistory(
        application_id=application.id,
        at=at,
        kind=HistoryKind.TOLD,
        to_status=message.tells,
        note=answer.learns if message.news else None,
        by_id=by.id,
        by_name=by.name or by.kind,
    )
    session.add(history)
    note(session, events.ANSWER_SENT, answer, by=by, at=at)
    session.flush()
    return True


def release_many(
    session: Session, vacancy: str, shown: Sequence[tuple[str, int]], *, by: Actor, at: datetime
) -> list[Outcome]:
    """Send each of these (reference and version as shown) that can be sent, and say of each other why not."""
    found = {
        answer.application.reference: answer for answer in answers_to_change(session, vacancy, dict(shown))
    }
    outcomes = []
    for reference, version in shown:
        answer = found.get(reference)
        outcomes.append(Outcome(reference, why_not_sent(session, answer, version, by=by, at=at)))
    return outcomes


def why_not_sent(session: Session, answer: Answer | None, version: int, *, by: Actor, at: datetime) -> str:
    """Send one of several; the reason where it was not sent."""
    if answer is None:
        return MOVED_ON
    try:
        return "" if release_answer(session, answer, version=version, by=by, at=at) else SENT_BEFORE
    except StaleEdit:
        return CHANGED
    except InvalidTransition as refusal:
        return str(refusal.facts["why"])


def note(session: Session, event: EventType, answer: Answer, *, by: Actor, at: datetime) -> None:
    """The audit of something done with an answer."""
    application = answer.application
    facts = {"vacancy": application.vacancy.reference, "tells": answer.message.tells.value}
    record(session, event, by=by, at=at, subject=application.reference, **facts)


def note_answers_listed(
    session: Session, vacancy: str, *, listing: str, shown: int, by: Actor, at: datetime
) -> None:
    """The audit of somebody reading who of a vacancy’s applicants has an answer waiting."""
    record(session, events.ANSWERS_LISTED, by=by, at=at, subject=vacancy, list=listing, shown=shown)


def note_answer_read(session: Session, answer: Answer, *, by: Actor, at: datetime) -> None:
    """The audit of somebody reading what is or would be sent."""
    note(session, events.ANSWER_READ, answer, by=by, at=at)
