"""An attempt to reach a household, as staff describe it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from portal.core.clock import london
from portal.fostering.options import ActivityKind, CallOutcome

BESIDE = frozenset({ActivityKind.NOTE, ActivityKind.AMBASSADOR_CALL})
"""What colleagues are to know and nobody in the team did with the household: it moves nothing."""

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a typed time may run ahead of ours before it counts as the future."""

DAY = time(7), time(22)
"""Between these, in London, somebody can be called or visited; any other time is a slip of the pen."""


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


def is_at_night(moment: datetime) -> bool:
    """Whether nobody can be meant to be called or visited at this time."""
    return not DAY[0] <= london(moment).time() <= DAY[1]


def is_the_call_agreed_for(contact: Contact, agreed: datetime) -> bool:
    """Whether this was the call they asked for, or shows that it cannot be made.

    A call of that day is: whoever asked for the morning is due at its end. What is written is not.
    """
    if contact.happened_at >= agreed or reached(contact.kind, contact.outcome):
        return True
    if contact.kind is not ActivityKind.CALL_OUT:
        return False
    on_its_day = london(contact.happened_at).date() == london(agreed).date()
    return on_its_day or contact.outcome is CallOutcome.WRONG_NUMBER
