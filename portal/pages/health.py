"""For whoever runs the portal: `/health` says that it is alive, `/ready` whether it can serve.

Neither names anything that helps a stranger: no version, no address, no error text.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.core import clock, jobs, mail, schema
from portal.core.access import public
from portal.core.database import database

health = Blueprint("health", __name__)

log = logging.getLogger("portal.health")

MAIL_ALARM = timedelta(minutes=15)
"""How long a mail may wait for us or our mail server before somebody should look."""
WORKER_SILENCE = timedelta(minutes=5)


@health.get("/health")
@public
def alive() -> ResponseReturnValue:
    """This process answers; nothing else is asked."""
    return {"alive": True}


@health.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Whether the portal can serve: 503 and reasons when the database, its schema or mail is in trouble."""
    try:
        with database().reading() as session:
            reasons, notes = judge(session, clock.now())
    except SQLAlchemyError as error:
        log.warning("not ready: the database does not answer", extra={"code": type(error).__name__})
        reasons, notes = ["the database does not answer"], []
    return {"ready": not reasons, "reasons": reasons, "notes": notes}, 503 if reasons else 200


def judge(session: Session, at: datetime) -> tuple[list[str], list[str]]:
    """Reasons not to serve, and notes: pages can be served while the worker is silent, mail is late soon."""
    if schema.shortfall(session.connection()) is not None:
        return ["the database schema is not the one this program needs"], []
    reasons, notes = [], []
    waiting = mail.waiting_since(session)
    if waiting is not None and at - waiting > MAIL_ALARM:
        reasons.append(f"mail has been waiting for {(at - waiting) // timedelta(minutes=1)} minutes")
    seen = jobs.last_beat(session)
    if seen is None or at - seen > WORKER_SILENCE:
        notes.append("no worker has been seen in the last five minutes")
    return reasons, notes
