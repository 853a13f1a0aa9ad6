"""The work of a night and a morning: old alerts are deleted, some owners are asked, then mail is written.

The night's work enqueues the morning's. A job does one batch and asks for the next in the same transaction,
so that no lock is held for long; it leaves the mail server time, so that a confirmation never waits behind
thousands of alerts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.core import jobs, retention
from portal.core.clock import london_instant
from portal.core.context import current_settings
from portal.core.retention import Schedule
from portal.council import VacancyAlerts
from portal.vacancies.alerts import service
from portal.vacancies.alerts.keeping import ask_batch
from portal.vacancies.alerts.schedule import london_day
from portal.vacancies.alerts.sending import PORTAL, Done, send_batch

SEND = "alerts.send"
ASK = "alerts.ask_to_keep"
EARLIER = timedelta(minutes=10)
"""The question goes before the day's vacancies: a mailbox that is asked hears of those tomorrow."""

PACE = timedelta(milliseconds=100)
"""Time for the worker to send one mail before more are written."""


def init_app(app: Flask) -> None:
    """Say who does the work."""
    jobs.register_nightly(app, "alerts", begin_day)
    retention.add(app, Schedule("vacancy-alerts", service.old_alerts, delete_old))
    jobs.register(app, SEND, in_batches(SEND, send_batch))
    jobs.register(app, ASK, in_batches(ASK, ask_batch))


def delete_old(session: Session, at: datetime) -> int:
    """What is past its time."""
    return service.delete_old(session, at, by=PORTAL)


def begin_day(session: Session, at: datetime) -> None:
    """Nightly: delete what is past its time, and plan the morning."""
    delete_old(session, at)
    day = london_day(at)
    morning = london_instant(day, current_settings().council.alerts.sending_time)
    for kind, run_at in ((ASK, morning - EARLIER), (SEND, morning)):
        jobs.enqueue(session, kind, {"day": day.isoformat()}, run_at=run_at, key=day.isoformat())


def in_batches(
    kind: str, batch: Callable[[Session, datetime, VacancyAlerts], Done]
) -> Callable[[Session, dict[str, Any], datetime], None]:
    """A handler that does a batch and comes again until there is nothing left."""

    def handler(session: Session, payload: dict[str, Any], at: datetime) -> None:
        done = batch(session, at, current_settings().council.alerts)
        if done.alerts:
            jobs.enqueue(session, kind, payload, run_at=at + done.mails * PACE, key=payload["day"])

    return handler
