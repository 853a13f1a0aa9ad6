"""Where a change of status meets the answers to candidates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.applications.models import Application, ApplicationHistory
from portal.core.access import Actor


def write_message(
    session: Session, application: Application, history: ApplicationHistory, *, by: Actor, at: datetime
) -> None:
    """Nothing is written yet."""


def drop_message(session: Session, history_id: int) -> None:
    """Nothing is dropped yet."""
