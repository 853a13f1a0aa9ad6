"""What is to be done next with each household of a list, and how near it is to its limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from portal.core.clock import london
from portal.core.wording import short_day
from portal.council import FosteringTeam
from portal.fostering.clocks import no_response_at, visit_due, visit_letter_due
from portal.fostering.limits import Lateness, first_contact_from, lateness_of, lateness_of_visit
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

CALL_AS_ASKED = "Call them: they asked for this time"
CLOSE_AS_ASKED = "Close: they asked to stop"

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
    """Of one row of the list; `again` is when households were talked to, or tried, since taken up again."""
    this_round = again.get(row.id)
    tried = this_round if row.stage is Stage.CONTACTING else None
    lateness, action = lateness_of(row, team, at, tried), action_of(row, team, tried)
    visit_due_at = late_visit(row, team, this_round)
    if visit_due_at is not None:
        action += f": booked late, it was due by {short_day(visit_due_at)}"
        lateness = max(lateness, lateness_of_visit(visit_due_at, team, at), key=SEVERITY.index)
    return Mark(action, lateness, KINDS.get(lateness, ""), visit_due_at)


def action_of(row: Any, team: FosteringTeam, tried_again: datetime | None = None) -> str:
    """In its stage, by what of it has been done."""
    stage = row.stage
    if stage in (Stage.NEW, Stage.CONTACTING):
        return contact_of(row, team, tried_again)
    if is_due_before_its_day(row):
        return "Call them"
    if stage is Stage.VISIT_DONE and is_told(row, team):
        return "Invite them to apply, keep in touch or close"
    if stage in (Stage.STAGE_ONE, Stage.STAGE_TWO) and stage_one_is_open(row):
        return "Decide after Stage 1" if row.stage1_info_complete_at else "Gather all Stage 1 information"
    if stage is Stage.STAGE_TWO and not team.panel_before_decision:
        return "Decide"
    if stage is Stage.DECISION and row.decision_notice_at:
        return "Record the approval, or close"
    if stage is Stage.DECISION and row.decision_told_at:
        return "Send them the written notice"
    return WORDS.get(stage, "")


def contact_of(row: Any, team: FosteringTeam, tried_again: datetime | None) -> str:
    """Before the initial call: who owes whom a word."""
    no_call = row.next_step is NextStep.INFO_PACK_ONLY and not row.agreed_to_call
    if no_call and not row.attempts:
        return "Write to them" if row.pack_settled_at else "Send the information pack"
    if first_contact_from(row, team, tried_again) is not None:
        return "Write to them" if no_call else "Call or write to them"
    if no_call:
        return "Wait for an answer; nobody calls"
    tried = tried_again or row.first_attempt_at
    waited = tried is not None and row.due_at == no_response_at(tried, team)
    return "Close for want of an answer" if waited else "Try to reach them again"


def is_due_before_its_day(row: Any) -> bool:
    """Whether something came before a visit or review: a wish to be called, another enquiry, failed mail."""
    if row.due_at is None:
        return False
    if row.stage is Stage.VISIT_BOOKED and row.visit_booked_for is not None:
        return bool(row.due_at < row.visit_booked_for)
    review = row.kit_review_on if row.stage is Stage.KEEP_IN_TOUCH else None
    return review is not None and london(row.due_at).date() < review


def is_told(row: Any, team: FosteringTeam) -> bool:
    """Whether they were written to after the visit: that is when its clock moves."""
    return bool(row.visit_done_at and row.due_at and row.due_at > visit_letter_due(row.visit_done_at, team))


def stage_one_is_open(row: Any) -> bool:
    """Whether the decision after Stage 1 is still to be made; Stage 2 may have begun before it."""
    return row.stage1_decision_at is None and (row.stage is Stage.STAGE_ONE or row.stage1_info_complete_at)


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
    return {
        row.id: as_asked(mark_of(row, team, at, again), called=row.call_asked_for, stopped=row.asked_to_stop)
        for row in rows
    }


def as_asked(mark: Mark, *, called: bool, stopped: bool) -> Mark:
    """The same, telling that they asked to stop, or to be called then; a late visit goes before that."""
    if stopped:
        return mark._replace(action=CLOSE_AS_ASKED)
    return mark._replace(action=CALL_AS_ASKED) if called and mark.visit_due_at is None else mark
