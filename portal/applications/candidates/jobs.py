"""Work for later: by night owners are warned and old links go, in the morning reminders are written."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.applications.candidates import links, resting
from portal.applications.candidates.reminders import remind
from portal.core import jobs
from portal.core.clock import london, london_instant
from portal.core.context import current_settings
from portal.vacancies.life.service import ENDS_MOVED

REMIND, WARN = "candidates.remind", "candidates.warn"
MORNING = time(8)
"""London: nobody’s telephone rings at three."""
PACE = timedelta(seconds=20)
"""Between batches, so that the mail of the day does not wait behind all of them."""


def init_app(app: Flask) -> None:
    """Say who does the work."""
    resting.init_app(app)
    jobs.register_nightly(app, "candidates", tidy)
    jobs.register(app, WARN, warn)
    jobs.register(app, REMIND, remind_all)
    jobs.register(app, ENDS_MOVED, remind_of)


def tidy(session: Session, at: datetime) -> None:
    """Nightly: old links go, owners of resting accounts are warned, and the morning is planned."""
    links.delete_old_links(session, at)
    warn(session, {}, at)
    day = london(at).date()
    jobs.enqueue(session, REMIND, {}, run_at=london_instant(day, MORNING), key=day.isoformat())


def warn(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Owners of accounts that go in a month: a batch, then the next."""
    if resting.warn_accounts(session, at):
        jobs.enqueue(session, WARN, {}, run_at=at + PACE, key=WARN)


def remind_all(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """Every morning: all drafts."""
    remind_batch(session, REMIND, payload, at)


def remind_of(session: Session, payload: dict[str, Any], at: datetime) -> None:
    """HR closed, cancelled or extended a vacancy: those who have begun hear of it at once."""
    remind_batch(session, ENDS_MOVED, payload, at)


def remind_batch(session: Session, kind: str, payload: dict[str, Any], at: datetime) -> None:
    """A batch, then the next. Without a key: two runs, each further on than the other, are both finished."""
    periods = current_settings().council.retention
    after = remind(session, at, periods, payload.get("vacancy_id"), after=payload.get("after", 0))
    if after is not None:
        jobs.enqueue(session, kind, {**payload, "after": after}, run_at=at + PACE)
