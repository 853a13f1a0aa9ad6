"""Reads of the outbox: what waits, for how long, what it says, and what could not be delivered.

An answer waits while its application stands where the answer says. One that has moved on leaves the outbox
by that alone, and comes back when the change is undone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session, contains_eager

from portal.applications.models import Application, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import MessageState, News
from portal.core.emails import parse_email
from portal.core.errors import NotFound
from portal.core.mail import MailStatus, OutgoingMail
from portal.core.wording import local_date, moment, weekday
from portal.vacancies.models import Vacancy

MOST_LISTED = 200
"""Answers on one page, and sent at a time: a thousand mails are no single transaction."""

OPEN = (MessageState.DRAFT, MessageState.HELD)


INTERVIEW_OVER = "The time of the interview is past, so change the interview or record what came of it"
DAYS_OVER = "The interview days that it names are past, so change its words first"


def is_waiting() -> ColumnElement[bool]:
    """`Answer.waits`, said to the database; for a join of messages and applications."""
    return and_(CandidateMessage.state.in_(OPEN), CandidateMessage.tells == Application.status)


def waits_to_be_told() -> ColumnElement[bool]:
    """Whether where an application stands was written and not sent; without a join."""
    waiting = select(CandidateMessage.id).where(CandidateMessage.application_id == Application.id)
    return exists(waiting.where(is_waiting()))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with the application that it is for, loaded with its vacancy."""

    message: CandidateMessage
    application: Application
    undelivered: str = ""
    """The code of the error where its mail was given up."""

    @property
    def waits(self) -> bool:
        """Whether it could still be edited, held or sent."""
        return self.message.state in OPEN and self.message.tells is self.application.status

    @property
    def learns(self) -> str:
        """What the candidate learns from it, with the day of an interview."""
        message, news = self.message, self.message.news
        what = news.label if news else message.tells.candidate_label
        if message.interview_at is None or not (news or message.tells is Status.INTERVIEW_INVITED):
            return what
        was = "it was to be " if news is News.INTERVIEW_CALLED_OFF else ""
        return f"{what}: {was}{moment(message.interview_at)}"

    @property
    def reachable(self) -> bool:
        """Whether mail can be written to its address."""
        return takes_mail(self.application.email)

    def outdated(self, at: datetime) -> str:
        """Why its news was overtaken by the clock, without a final stop; empty where it was not.

        Days of interviews are looked for in its words, so that it can be sent once HR has changed those.
        """
        interview_at = self.application.interview_at
        if self.message.tells is Status.INTERVIEW_INVITED:
            return INTERVIEW_OVER if interview_at is not None and interview_at <= at else ""
        days = map(date.fromisoformat, self.application.vacancy.interview_dates)
        named = [day for day in days if weekday(day) in self.message.body]
        over = self.message.tells is Status.SHORTLISTED and named and max(named) <= local_date(at)
        return DAYS_OVER if over else ""

    def ready(self, at: datetime) -> bool:
        """Whether it could be sent now."""
        draft = self.message.state is MessageState.DRAFT
        return draft and self.waits and self.reachable and not self.outdated(at)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the applicants of one vacancy."""

    reference: str
    title: str
    ready: int
    held: int
    outdated: int
    urgent: int
    """Interviews that are changed or called off, and their candidates do not know."""
    oldest: datetime
    promised_on: date | None


def takes_mail(email: str) -> bool:
    """Whether mail can be written to this address; an account from elsewhere may hold anything."""
    try:
        return bool(parse_email(email))
    except ValueError:
        return False


def waiting_by_vacancy(session: Session, at: datetime) -> list[Waiting]:
    """Each vacancy whose applicants have answers waiting: first changed interviews, then the longest wait."""
    oldest, held = func.min(CandidateMessage.written_at), func.count().filter(is_held())
    outdated = func.count().filter(~is_held(), is_of_past_interview(at))
    urgent = func.count(CandidateMessage.news)
    counts = (func.count(), held, outdated, urgent)
    wanted = (
        select(Vacancy.reference, Vacancy.title, *counts, oldest, Vacancy.decision_promised_on)
        .select_from(CandidateMessage)
        .join(Application, Application.id == CandidateMessage.application_id)
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(is_waiting())
        .group_by(Vacancy.id)
        .order_by(case((urgent > 0, 0), else_=1), oldest, Vacancy.id)
    )
    return [
        Waiting(reference, title, count - on_hold - late, on_hold, late, soon, since, promised)
        for reference, title, count, on_hold, late, soon, since, promised in session.execute(wanted)
    ]


def is_held() -> ColumnElement[bool]:
    """Whether somebody keeps it from being sent."""
    return CandidateMessage.state == MessageState.HELD


def is_of_past_interview(at: datetime) -> ColumnElement[bool]:
    """`Answer.outdated` of invitations, said to the database, which does not read the words of the others."""
    return and_(CandidateMessage.tells == Status.INTERVIEW_INVITED, Application.interview_at <= at)


def waiting_count(session: Session) -> int:
    """How many answers wait to be sent, held ones left out."""
    joined = select(func.count()).select_from(CandidateMessage).join(Application)
    return session.scalar(joined.where(is_waiting(), CandidateMessage.state == MessageState.DRAFT)) or 0


def vacancy_of(session: Session, reference: str) -> Vacancy:
    """The vacancy; raises NotFound."""
    found = session.scalars(select(Vacancy).where(Vacancy.reference == reference)).one_or_none()
    if found is None:
        raise NotFound
    return found


def waiting_of(session: Session, vacancy: str) -> list[Answer]:
    """Answers that wait for one vacancy’s applicants, interviews first, then the oldest; so many as fit."""
    invited = CandidateMessage.tells == Status.INTERVIEW_INVITED
    urgency = case((CandidateMessage.news.is_not(None), 0), (invited, 1), else_=2)
    wanted = of_vacancy(vacancy).where(is_waiting()).order_by(urgency, CandidateMessage.id)
    found = session.execute(wanted.limit(MOST_LISTED))
    return [Answer(message, application) for message, application in found]


def unsent_of(session: Session, references: Collection[str]) -> dict[str, CandidateMessage]:
    """What these applications’ candidates have not been told yet of where they stand, by reference."""
    wanted = (
        select(Application.reference, CandidateMessage)
        .join(CandidateMessage, CandidateMessage.application_id == Application.id)
        .where(Application.reference.in_(references), is_waiting())
    )
    return {row.reference: row.CandidateMessage for row in session.execute(wanted)}


def of_vacancy(vacancy: str) -> Select[CandidateMessage, Application]:
    """Answers to applicants of one vacancy, with their applications and the vacancy."""
    return (
        select(CandidateMessage, Application)
        .join(Application, Application.id == CandidateMessage.application_id)
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(Vacancy.reference == vacancy)
        .options(contains_eager(Application.vacancy))
    )


def current_answer(session: Session, vacancy: str, reference: str) -> Answer:
    """The answer to what the application stands at, waiting or sent; raises NotFound where there is none."""
    wanted = of_vacancy(vacancy).where(
        Application.reference == reference,
        CandidateMessage.tells == Application.status,
        CandidateMessage.state != MessageState.DROPPED,
    )
    found = session.execute(wanted.order_by(CandidateMessage.id.desc()).limit(1)).one_or_none()
    if found is None:
        raise NotFound
    message, application = found
    return Answer(message, application, undelivered=error_of(session, message))


def error_of(session: Session, message: CandidateMessage) -> str:
    """Why the mail was given up; empty where it was not."""
    if message.mail_id is None:
        return ""
    wanted = select(OutgoingMail.last_error).where(
        OutgoingMail.id == message.mail_id, OutgoingMail.status == MailStatus.FAILED
    )
    return session.scalar(wanted) or ""


def answers_to_change(session: Session, vacancy: str, references: Collection[str]) -> list[Answer]:
    """The newest answer of each of these, locked with its application in one order for everybody.

    What an application does not stand at any more is among them, so that it can be said why.
    """
    # The locks first: what was read before somebody else let go would be read from before their change.
    locked = (
        select(Application)
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(Vacancy.reference == vacancy, Application.reference.in_(references))
        .options(contains_eager(Application.vacancy))
        .order_by(Application.id)
        .with_for_update(of=Application)
        .execution_options(populate_existing=True)
    )
    applications = {application.id: application for application in session.scalars(locked)}
    messages = (
        select(CandidateMessage)
        .where(
            CandidateMessage.application_id.in_(applications), CandidateMessage.state != MessageState.DROPPED
        )
        .order_by(CandidateMessage.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    newest: dict[int, Answer] = {}
    for message in session.scalars(messages):
        application = applications[message.application_id]
        before = newest.get(application.id)
        if before is None or message.tells is application.status or not before.waits:
            newest[application.id] = Answer(message, application)
    return list(newest.values())


def answer_to_change(session: Session, vacancy: str, reference: str) -> Answer:
    """One answer, locked with its application; raises NotFound."""
    found = answers_to_change(session, vacancy, [reference])
    if not found:
        raise NotFound
    return found[0]


def undelivered_answers(session: Session) -> list[Answer]:
    """Answers whose mail was given up, the latest first; at most a hundred."""
    wanted = (
        select(CandidateMessage, Application)
        .join(Application, Application.id == CandidateMessage.application_id)
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .join(OutgoingMail, OutgoingMail.id == CandidateMessage.mail_id)
        .where(OutgoingMail.status == MailStatus.FAILED)
        .options(contains_eager(Application.vacancy))
        .order_by(OutgoingMail.id.desc())
    )
    return [Answer(message, application) for message, application in session.execute(wanted.limit(100))]


def answers_of(session: Session, application: Application) -> list[Answer]:
    """Everything that was written to one candidate and not taken back, the newest first."""
    failed = and_(OutgoingMail.id == CandidateMessage.mail_id, OutgoingMail.status == MailStatus.FAILED)
    wanted = (
        select(CandidateMessage, OutgoingMail.last_error)
        .outerjoin(OutgoingMail, failed)
        .where(
            CandidateMessage.application_id == application.id, CandidateMessage.state != MessageState.DROPPED
        )
    )
    rows = session.execute(wanted.order_by(CandidateMessage.id.desc()))
    return [Answer(message, application, undelivered=error or "") for message, error in rows]
