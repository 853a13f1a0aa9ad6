"""Closing an enquiry and opening it again: what changes with it, whoever does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.clock import london
from portal.council import Council
from portal.fostering import clocks
from portal.fostering.closures import CLOSED_BY_SERVICE, Closure
from portal.fostering.history import enter_stage
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage
from portal.fostering.queries import letter_since

WhenClosed = Callable[[Session, Enquiry, Actor, datetime], None]
AFTERWARDS: list[WhenClosed] = []


def when_closed(follows: WhenClosed) -> WhenClosed:
    """What a feature has to do in the same transaction; closing, which is below the features, knows none."""
    AFTERWARDS.append(follows)
    return follows


def close_enquiry(
    session: Session,
    enquiry: Enquiry,
    code: Closure,
    *,
    by: Actor,
    at: datetime,
    council: Council,
    note: str = "",
    stood: Mapping[str, Any] | None = None,
) -> None:
    """Nothing more is due, the day is set until which it is kept, and features follow (`when_closed`).

    How it `stood` is kept in the history, where the closing can be taken back.
    """
    owed = letter_since(session, enquiry) or at  # a letter about the visit that never went is not due later
    enter_stage(session, enquiry, Stage.CLOSED, by=by, at=at, facts=stood, code=code, note=note)
    enquiry.due_at, enquiry.kit_review_on = None, None
    enquiry.closed_at, enquiry.closure_code = at, code
    enquiry.letter_owed_since = owed if code in CLOSED_BY_SERVICE else None
    applied, closed_on = enquiry.application_at is not None, london(at).date()
    enquiry.retention_due_on = clocks.retention_due_on(code, closed_on, council.retention, applied=applied)
    for follows in AFTERWARDS:
        follows(session, enquiry, by, at)


def reopen_enquiry(
    session: Session,
    enquiry: Enquiry,
    *,
    by: Actor,
    at: datetime,
    due_at: datetime,
    note: str = "",
    to: Stage = Stage.CONTACTING,
    undoes: Closure | None = None,
) -> None:
    """Take it up again: its first days and its owner stay, and it is nobody’s duplicate any more.

    The history says which closing this `undoes`, if it is as though that had never been.
    """
    enter_stage(session, enquiry, to, by=by, at=at, note=note, code=undoes)
    enquiry.due_at = due_at
    enquiry.closed_at, enquiry.closure_code, enquiry.retention_due_on = None, None, None
    enquiry.duplicate_of_id = enquiry.letter_owed_since = None
