"""Which outcomes of a call the queue offers for a household, and how the page carries the one pressed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from portal.core.text import clean_line
from portal.fostering.options import CallOutcome, NextStep, Stage, Status

OUTCOMES = (CallOutcome.NO_ANSWER, CallOutcome.VOICEMAIL, CallOutcome.WRONG_NUMBER, CallOutcome.SPOKE)
"""What needs no more words; another time to call is agreed on the household’s own page."""

CALLED = (Stage.NEW, Stage.CONTACTING, Stage.KEEP_IN_TOUCH)
"""The stages whose next action is a call."""

LONGEST = 60


class Pressed(NamedTuple):
    """A household, its version as the list showed it, and how the call went: “FOS-26-7K3QX.7.NO_ANSWER”."""

    reference: str
    version: str
    outcome: str


def pressed(text: str) -> Pressed | None:
    """What a button says; None where it says nothing of ours."""
    parts = clean_line(text[:LONGEST]).split(".")
    return Pressed(*parts) if len(parts) == len(Pressed._fields) and all(parts) else None


def offered(row: Any) -> tuple[CallOutcome, ...]:
    """What may be pressed for one row; nothing where nobody may call, or another step is next."""
    if row.status not in (Status.OPEN, Status.KEEP_IN_TOUCH) or row.stage not in CALLED:
        return ()
    no_call = row.next_step is NextStep.INFO_PACK_ONLY and not row.agreed_to_call
    if no_call or row.asked_to_stop or not row.phone or row.phone_wrong_at:
        return ()
    return tuple(
        outcome for outcome in OUTCOMES if outcome is not CallOutcome.VOICEMAIL or row.voicemail_ok == "yes"
    )


def offers_of(rows: Iterable[Any]) -> dict[int, tuple[CallOutcome, ...]]:
    """Of a whole page, by id."""
    return {row.id: found for row in rows if (found := offered(row))}
