"""The night’s work: admissions that are over go."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from portal.applications.admissions import queries, service
from portal.core import retention
from portal.core.context import current_settings
from portal.core.retention import Due, Schedule


def init_app(app: Flask) -> None:
    """Say what is kept, and who deletes it."""
    retention.register(app, Schedule("late-admissions", due, delete))


def due(session: Session, at: datetime) -> list[Due]:
    """Those whose time is over."""
    return [one for _id, one in queries.due_admissions(session, at, current_settings().council.retention)]


def delete(session: Session, at: datetime) -> int:
    """A batch of them."""
    return service.delete_due_admissions(session, at, current_settings().council.retention)
