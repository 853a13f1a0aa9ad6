"""What HR forgot: applicants without an outcome, outcomes not sent, offers that stand still: told monthly.

No machine decides about the undecided, so their applications stay; those of the others do not wait for it
(keeping/schedule.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.applications.answers.queries import waits_to_be_told
from portal.applications.keeping.queries import ENDS
from portal.applications.models import Application
from portal.applications.promises import events
from portal.applications.promises.models import UndecidedReminder
from portal.applications.transitions import DECIDED, OFFERS
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.mail import queue_mail
from portal.core.upsert import insert_into
from portal.core.wording import local_date, plural
from portal.council import Council
from portal.vacancies.models import Vacancy

PORTAL = Actor.system("portal decision dates")
LONG = timedelta(days=91)
"""After closing: by then most posts are filled, and the time of the others has not begun to count."""
AGAIN = timedelta(days=28)
BATCH = 100


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A vacancy with people about whom something should have been recorded long ago."""

    id: int
    reference: str
    title: str
    ended_at: datetime
    waiting: int
    """Without an outcome, although the advert ended long ago."""
    offers: int
    """With an offer that has stood still for long, beyond the first day that was agreed."""
    untold: int
    """With an outcome that was not sent, although the promised day is past or the advert ended long ago."""
    owner: str | None

    @property
    def what(self) -> str:
        """Who they are, in words."""
        parts = [
            plural(self.waiting, "applicant") + " without an outcome" if self.waiting else "",
            plural(self.untold, "outcome") + " decided and not sent" if self.untold else "",
            plural(self.offers, "offer") + " with neither a start nor an end" if self.offers else "",
        ]
        return ", ".join(part for part in parts if part)


def forgotten(session: Session, at: datetime, *, to_remind: bool = False) -> list[Forgotten]:
    """Those there are, the oldest first; or only those that HR is to be told of now."""
    long_ended = or_(*(end <= at - LONG for end in ENDS))
    overdue = or_(Vacancy.decision_promised_on < local_date(at), long_ended)
    kinds = (
        and_(Application.status.not_in(DECIDED), long_ended),
        is_stuck(at),
        and_(Application.status.in_(DECIDED), waits_to_be_told(), overdue),
    )
    counts = (func.count().filter(kind) for kind in kinds)
    wanted = (
        select(Vacancy, *counts, case((StaffUser.active, StaffUser.email)))
        .join(Application, Application.vacancy_id == Vacancy.id)
        .outerjoin(StaffUser, StaffUser.id == Vacancy.hr_owner_id)
        .where(or_(*kinds))
        .group_by(Vacancy.id, StaffUser.id)
        .order_by(Vacancy.id)
    )
    if to_remind:
        told = UndecidedReminder.reminded_at
        wanted = wanted.outerjoin(UndecidedReminder, UndecidedReminder.vacancy_id == Vacancy.id)
        wanted = wanted.where(or_(told.is_(None), told <= at - AGAIN)).limit(BATCH)
    found = [
        Forgotten(vacancy.id, vacancy.reference, vacancy.title, vacancy.ended_at or at, *rest)
        for vacancy, *rest in session.execute(wanted)
    ]
    return sorted(found, key=lambda one: one.ended_at)


def is_stuck(at: datetime) -> ColumnElement[bool]:
    """Whether an offer has stood still for long, beyond the first day that was agreed."""
    start = or_(Application.starts_on.is_(None), Application.starts_on <= local_date(at - LONG))
    return and_(Application.status.in_(OFFERS), Application.status_since <= at - LONG, start)


def remind_of_forgotten(session: Session, at: datetime, council: Council) -> int:
    """Tell HR of each, once a month; returns of how many."""
    reminded = 0
    for one in forgotten(session, at, to_remind=True):
        noted = insert_into(session, UndecidedReminder).values(vacancy_id=one.id, reminded_at=at)
        told = noted.on_conflict_do_update(
            index_elements=[UndecidedReminder.vacancy_id],
            set_={"reminded_at": at},
            where=UndecidedReminder.reminded_at <= at - AGAIN,
        )
        if session.scalar(told.returning(UndecidedReminder.vacancy_id)) is None:
            continue  # another worker was quicker
        facts = {"reference": one.reference, "title": one.title, "what": one.what, "ended_at": one.ended_at}
        facts |= {"ended": one.ended_at <= at}
        queue_mail(
            session,
            to=one.owner or council.recruitment.email,
            template="application_undecided",
            facts=facts,
            at=at,
            purpose="application.undecided_reminder",
            about=one.reference,
        )
        left = {"waiting": one.waiting, "offers": one.offers, "untold": one.untold}
        record(session, events.UNDECIDED_REMINDED, by=PORTAL, at=at, subject=one.reference, **left)
        reminded += 1
    return reminded
