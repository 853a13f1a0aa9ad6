"""Work for later: by night owners are warned and old links go, in the morning reminders are written."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.applications.candidates import links, resting
from portal.applications.candidates.reminders import remind
from portal.core import jobs
from portal.core.clock import london, london_instant
from portal.core.context import current_settings
from portal.vacancies.life.service import ENDS_MOVED

REMIND = "candidates.remind"
MORNING = time(8)
"""London: nobody’s telephone rings at three."""


def init_app(app: Flask) -> None:
    """Say who does the work."""
    resting.init_app(app)
    jobs.register_nightly(app, "candidates", tidy)
    jobs.register(app, REMIND, remind_all)
    jobs.register(app, ENDS_MOVED, remind_of)


def tidy(session: Session, at: datetime) -> None:
    """Nightly: old links go, owners of resting accounts are warned, and the morning is planned."""
    links.delete_old_links(session, at)
    resting.warn_accounts(session, at)
    day = london(at).date()
    jobs.enqueue(session, REMIND, {}, run_at=london_instant(day, MORNING), key=day.isoformat())


def remind_all(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Every morning: all drafts."""
    remind(session, at, current_settings().council.retention)


def remind_of(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """HR closed, cancelled or extended a vacancy: those who have begun hear of it at once."""
    remind(session, at, current_settings().council.retention, payload["vacancy_id"])
