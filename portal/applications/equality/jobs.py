"""Each night: how far those came who answered, followed by no user and told to nobody."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from portal.applications.equality import service
from portal.core import jobs
from portal.core.context import current_settings


def init_app(app: Flask) -> None:
    """Register the night's work."""
    jobs.register_nightly(app, "equality-stages", follow)


def follow(session: Session, _at: datetime) -> None:
    """Bring the stages up to date, then leave no trace of the order in which answers came."""
    settings = current_settings()
    service.follow_stages(session, (settings.secret_key, *settings.secret_key_fallbacks))
    service.shuffle(session)
