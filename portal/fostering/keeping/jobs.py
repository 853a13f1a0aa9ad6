"""The night’s work: what was approved goes. `portal retention` does it at once, or only lists it."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from portal.core import retention
from portal.core.audit import AuditEvent
from portal.core.audit_cut import stop_at
from portal.core.context import current_settings
from portal.core.mail import OutgoingMail, keep_while
from portal.core.retention import Due, Schedule
from portal.council import Retention
from portal.fostering.keeping import queries, service


def init_app(app: Flask) -> None:
    """Say what is kept, and who lets it go."""
    keep_while(app, queries.keeps(OutgoingMail.about))
    stop_at(app, queries.keeps(AuditEvent.subject))
    retention.register(app, Schedule("fostering-enquiries", due_records, end_records))


def periods() -> Retention:
    """The council’s."""
    return current_settings().council.retention


def due_records(session: Session, at: datetime) -> list[Due]:
    """What the next run lets go, with what becomes of it."""
    due = queries.approved_and_due(session, at, periods())
    return [
        Due(f"{queries.KIND} ({one.rule.ending.label.lower()})", one.reference, one.goes_on) for one in due
    ]


def end_records(session: Session, at: datetime) -> int:
    """A batch of it."""
    return service.end_due_records(session, at, current_settings().council)
