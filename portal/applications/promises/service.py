"""Watching the day that an advert promised: HR is reminded before it, applicants are told after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session, joinedload

from portal.applications.answers.queries import takes_mail
from portal.applications.answers.service import TEMPLATE
from portal.applications.answers.wording import addressed
from portal.applications.models import Application
from portal.applications.promises import events, queries
from portal.applications.promises.models import DecisionReminder
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.mail import queue_mail, render_mail
from portal.core.upsert import insert_into
from portal.core.wording import local_date
from portal.core.working_days import WorkingCalendar
from portal.council import Council

PORTAL = Actor.system("portal decision dates")
BATCH = 200


def remind_of_promises(session: Session, at: datetime, council: Council) -> int:
    """Remind HR and the hiring manager once of each day that comes; returns of how many."""
    today = local_date(at)
    until = WorkingCalendar().add(today, council.applications.decision_reminder_working_days)
    reminded = 0
    for row in queries.promises_to_remind(session, today, until):
        noted = insert_into(session, DecisionReminder).values(
            vacancy_id=row.id, promised_on=row.decision_promised_on, reminded_at=at
        )
        keys = [DecisionReminder.vacancy_id, DecisionReminder.promised_on]
        new = noted.on_conflict_do_nothing(index_elements=keys).returning(DecisionReminder.vacancy_id)
        if session.scalar(new) is None:
            continue  # another worker was quicker
        remind(session, row, at, council)
        reminded += 1
    return reminded


def remind(session: Session, row: Row[*tuple[Any, ...]], at: datetime, council: Council) -> None:
    """One mail to each of those who can do something about it."""
    facts = {
        "reference": row.reference,
        "title": row.title,
        "promised_on": row.decision_promised_on,
        "waiting": row.waiting,
    }
    to = dict.fromkeys([row.owner or council.recruitment.email, *([row.manager] if row.manager else [])])
    for address in to:
        queue_mail(
            session,
            to=address,
            template="application_decision_reminder",
            facts=facts,
            at=at,
            purpose="application.decision_reminder",
            about=row.reference,
        )
    about = {"promised_on": row.decision_promised_on.isoformat(), "waiting": row.waiting}
    record(session, events.DECISION_REMINDED, by=PORTAL, at=at, subject=row.reference, **about)


def tell_of_delay(session: Session, at: datetime) -> int:
    """Tell a batch of applicants, once, that their answer takes longer than promised; returns how many.

    The row says that they were told before the mail is written, in one statement that looks again behind
    the lock: two workers, or an answer that is released at this moment, cannot lead to a mail too many.
    """
    late = queries.is_late(local_date(at))
    first = select(Application.id).where(late).order_by(Application.id).limit(BATCH)
    telling = (
        update(Application)
        .where(Application.id.in_(first), late)
        .values(told_late_at=at)
        .returning(Application.id)
        .execution_options(synchronize_session=False)
    )
    ids = list(session.scalars(telling))
    told = select(Application).where(Application.id.in_(ids)).options(joinedload(Application.vacancy))
    for application in session.scalars(told.order_by(Application.id)):
        tell_one(session, application, at)
    return len(ids)


def tell_one(session: Session, application: Application, at: datetime) -> None:
    """One mail to one applicant, called as in an answer; an unusable address keeps back only its own."""
    vacancy = application.vacancy
    promised = vacancy.decision_promised_on
    usable = takes_mail(application.email)
    if usable:
        facts = {"reference": application.reference, "title": vacancy.title, "promised_on": promised}
        subject, body = render_mail("application_delayed", facts)
        queue_mail(
            session,
            to=application.email,
            template=TEMPLATE,
            facts={"subject": subject, "body": addressed(body, application)},
            at=at,
            purpose="application.delayed",
            about=application.reference,
        )
    event = events.DELAY_TOLD if usable else events.DELAY_NOT_TOLD
    about = {"vacancy": vacancy.reference, "promised_on": promised.isoformat() if promised else ""}
    record(session, event, by=PORTAL, at=at, subject=application.reference, **about)
