"""Reading the audit log, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.accounts.queries import person_by_email
from portal.core.audit import AuditEvent, AuditHead, Verdict, digest
from portal.core.clock import london_instant
from portal.core.jobs import Job
from portal.core.mail import MailStatus, OutgoingMail
from portal.staff.filters import AuditFilters

PAGE_SIZE = 50
CHECKED = 200
"""How many of the latest events the page checks; `portal audit verify` checks them all."""


def given_up(session: Session) -> tuple[int, int]:
    """How many jobs are parked and how many mails failed: all of them, where the page lists the latest."""
    jobs = select(func.count()).select_from(Job).where(Job.parked_at.is_not(None)).scalar_subquery()
    failed = OutgoingMail.status == MailStatus.FAILED
    mails = select(func.count()).select_from(OutgoingMail).where(failed).scalar_subquery()
    found = session.execute(select(jobs, mails)).one()
    return int(found[0]), int(found[1])


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page, newest first; `next_before` is None on the last."""

    events: Sequence[AuditEvent]
    next_before: int | None


def audit_page(session: Session, filters: AuditFilters) -> AuditPage:
    """Events by keyset, so that the thousandth page costs what the first does."""
    wanted = select(AuditEvent).where(*conditions(session, filters))
    found = session.scalars(wanted.order_by(AuditEvent.id.desc()).limit(PAGE_SIZE + 1)).all()
    more = len(found) > PAGE_SIZE
    return AuditPage(found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if more else None)


def conditions(session: Session, filters: AuditFilters) -> list[ColumnElement[bool]]:
    """The filters as SQL."""
    found: list[ColumnElement[bool]] = []
    if filters.event:
        found.append(AuditEvent.event == filters.event)
    if filters.actor:
        found.append(acted(session, filters.actor))
    if filters.subject:
        found.append(AuditEvent.subject == filters.subject.upper())
    if filters.from_on is not None:
        found.append(AuditEvent.at >= start_of(filters.from_on))
    if filters.to_on is not None and filters.to_on < date.max:
        found.append(AuditEvent.at < start_of(filters.to_on + timedelta(days=1)))
    if filters.before is not None:
        found.append(AuditEvent.id < filters.before)
    return found


def acted(session: Session, actor: str) -> ColumnElement[bool]:
    """By a member of staff, found by e-mail address, or by a command or job of that name."""
    person = person_by_email(session, actor)
    by_name = AuditEvent.actor == actor
    return or_(AuditEvent.actor_id == person.id, by_name) if person is not None else by_name


def start_of(day: date) -> datetime:
    """Midnight in London, as an instant."""
    return london_instant(day, time(0))


def check_latest(session: Session) -> Verdict:
    """Whether the latest events hang together and end where the head of the chain says.

    Needs `Database.reading()`: events and head must be of one moment, or an event that somebody records
    in between looks like tampering. The whole log is checked by `portal audit verify`; this is what a
    page can afford.
    """
    latest = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(CHECKED)).all()
    head = session.scalars(select(AuditHead)).one_or_none()
    if head is None:
        return Verdict(0, head_agrees=not latest)
    there = head.count - head.cut_count
    if not latest:
        return Verdict(0, head_agrees=there == 0)
    previous = latest[-1].previous
    if len(latest) < CHECKED and previous != head.cut_hash:
        return Verdict(0, broken_at=latest[-1].id)
    for entry in reversed(latest):
        if entry.previous != previous or digest(entry) != entry.hash:
            return Verdict(0, broken_at=entry.id)
        previous = entry.hash
    whole = there == len(latest) if len(latest) < CHECKED else there >= CHECKED
    return Verdict(len(latest), head_agrees=head.hash == previous and whole)
