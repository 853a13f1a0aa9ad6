"""The words for what is to be done next with a household, by what of it has been done."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from portal.council import load_council
from portal.fostering.follow_up.next_actions import action_of
from portal.fostering.models import Enquiry
from portal.fostering.options import NextStep, Stage

TEAM = load_council().fostering


def on(month, day, hour=10, year=2026):
    return datetime(year, month, day, hour, tzinfo=UTC)


RECEIVED = on(11, 23)
FIRST = on(11, 24, 17)
"""Monday morning’s first contact is due on Tuesday at closing time."""
TAKEN = {"stage": Stage.CONTACTING, "attempts": 0, "due_at": FIRST, "stage_since": on(11, 23, 11)}
TRIED = {
    "stage": Stage.CONTACTING,
    "attempts": 3,
    "first_attempt_at": on(11, 24, 11),
    "stage_since": on(11, 24, 11),
}
AGAIN = {**TRIED, "stage_since": on(3, 1, year=2027), "due_at": on(3, 2, 17, year=2027)}
PACK = {"next_step": NextStep.INFO_PACK_ONLY}
BOOKED = {"stage": Stage.VISIT_BOOKED, "visit_booked_for": on(12, 3, 14)}
KEPT = {"stage": Stage.KEEP_IN_TOUCH, "kit_review_on": date(2027, 2, 1)}
VISITED = {"stage": Stage.VISIT_DONE, "visit_done_at": on(12, 3)}
COMPLETE = {"stage1_info_complete_at": on(12, 10)}
DECIDED = {**COMPLETE, "stage1_decision_at": on(12, 15)}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"stage": Stage.NEW, "attempts": 0, "due_at": FIRST}, "Call or write to them"),
        (TAKEN, "Call or write to them"),
        ({**TRIED, "due_at": on(11, 26, 17)}, "Try to reach them again"),
        ({**TRIED, "due_at": on(12, 15, 17)}, "Close for want of an answer"),
        (AGAIN, "Call or write to them"),
        ({"stage": Stage.NEW, "attempts": 0, "due_at": FIRST, **PACK}, "Send the information pack"),
        ({**TAKEN, **PACK}, "Send the information pack"),
        ({**TRIED, "due_at": on(12, 23, 9), **PACK}, "Wait for an answer; nobody calls"),
        ({**AGAIN, **PACK}, "Write to them"),
        ({**BOOKED, "due_at": on(12, 3, 17)}, "Hold the visit"),
        ({**BOOKED, "due_at": on(11, 26, 17)}, "Call them"),
        ({**KEPT, "due_at": on(2, 1, 17, 2027)}, "Ask whether the time is right now"),
        ({**KEPT, "due_at": on(1, 20, 10, 2027)}, "Call them"),
        ({**VISITED, "due_at": on(12, 10, 17)}, "Tell them what came of the visit"),
        ({**VISITED, "due_at": on(12, 17, 17)}, "Invite them to apply, keep in touch or close"),
        ({"stage": Stage.STAGE_ONE}, "Gather all Stage 1 information"),
        ({"stage": Stage.STAGE_ONE, **COMPLETE}, "Decide after Stage 1"),
        ({"stage": Stage.STAGE_TWO, **COMPLETE}, "Decide after Stage 1"),
        ({"stage": Stage.STAGE_TWO, **DECIDED}, "Go to the panel"),
        ({"stage": Stage.DECISION}, "Tell them the decision"),
        ({"stage": Stage.DECISION, "decision_told_at": on(12, 23)}, "Send them the written notice"),
        ({"stage": Stage.DECISION, "decision_notice_at": on(12, 23)}, "Record the approval, or close"),
        ({"stage": Stage.CLOSED}, ""),
    ],
)
def test_what_is_next_is_said_by_what_was_done(facts, words):
    assert action_of(Enquiry(received_at=RECEIVED, **facts), TEAM) == words


def test_without_a_panel_the_decision_follows_the_assessment():
    row = Enquiry(received_at=RECEIVED, stage=Stage.STAGE_TWO, **DECIDED)
    assert action_of(row, replace(TEAM, panel_before_decision=False)) == "Decide"
