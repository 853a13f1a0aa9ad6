"""Applicants whom nobody decides about, long after closing: HR is told every month until it is done.

No machine decides about them, so their applications stay; those of the others do not wait for it
(keeping/schedule.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.applications.models import Application
from portal.applications.promises import events
from portal.applications.promises.models import UndecidedReminder
from portal.applications.transitions import DECIDED
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.mail import queue_mail
from portal.core.upsert import insert_into
from portal.council import Council
from portal.vacancies.models import Vacancy

PORTAL = Actor.system("portal decision dates")
LONG = timedelta(days=91)
"""After closing: by then most posts are filled, and the time of the others has not begun to count."""
AGAIN = timedelta(days=28)
BATCH = 100


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A vacancy that closed long ago, with people whom nobody has decided about."""

    id: int
    reference: str
    title: str
    ended_at: datetime
    waiting: int
    owner: str | None


def forgotten(session: Session, at: datetime, *, to_remind: bool = False) -> list[Forgotten]:
    """Those there are, the oldest first; or only those that HR is to be told of now."""
    ends = (Vacancy.closes_at, Vacancy.closed_early_at, Vacancy.cancelled_at)
    wanted = (
        select(
            Vacancy, func.count().label("waiting"), case((StaffUser.active, StaffUser.email)).label("owner")
        )
        .join(Application, Application.vacancy_id == Vacancy.id)
        .outerjoin(StaffUser, StaffUser.id == Vacancy.hr_owner_id)
        .where(Application.status.not_in(DECIDED), or_(*(end <= at - LONG for end in ends)))
        .group_by(Vacancy.id, StaffUser.id)
        .order_by(Vacancy.id)
    )
    if to_remind:
        told = UndecidedReminder.reminded_at
        wanted = wanted.outerjoin(UndecidedReminder, UndecidedReminder.vacancy_id == Vacancy.id)
        wanted = wanted.where(or_(told.is_(None), told <= at - AGAIN)).limit(BATCH)
    found = [
        Forgotten(vacancy.id, vacancy.reference, vacancy.title, vacancy.ended_at or at, waiting, owner)
        for vacancy, waiting, owner in session.execute(wanted)
    ]
    return sorted(found, key=lambda one: one.ended_at)


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
        facts = {"reference": one.reference, "title": one.title, "waiting": one.waiting}
        facts |= {"ended_at": one.ended_at}
        queue_mail(
            session,
            to=one.owner or council.recruitment.email,
            template="application_undecided",
            facts=facts,
            at=at,
            purpose="application.undecided_reminder",
            about=one.reference,
        )
        record(
            session, events.UNDECIDED_REMINDED, by=PORTAL, at=at, subject=one.reference, waiting=one.waiting
        )
        reminded += 1
    return reminded
