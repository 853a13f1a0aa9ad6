"""Entering a stage: the one place where stage and status change, and where that is written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.fostering.closures import Closure
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import HistoryKind, Stage
from portal.fostering.pipeline import status_in


def enter_stage(
    session: Session,
    enquiry: Enquiry,
    to: Stage,
    *,
    by: Actor,
    at: datetime,
    since: datetime | None = None,
    facts: Mapping[str, Any] | None = None,
    code: Closure | None = None,
    note: str = "",
) -> None:
    """Move the enquiry on, or record its own stage's facts again; `since` is when it truly happened."""
    before = enquiry.stage
    if to is not before:
        enquiry.stage_since = since or at
    enquiry.stage, enquiry.status = to, status_in(to)
    entry = HistoryEntry(
        enquiry_id=enquiry.id,
        at=at,
        kind=HistoryKind.CORRECTED if to is before else HistoryKind.MOVED,
        from_stage=before,
        to_stage=to,
        closure_code=code,
        facts={name: stored(value) for name, value in (facts or {}).items() if value is not None},
        note=note or None,
        by_id=by.id,
        by_name=by.name,
    )
    session.add(entry)


def note_history(
    session: Session,
    enquiry: Enquiry,
    kind: HistoryKind,
    *,
    by: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    note: str = "",
) -> None:
    """Write down something that left the stage as it was."""
    entry = HistoryEntry(
        enquiry_id=enquiry.id,
        at=at,
        kind=kind,
        facts={name: stored(value) for name, value in (facts or {}).items()},
        note=note or None,
        by_id=by.id,
        by_name=by.name,
    )
    session.add(entry)


def stored(value: Any) -> Any:
    """A fact as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value
