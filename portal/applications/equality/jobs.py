"""Each night: how far those came who answered, the figures of what is over, and what has been kept enough."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from portal.applications.equality import ending, service, storing
from portal.core import jobs, retention
from portal.core.context import current_settings
from portal.core.retention import Due, Schedule
from portal.council import Retention


def init_app(app: Flask) -> None:
    """Register the night's work."""
    jobs.register_nightly(app, "equality-stages", follow)
    retention.register(app, Schedule("equality-answers", due_answers, delete_answers))
    retention.register(app, Schedule("equality-figures", due_figures, delete_figures))


def follow(session: Session, at: datetime) -> None:
    """Bring the stages up to date, store what is over, then leave no trace of the order of answers."""
    settings = current_settings()
    service.follow_stages(session, (settings.secret_key, *settings.secret_key_fallbacks))
    storing.store_settled(session, at)
    service.shuffle(session)


def periods() -> Retention:
    """The council’s."""
    return current_settings().council.retention


def due_answers(session: Session, at: datetime) -> list[Due]:
    """Vacancies whose answers’ time is over."""
    return [one.due for one in ending.due_answers(session, at, periods())]


def delete_answers(session: Session, at: datetime) -> int:
    """The answers to some of them."""
    return storing.delete_due_answers(session, at, periods())


def due_figures(session: Session, at: datetime) -> list[Due]:
    """Figures whose time is over."""
    return [one.due for one in ending.due_figures(session, at, periods())]


def delete_figures(session: Session, at: datetime) -> int:
    """Some of them."""
    return storing.delete_due_figures(session, at, periods())
