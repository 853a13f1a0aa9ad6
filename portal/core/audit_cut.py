"""The oldest end of the audit log goes when its time is over: by age alone, without a gap (decision 0005).

Events are deleted from the beginning up to the first that must stay. The head of the chain keeps the hash and
the number of what went, and an event tells of it, so that `audit.verify` can begin there.
"""

from __future__ import annotations

from datetime import datetime, time

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import Session

from portal.core import retention
from portal.core.access import Actor
from portal.core.audit import LOG_CUT, AuditEvent, locked_head, record
from portal.core.clock import add_months, london, london_instant
from portal.core.context import current_settings
from portal.core.retention import Due, Schedule

STOPS = "portal.audit.stops"
AT_ONCE = 5_000
"""Events in one transaction, for whose length nobody else writes one."""

PORTAL = Actor.system("the portal")


def init_app(app: Flask) -> None:
    """Have it done every night, and listed by `portal retention`."""
    retention.register(app, Schedule("audit-log", old_events, delete_old_events))


def stop_at(app: Flask, held: ColumnElement[bool]) -> None:
    """Have nothing deleted from the first event on that is about a record which a feature says must stay.

    The condition is correlated with AuditEvent, and never null.
    """
    app.extensions.setdefault(STOPS, []).append(held)


def old(at: datetime) -> Select[int, datetime]:
    """The events before the first that is not old or must stay, in order."""
    months = current_settings().council.retention.security_record
    since = london_instant(add_months(london(at).date(), -months), time.min)
    kept = or_(AuditEvent.at >= since, *current_app.extensions.get(STOPS, []))
    first = select(AuditEvent.id).where(kept).order_by(AuditEvent.id).limit(1).scalar_subquery()
    everything = ~select(AuditEvent.id).where(kept).exists()
    before = or_(AuditEvent.id < first, everything)
    return select(AuditEvent.id, AuditEvent.at).where(before).order_by(AuditEvent.id)


def old_events(session: Session, at: datetime) -> list[Due]:
    """What the next run deletes."""
    months = current_settings().council.retention.security_record
    return [
        Due("audit event", f"EVENT-{row.id}", add_months(london(row.at).date(), months))
        for row in session.execute(old(at))
    ]


def delete_old_events(session: Session, at: datetime) -> int:
    """The oldest of them, and the event that says so; returns how many went."""
    head = locked_head(session)
    rows = session.execute(old(at).limit(AT_ONCE)).all()
    if not rows:
        return 0
    last = session.get_one(AuditEvent, rows[-1].id)
    head.cut_hash, head.cut_count = last.hash, head.cut_count + len(rows)
    record(session, LOG_CUT, by=PORTAL, at=at, gone=head.cut_count, last=head.cut_hash)
    session.expunge(last)
    session.execute(delete(AuditEvent).where(AuditEvent.id <= rows[-1].id))
    return len(rows)
