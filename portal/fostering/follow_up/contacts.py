"""An attempt to reach a household, as staff describe it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.fostering.options import ActivityKind, CallOutcome

BESIDE = frozenset({ActivityKind.NOTE, ActivityKind.AMBASSADOR_CALL})
"""What colleagues are to know and nobody in the team did with the household: it moves nothing."""

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a typed time may run ahead of ours before it counts as the future."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """An attempt to reach a household: how, when (UTC), and what came of it."""

    kind: ActivityKind
    outcome: CallOutcome | None
    happened_at: datetime
    call_back_at: datetime | None = None
    note: str = ""


def reached(kind: ActivityKind, outcome: CallOutcome | None) -> bool:
    """Whether it was a talk, or at least they who called."""
    return outcome is CallOutcome.SPOKE or kind is ActivityKind.CALL_IN
