"""What is to be done next with each household of a list, and how near it is to its limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from portal.core.wording import short_day
from portal.council import FosteringTeam
from portal.fostering.clocks import visit_due
from portal.fostering.limits import Lateness, lateness_of, lateness_of_visit
from portal.fostering.options import NextStep, Stage

WORDS = {
    Stage.NEW: "Call or write to them",
    Stage.CONTACTING: "Try to reach them again",
    Stage.CALL_DONE: "Book the visit",
    Stage.VISIT_BOOKED: "Hold the visit",
    Stage.VISIT_DONE: "Tell them what came of the visit",
    Stage.APPLICATION_INVITED: "Ask after the application form",
    Stage.APPLICATION_ACCEPTED: "Begin Stage 1",
    Stage.STAGE_ONE: "Decide after Stage 1",
    Stage.STAGE_TWO: "Go to the panel",
    Stage.PANEL: "Decide",
    Stage.DECISION: "Tell them the decision",
    Stage.KEEP_IN_TOUCH: "Ask whether the time is right now",
}
PACK = {Stage.NEW: "Send the information pack", Stage.CONTACTING: "Wait for an answer; nobody calls"}

KINDS = {
    Lateness.SOON: "warn",
    Lateness.BOOKED_LATE: "warn",
    Lateness.LATE: "bad",
    Lateness.NEAR_LIMIT: "bad",
    Lateness.BREACH: "bad",
}


class Mark(NamedTuple):
    """What a list says of one household’s next action."""

    action: str
    lateness: Lateness
    kind: str
    visit_due_at: datetime | None = None
    """When the visit was due that is booked for later: its lateness is told with it."""


SEVERITY = list(Lateness)


def mark_of(row: Any, team: FosteringTeam, at: datetime, again: Mapping[int, datetime]) -> Mark:
    """Of one row of the list; `again` is when households were talked to that were taken up again."""
    lateness, action = lateness_of(row, team, at), action_of(row)
    visit_due_at = late_visit(row, team, again.get(row.id))
    if visit_due_at is not None:
        action += f": booked late, it was due by {short_day(visit_due_at)}"
        lateness = max(lateness, lateness_of_visit(visit_due_at, team, at), key=SEVERITY.index)
    return Mark(action, lateness, KINDS.get(lateness, ""), visit_due_at)


def action_of(row: Any) -> str:
    """In its stage; after the decision by how much of it they have heard."""
    if row.stage is Stage.DECISION and row.decision_notice_at:
        return "Record the approval, or close"
    if row.stage is Stage.DECISION and row.decision_told_at:
        return "Send them the written notice"
    words = PACK if row.next_step is NextStep.INFO_PACK_ONLY and not row.agreed_to_call else {}
    return {**WORDS, **words}.get(row.stage, "")


def late_visit(row: Any, team: FosteringTeam, called_again_at: datetime | None) -> datetime | None:
    """When a visit was due that is booked for later; its own day stays what is due next."""
    booked, called_at = row.visit_booked_for, called_again_at or row.initial_call_at
    if row.stage is not Stage.VISIT_BOOKED or booked is None or called_at is None:
        return None
    due_at = visit_due(called_at, team)
    return due_at if booked > due_at else None


def marks_of(
    rows: Iterable[Any], team: FosteringTeam, at: datetime, again: Mapping[int, datetime]
) -> dict[int, Mark]:
    """Of a whole page, by id."""
    return {row.id: mark_of(row, team, at, again) for row in rows}
