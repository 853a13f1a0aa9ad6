"""By when something is due to a household (domain §6). Working days are England's; times are London's.

Targets are the council's, from its file. Every function is handed the time.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from portal.core.clock import add_months, london, london_instant
from portal.core.working_days import WorkingCalendar, working_calendar
from portal.council import FosteringTeam, Retention
from portal.fostering.closures import AFTER_APPLICATION, Closure

REDIRECTED = frozenset({Closure.X02, Closure.X04, Closure.X05, Closure.X06, Closure.X07, Closure.X09})


def team_calendar(team: FosteringTeam) -> WorkingCalendar:
    """The fostering service's working days and hours."""
    return working_calendar(team.extra_closed_days, team.opening_time, team.closing_time)


def acknowledgement_due(received_at: datetime, team: FosteringTeam) -> datetime:
    """When the mail is to have left that answers an enquiry, by day and night."""
    return received_at + timedelta(minutes=team.clocks.acknowledgement_minutes)


def pack_due(received_at: datetime, team: FosteringTeam) -> datetime:
    """When an information pack is to be with a household that the acknowledgement did not bring it to."""
    return team_calendar(team).due_at(received_at, team.warnings.information_pack_breach)


def packs_overdue_before(at: datetime, team: FosteringTeam) -> datetime:
    """The same for a query: the pack is overdue for who was received before this instant."""
    return team_calendar(team).overdue_before(at, team.warnings.information_pack_breach)


def first_contact_due(received_at: datetime, team: FosteringTeam) -> datetime:
    """When the first attempt to reach the household is due, in UTC."""
    return team_calendar(team).due_at(received_at, team.first_contact_working_days)


def due_after_attempt(received_at: datetime, attempt_at: datetime, team: FosteringTeam) -> datetime:
    """When to act next after an attempt that reached nobody: the initial call's target, else a day on."""
    calendar = team_calendar(team)
    by_target = calendar.due_at(received_at, team.clocks.initial_call_working_days)
    return by_target if by_target > attempt_at else calendar.due_at(attempt_at, 1)


def chased_again(chased_at: datetime, team: FosteringTeam) -> datetime:
    """When to ask after an application form again, once it was asked after."""
    return team_calendar(team).due_at(chased_at, team.clocks.application_chase_working_days)


def follow_up_at(received_at: datetime, team: FosteringTeam) -> datetime:
    """When somebody who only wanted information gets the one courtesy message: on a working morning."""
    calendar = team_calendar(team)
    day = london(received_at).date() + timedelta(days=team.info_pack_follow_up_days)
    day = day if calendar.is_working_day(day) else calendar.add(day, 1)
    return london_instant(day, calendar.opens)


def no_response_at(contact_at: datetime, team: FosteringTeam) -> datetime:
    """When a household that has not answered what was sent may be left in peace."""
    return team_calendar(team).due_at(contact_at, team.clocks.no_response_working_days)


def due_after_pack(received_at: datetime, contact_at: datetime, team: FosteringTeam) -> datetime:
    """When to act next for somebody who only wanted information and was sent it: nobody calls them.

    First the courtesy message, which the portal sends; after that only the end of waiting for an answer.
    """
    courtesy = follow_up_at(received_at, team)
    if courtesy <= contact_at:
        return no_response_at(contact_at, team)
    return max(courtesy, due_after_attempt(received_at, contact_at, team))


def visit_due(called_at: datetime, team: FosteringTeam) -> datetime:
    """By when the initial visit is to be held, counted from the initial call, whatever day is booked."""
    return team_calendar(team).due_at(called_at, team.clocks.visit_working_days)


def visit_letter_due(visited_at: datetime, team: FosteringTeam) -> datetime:
    """When they are to be told what came of the visit, or why the service does not go on with them."""
    return team_calendar(team).due_at(visited_at, team.clocks.visit_letter_working_days)


def next_step_due(visited_at: datetime, told_at: datetime, team: FosteringTeam) -> datetime:
    """What follows once they were told, counted from when they were to be told, or were if that was later."""
    calendar = team_calendar(team)
    day = london(max(told_at, visit_letter_due(visited_at, team))).date()
    return london_instant(calendar.add(day, team.clocks.visit_letter_working_days), calendar.closes)


def months_on(calendar: WorkingCalendar, start: datetime, months: int) -> datetime:
    """Closing time so many months on; if the service is closed that day, the last working day before it."""
    day = add_months(london(start).date(), months)
    if not calendar.is_working_day(day):
        day = calendar.before(day, 1)
    return london_instant(day, calendar.closes)


def letters_overdue_before(at: datetime, team: FosteringTeam) -> datetime:
    """The same for a query: the letter about a visit, or a closing, before this instant is overdue."""
    return team_calendar(team).overdue_before(at, team.clocks.visit_letter_working_days)


def start_of(day: date) -> datetime:
    """The first instant of a London day, in UTC."""
    return london_instant(day, time.min)


def retention_due_on(code: Closure, closed_on: date, retention: Retention, *, applied: bool = False) -> date:
    """The day on which a closed enquiry is to be deleted or made anonymous (domain §8.2).

    Whoever has `applied` is kept as the law asks, whatever the reason (Regulation 32).
    """
    if applied or code in AFTER_APPLICATION:
        return add_months(closed_on, retention.application_withdrawn)
    if code is Closure.X10:
        return closed_on
    if code is Closure.X03:
        return closed_on + timedelta(days=retention.enquiry_spam_days)
    return add_months(
        closed_on, retention.enquiry_redirected if code in REDIRECTED else retention.enquiry_closed
    )
