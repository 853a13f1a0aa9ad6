"""Reminders of what was begun and not sent: it closes soon, or its closing time has moved.

Whom HR lets send after closing is reminded once, from the midnight before their own last day.

A mail names the vacancy and the day, in our own words, and its link only asks to sign in: it carries no
authority (security decision 7). Each goes once for one closing time. The row of the draft is locked and read
again, so that two workers, and somebody who sends at this moment, follow one another; nothing is locked after
it, since whoever saves holds the answers and waits for this row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, or_, select
from sqlalchemy.orm import Session

from portal.applications.admissions.current import admission_of
from portal.applications.admissions.models import LateAdmission
from portal.applications.candidates import events
from portal.applications.candidates.models import ApplicationDraft, Candidate
from portal.applications.candidates.queries import key_of
from portal.applications.candidates.resting import PORTAL
from portal.applications.keeping.queries import is_admitted_late
from portal.applications.keeping.schedule import draft_goes_on
from portal.core.audit import record
from portal.core.clock import london_instant
from portal.core.mail import queue_mail
from portal.core.retention import BATCH
from portal.council import Retention
from portal.vacancies.models import Vacancy
from portal.vacancies.wording import last_day, time_left

DAYS_BEFORE = (3, 10)
"""The nearer one first: whoever is told of three days is not told of ten as well."""
DAYS_BEFORE_LATE = 1
"""Late applications are admitted for days, not for weeks, so the advert’s reminders would come too early."""
CANCELLED, CLOSED, EXTENDED, SOONER = "cancelled", "closed", "extended", "sooner"
LATE = "late"
LATE_SOON = timedelta(days=DAYS_BEFORE_LATE + 2)


def remind(
    session: Session, at: datetime, periods: Retention, vacancy_id: int | None = None, *, after: int = 0
) -> int | None:
    """Write what is due at `at` to a batch, of one vacancy or of all; where to go on, or None at the end.

    What was written before is not written again.
    """
    batch = to_look_at(session, at, vacancy_id, after)
    sent: Counter[str] = Counter()
    for draft, vacancy, candidate in locked(session, batch):
        admission = admission_now(session, draft, vacancy, at)
        what = due_late(draft, admission, at) if admission else due(draft, vacancy, at)
        if what is None:
            continue
        ends_at = admission.until if admission else vacancy.closes_at
        note(draft, vacancy, late_code(ends_at) if what == LATE and ends_at else what)
        write(session, candidate, facts_of(vacancy, what, ends_at, at, periods), at)
        sent[what] += 1
    for what, mails in sorted(sent.items()):
        record(session, events.REMINDED, by=PORTAL, at=at, what=what, mails=mails)
    session.flush()
    return batch[-1] if len(batch) == BATCH else None


def to_look_at(session: Session, at: datetime, vacancy_id: int | None, after: int) -> list[int]:
    """The next drafts that may be due, in their order, not locked."""
    wanted = select(ApplicationDraft.id).join(Vacancy, Vacancy.id == ApplicationDraft.vacancy_id)
    wanted = wanted.where(ApplicationDraft.id > after, may_be_due(at))
    if vacancy_id is not None:
        wanted = wanted.where(ApplicationDraft.vacancy_id == vacancy_id)
    return list(session.scalars(wanted.order_by(ApplicationDraft.id).limit(BATCH)))


def may_be_due(at: datetime) -> ColumnElement[bool]:
    """`due`, said to the database: never less than that, and of most days nothing more.

    But whoever HR lets send after closing hears nothing of the closing meanwhile.
    """
    live = and_(Vacancy.cancelled_at.is_(None), Vacancy.closed_early_at.is_(None), Vacancy.closes_at > at)
    moved = or_(ApplicationDraft.closes_at_told != Vacancy.closes_at, was_said(CLOSED))
    nearer, further = DAYS_BEFORE
    very_soon, soon = (Vacancy.closes_at <= at + timedelta(days=days + 2) for days in DAYS_BEFORE)
    near_now = and_(soon, ~was_said(str(nearer)), or_(very_soon, ~was_said(str(further))))
    closed = and_(Vacancy.cancelled_at.is_(None), Vacancy.closed_early_at > ApplicationDraft.started_at)
    return or_(
        and_(Vacancy.cancelled_at.is_not(None), ~was_said(CANCELLED)),
        and_(closed, ~was_said(CLOSED), ~is_admitted_late(at)),
        and_(live, or_(moved, near_now)),
        and_(~live, Vacancy.cancelled_at.is_(None), is_admitted_late(at, ends_by=at + LATE_SOON)),
    )


def was_said(what: str) -> ColumnElement[bool]:
    """Whether this code is among those of the reminders that went out."""
    return cast(ApplicationDraft.reminded, Text).contains(f'"{what}"')


def locked(session: Session, ids: list[int]) -> Iterable[tuple[ApplicationDraft, Vacancy, Candidate]]:
    """Those of these drafts that are still there, as they are now, with their advert and owner."""
    wanted = (
        select(ApplicationDraft, Vacancy, Candidate)
        .join(Vacancy, Vacancy.id == ApplicationDraft.vacancy_id)
        .join(Candidate, Candidate.id == ApplicationDraft.candidate_id)
        .where(ApplicationDraft.id.in_(ids))
        .order_by(ApplicationDraft.id)
    )
    options = {"populate_existing": True}
    rows = session.execute(wanted.with_for_update(of=ApplicationDraft), execution_options=options).all()
    return [(draft, vacancy, candidate) for draft, vacancy, candidate in rows]


def due(draft: ApplicationDraft, vacancy: Vacancy, at: datetime) -> str | None:
    """What the owner of this draft has to hear now."""
    if vacancy.cancelled_at is not None:
        return CANCELLED if CANCELLED not in draft.reminded else None
    if vacancy.closed_early_at is not None:
        knew = draft.started_at >= vacancy.closed_early_at or CLOSED in draft.reminded
        return None if knew else CLOSED
    closes_at, told = vacancy.closes_at, draft.closes_at_told
    if closes_at is None or closes_at <= at:
        return None
    if told is not None and (told != closes_at or CLOSED in draft.reminded):
        return EXTENDED if told <= closes_at else SOONER
    return near(draft, closes_at, at)


def admission_now(
    session: Session, draft: ApplicationDraft, vacancy: Vacancy, at: datetime
) -> LateAdmission | None:
    """What lets its owner send after closing; None while everybody can, and where nobody can."""
    if vacancy.is_open(at) or vacancy.cancelled_at is not None or vacancy.archived_at is not None:
        return None
    return admission_of(session, vacancy.id, key_of(draft.candidate_id), at)


def due_late(draft: ApplicationDraft, admission: LateAdmission, at: datetime) -> str | None:
    """The one reminder of a late application, unless they were admitted, or began, after its day came."""
    mark = days_before(admission.until, DAYS_BEFORE_LATE)
    knows = late_code(admission.until) in draft.reminded
    return LATE if max(admission.admitted_at, draft.started_at) < mark <= at and not knows else None


def late_code(until: datetime) -> str:
    """How a draft remembers it: another last day is another reminder."""
    return f"{LATE} {last_day(until).isoformat()}"


def near(draft: ApplicationDraft, closes_at: datetime, at: datetime) -> str | None:
    """The reminder whose day has come, unless it began after that day, or a nearer one was sent."""
    for days in DAYS_BEFORE:
        if str(days) in draft.reminded:
            return None
        mark = days_before(closes_at, days)
        if draft.started_at < mark <= at:
            return str(days)
    return None


def days_before(closes_at: datetime, days: int) -> datetime:
    """The midnight in London from which no more than so many days are left."""
    return london_instant(last_day(closes_at) - timedelta(days=days), time())


def note(draft: ApplicationDraft, vacancy: Vacancy, what: str) -> None:
    """Keep that it was said; another closing time begins anew."""
    draft.reminded = [] if what in (EXTENDED, SOONER) else [*draft.reminded, what]
    draft.closes_at_told = vacancy.closes_at


def facts_of(
    vacancy: Vacancy, what: str, ends_at: datetime | None, at: datetime, periods: Retention
) -> dict[str, Any]:
    """What the mail says: our own words, the advert’s title, and dates."""
    open_still = what not in (CANCELLED, CLOSED)
    return {
        "what": what,
        "title": vacancy.title,
        "reference": vacancy.reference,
        "closes_at": ends_at,
        "left": time_left(ends_at, at) if ends_at and open_still else "",
        "goes_on": draft_goes_on(vacancy.ended_at, periods),
    }


def write(session: Session, candidate: Candidate, facts: dict[str, Any], at: datetime) -> None:
    """One mail to the candidate; of no more use once nothing can be sent any more."""
    queue_mail(
        session,
        to=candidate.email,
        template="candidate_reminder",
        facts=facts,
        at=at,
        purpose="candidate.reminder",
        expires_at=facts["closes_at"] if facts["left"] else None,
    )
