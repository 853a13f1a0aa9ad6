"""The night’s work of keeping, by the council’s periods."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from portal.applications.keeping import queries, service
from portal.core import retention
from portal.core.audit import AuditEvent
from portal.core.audit_cut import stop_at
from portal.core.context import current_settings
from portal.core.mail import OutgoingMail, keep_while
from portal.core.retention import Due, Schedule
from portal.council import Retention


def init_app(app: Flask) -> None:
    """Say what is kept, and who deletes it."""
    keep_while(app, queries.keeps(OutgoingMail.about))
    stop_at(app, queries.keeps(AuditEvent.subject))
    retention.register(app, Schedule("applications", due_applications, delete_applications))
    retention.register(app, Schedule("application-drafts", due_drafts, delete_drafts))


def periods() -> Retention:
    """The council’s."""
    return current_settings().council.retention


def due_applications(session: Session, at: datetime) -> list[Due]:
    """Applications whose time is over."""
    return [one.due for one in queries.due_applications(session, at, periods())]


def delete_applications(session: Session, at: datetime) -> int:
    """A batch of them."""
    return service.delete_due_applications(session, at, periods())


def due_drafts(session: Session, at: datetime) -> list[Due]:
    """Drafts whose time is over."""
    return [one.due for one in queries.due_drafts(session, at, periods())]


def delete_drafts(session: Session, at: datetime) -> int:
    """A batch of them."""
    return service.delete_due_drafts(session, at, periods())
