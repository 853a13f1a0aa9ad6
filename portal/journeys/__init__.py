"""Journeys: forms of several pages, declared as data, shown by one set of views."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.core import jobs, retention
from portal.core.retention import Schedule
from portal.journeys.service import EXPIRE, expire_drafts, expired_drafts


def init_app(app: Flask) -> None:
    """Have drafts deleted when they run out, and look every night whether any was passed over."""
    jobs.register(app, EXPIRE, run_expiry)
    jobs.register_nightly(app, EXPIRE, forget_drafts)
    retention.add(app, Schedule("drafts", expired_drafts, expire_drafts))


def run_expiry(session: Session, _payload: dict[str, Any], at: datetime) -> None:
    """The job that a new draft asks for."""
    expire_drafts(session, at)


def forget_drafts(session: Session, at: datetime) -> None:
    """The nightly work."""
    expire_drafts(session, at)
