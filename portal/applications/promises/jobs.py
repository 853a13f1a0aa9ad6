"""The watch over decision dates: planned in the night, done in the morning, when people read their mail."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.applications.promises import forgotten, service
from portal.core import jobs
from portal.core.clock import london_instant
from portal.core.context import current_settings
from portal.core.wording import local_date

REMIND = "applications.remind_of_promises"
FORGOTTEN = "applications.remind_of_undecided"
TELL = "applications.tell_of_delay"
MORNING = time(9)
"""London time."""
PACE = timedelta(seconds=20)
"""Between batches, so that the mail of the day does not wait behind all of them."""


def init_app(app: Flask) -> None:
    """Say who does the work."""
    jobs.register_nightly(app, "applications.promises", begin_day)
    jobs.register(app, REMIND, remind)
    jobs.register(app, TELL, tell)
    jobs.register(app, FORGOTTEN, remind_of_forgotten)


def begin_day(session: Session, at: datetime) -> None:
    """Nightly: plan the morning."""
    day = local_date(at)
    for kind in (REMIND, TELL, FORGOTTEN):
        run_at = london_instant(day, MORNING)
        jobs.enqueue(session, kind, {}, run_at=run_at, key=day.isoformat())


def remind(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """HR, of days that come."""
    service.remind_of_promises(session, at, current_settings().council)


def tell(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """Applicants, of a day that passed; a batch, then the next."""
    if service.tell_of_delay(session, at):
        jobs.enqueue(session, TELL, {}, run_at=at + PACE, key=f"{local_date(at).isoformat()} next")


def remind_of_forgotten(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """HR, of applicants whom nobody decides about; a batch, then the next."""
    if forgotten.remind_of_forgotten(session, at, current_settings().council):
        jobs.enqueue(session, FORGOTTEN, {}, run_at=at + PACE, key=f"{local_date(at).isoformat()} next")
