"""The post falls away: everybody undecided gets this outcome at once, and an answer that waits for HR."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, undefer

from portal.applications.answers.service import write_message
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind
from portal.applications.scope import in_scope
from portal.applications.sift import facts
from portal.applications.sift.events import APPLICATION_MOVED
from portal.applications.sift.facts import Entered
from portal.applications.transitions import DECIDED
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.errors import StaleEdit
from portal.vacancies.models import Vacancy


def undecided(session: Session, vacancy: str, by: Actor) -> Counter[Status]:
    """How many applicants have no outcome, by where they stand."""
    wanted = (
        select(Application.status, func.count().label("waiting"))
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(Vacancy.reference == vacancy, in_scope(by), Application.status.not_in(DECIDED))
        .group_by(Application.status)
    )
    return Counter({row.status: row.waiting for row in session.execute(wanted)})


def to_end(vacancy: str, by: Actor) -> Select[Application]:
    """Those applications, to be locked in one order for everybody."""
    return (
        select(Application)
        .join(Vacancy, Vacancy.id == Application.vacancy_id)
        .where(Vacancy.reference == vacancy, in_scope(by), Application.status.not_in(DECIDED))
        .options(contains_eager(Application.vacancy), undefer(Application.advert))
        .order_by(Application.id)
        .with_for_update(of=Application)
    )


def end_post(session: Session, vacancy: str, *, seen: int, note: str, by: Actor, at: datetime) -> int:
    """Decide for everybody who is undecided, all or nothing; gives for how many; flushes.

    Each can be undone on its own page while its answer is unsent. Raises StaleEdit where it would be others
    than the page said: somebody applied, withdrew or was decided about meanwhile.
    """
    applications = session.scalars(to_end(vacancy, by)).all()
    if len(applications) != seen:
        raise StaleEdit(reference=vacancy)
    for application in applications:
        end_one(session, application, note, by=by, at=at)
    return len(applications)


def end_one(session: Session, application: Application, note: str, *, by: Actor, at: datetime) -> None:
    """One of them: what was before is kept, and the answer is written."""
    before = application.status
    history = ApplicationHistory(
        application_id=application.id,
        at=at,
        kind=HistoryKind.STATUS,
        from_status=before,
        to_status=Status.POST_ENDED,
        note=note.strip() or None,
        before=facts.before_of(application),
        by_id=by.id,
        by_name=by.name or by.kind,
    )
    facts.apply(application, Status.POST_ENDED, Entered(note=note), at)
    session.add(history)
    session.flush()
    write_message(session, application, history, by=by, at=at)
    pair = [before.value, Status.POST_ENDED.value]
    about = {"subject": application.reference, "vacancy": application.vacancy.reference}
    record(session, APPLICATION_MOVED, by=by, at=at, **about, status=pair, reasons=[])
