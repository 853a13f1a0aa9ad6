"""When the next action with a household is due, by the stage it is in (domain §6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from portal.core.clock import london, london_instant
from portal.council import FosteringTeam
from portal.fostering.clocks import months_on, team_calendar
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage, Status
from portal.fostering.pipeline import APPLICATION

TALK_IS_NEXT = (
    Stage.NEW,
    Stage.CONTACTING,
    Stage.CALL_DONE,
    Stage.APPLICATION_INVITED,
    Stage.KEEP_IN_TOUCH,
)
"""Stages whose next action is a talk, or is arranged in one."""


def due_with_call_back(enquiry: Enquiry, asked: datetime, without: datetime | None) -> datetime:
    """When the next action is due once they asked to be called then; `without` the call it is due then.

    It waits for the call where a talk is next; a visit, a letter or the law’s time is not put off by it.
    """
    if without is None or enquiry.stage in TALK_IS_NEXT:
        return asked
    return min(without, asked)


def due_in_stage(enquiry: Enquiry, team: FosteringTeam) -> datetime | None:
    """By the facts that the stage was entered with; None where they set no clock.

    Before the initial call it is the attempts that say what is due next (clocks.py).
    """
    calendar, clocks = team_calendar(team), team.clocks
    start, working_days = {
        Stage.CALL_DONE: (enquiry.stage_since or enquiry.initial_call_at, clocks.visit_working_days),
        Stage.VISIT_DONE: (enquiry.visit_done_at, clocks.visit_letter_working_days),
        Stage.APPLICATION_INVITED: (enquiry.roi_sent_at, clocks.application_chase_working_days),
        Stage.PANEL: (enquiry.panel_at, clocks.decision_working_days),
    }.get(enquiry.stage, (None, 0))
    if start is not None:
        return calendar.due_at(start, working_days)
    if enquiry.stage is Stage.KEEP_IN_TOUCH and enquiry.kit_review_on is not None:
        return review_due(enquiry.kit_review_on, team)
    if enquiry.stage is Stage.VISIT_BOOKED and enquiry.visit_booked_for is not None:
        day = london(enquiry.visit_booked_for).date()
        return max(enquiry.visit_booked_for, london_instant(day, calendar.closes))
    if enquiry.stage is Stage.DECISION and enquiry.adm_at is not None:
        return decision_step_due(enquiry, enquiry.adm_at, team)
    if enquiry.stage in APPLICATION and enquiry.application_at is not None:
        return assessment_due(enquiry, enquiry.application_at, team)
    return None


def review_due(review_on: date, team: FosteringTeam) -> datetime:
    """Closing time on that day, or on the next working day where the service is closed on it."""
    calendar = team_calendar(team)
    day = review_on if calendar.is_working_day(review_on) else calendar.add(review_on, 1)
    return london_instant(day, calendar.closes)


def assessment_due(enquiry: Enquiry, application_at: datetime, team: FosteringTeam) -> datetime:
    """The panel, or before it the decision after Stage 1, for which the law allows ten working days."""
    panel = panel_due(application_at, team)
    if enquiry.stage1_info_complete_at is None or enquiry.stage1_decision_at is not None:
        return panel
    decision_days = team.clocks.stage_one_decision_working_days
    return min(panel, team_calendar(team).due_at(enquiry.stage1_info_complete_at, decision_days))


def panel_due(application_at: datetime, team: FosteringTeam) -> datetime:
    """So many months on, counted as its limits are."""
    return months_on(team_calendar(team), application_at, team.clocks.panel_months)


def decision_step_due(enquiry: Enquiry, decided_at: datetime, team: FosteringTeam) -> datetime:
    """Telling them by word of mouth, then in writing, both from the decision; then the end of their time to
    ask for a review, by which the household is approved or closed.
    """
    calendar, clocks = team_calendar(team), team.clocks
    if enquiry.decision_notice_at is not None:
        told_on = london(enquiry.decision_notice_at).date()
        return review_due(told_on + timedelta(days=clocks.decision_review_days), team)
    told = enquiry.decision_told_at is not None
    days = clocks.decision_notice_working_days if told else clocks.decision_told_working_days
    return calendar.due_at(decided_at, days)


def visit_to_call_off(enquiry: Enquiry, at: datetime) -> datetime | None:
    """The visit that still stands in diaries though nobody is to come any more; None where there is none."""
    booked = enquiry.visit_booked_for
    over = enquiry.status in (Status.CLOSED, Status.KEEP_IN_TOUCH)
    return booked if over and booked is not None and booked > at else None
