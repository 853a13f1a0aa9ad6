"""How near a household’s next action is to its limit: amber before it is due, breach long after (domain §6).

Both are counted from when the action is due, so that a call which the household asked for later, or one that
was tried again, moves them too.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from portal.core.clock import london, london_instant
from portal.core.options import Option
from portal.core.working_days import WorkingCalendar
from portal.council import FosteringTeam
from portal.fostering.clocks import acknowledgement_due, first_contact_due, months_on, pack_due, team_calendar
from portal.fostering.options import ActivityKind, Stage, Status
from portal.fostering.pipeline import APPLICATION


class Due(Protocol):
    """What a limit is read from: an enquiry, or a row of its columns."""

    @property
    def stage(self) -> Stage: ...
    @property
    def status(self) -> Status: ...
    @property
    def stage_since(self) -> datetime | None: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def attempts(self) -> int: ...
    @property
    def first_attempt_at(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def application_at(self) -> datetime | None: ...
    @property
    def stage1_info_complete_at(self) -> datetime | None: ...
    @property
    def stage1_decision_at(self) -> datetime | None: ...


PACK_STAGES = (Stage.NEW, Stage.CONTACTING, Stage.CALL_DONE)
"""Before the visit, on which a household is given what it has not been sent."""

PACK_SETTLED = frozenset({ActivityKind.INFO_PACK, ActivityKind.PACK_DECLINED})
"""The contacts after which no information pack is owed."""


class Limits(NamedTuple):
    """From when the next action is marked; None where the clock has no such mark."""

    amber_at: datetime | None
    breach_at: datetime


class Lateness(Option):
    """How a household stands to its next action, in words as well as colour."""

    IN_TIME = "IN_TIME", ""
    SOON = "SOON", "Due soon"
    BOOKED_LATE = "BOOKED_LATE", "Booked late"
    LATE = "LATE", "Overdue"
    NEAR_LIMIT = "NEAR_LIMIT", "Overdue, near its limit"
    BREACH = "BREACH", "Overdue, past its limit"


def limits_of(row: Due, team: FosteringTeam, tried_again: datetime | None = None) -> Limits | None:
    """The marks of its next action; None where nothing is owed. `tried_again` is as `queries.tried_again`."""
    if row.due_at is None or row.status not in (Status.OPEN, Status.KEEP_IN_TOUCH):
        return None
    calendar, due_at = team_calendar(team), row.due_at
    if row.stage in APPLICATION and row.application_at is not None:
        return limits_of_application(row, row.application_at, due_at, team)
    begun = first_contact_from(row, team, tried_again)
    if begun is not None:
        amber_at = calendar.part_of(begun, due_at, team.warnings.first_contact_amber_percent)
        later = team.warnings.first_contact_breach - team.first_contact_working_days
        return Limits(amber_at, moved(calendar, due_at, later))
    earlier, later = margins(team).get(row.stage, (0, 0))
    amber_at = london_instant(calendar.before(london(due_at).date(), earlier), calendar.closes)
    return Limits(amber_at if earlier else None, moved(calendar, due_at, later))


def first_contact_from(row: Due, team: FosteringTeam, tried_again: datetime | None = None) -> datetime | None:
    """Since when a first attempt is owed to them; None once it was made.

    To take a household is no attempt. Whoever is taken up again is contacted as a new household is.
    """
    if row.stage is Stage.NEW:
        return row.received_at
    if row.stage is not Stage.CONTACTING:
        return None
    if not row.attempts and row.due_at == first_contact_due(row.received_at, team):
        return row.received_at
    since, tried = row.stage_since, tried_again or row.first_attempt_at
    again = since is not None and (tried is None or tried < since)
    return since if again and since and row.due_at == first_contact_due(since, team) else None


def in_order(team: FosteringTeam) -> bool:
    """Whether amber comes before each target and breach after it: what a council’s file may get wrong."""
    clocks, warnings = team.clocks, team.warnings
    return (
        clocks.acknowledgement_minutes <= warnings.acknowledgement_breach_minutes
        and team.first_contact_working_days <= warnings.first_contact_breach
        and warnings.initial_call_amber <= clocks.initial_call_working_days <= warnings.initial_call_breach
        and warnings.visit_amber <= clocks.visit_working_days <= warnings.visit_breach
        and clocks.visit_letter_working_days <= warnings.visit_letter_breach
        and clocks.application_chase_working_days <= warnings.application_chase_breach
        and warnings.stage_one_decision_amber <= clocks.stage_one_decision_working_days
        and clocks.decision_told_working_days <= clocks.decision_notice_working_days
        and clocks.panel_months <= warnings.panel_amber_months <= warnings.panel_breach_months
    )


def margins(team: FosteringTeam) -> dict[Stage, tuple[int, int]]:
    """Working days from amber to the target, and from the target to breach."""
    clocks, warnings = team.clocks, team.warnings
    visit = warnings.visit_breach - clocks.visit_working_days
    return {
        Stage.CONTACTING: (
            clocks.initial_call_working_days - warnings.initial_call_amber,
            warnings.initial_call_breach - clocks.initial_call_working_days,
        ),
        Stage.CALL_DONE: (clocks.visit_working_days - warnings.visit_amber, visit),
        Stage.VISIT_BOOKED: (0, visit),
        Stage.VISIT_DONE: (0, letter_margin(team)),
        Stage.APPLICATION_INVITED: (
            0,
            warnings.application_chase_breach - clocks.application_chase_working_days,
        ),
        Stage.KEEP_IN_TOUCH: (0, warnings.keep_in_touch_breach),
    }


def letter_margin(team: FosteringTeam) -> int:
    """Working days from when a letter is due to its limit."""
    return team.warnings.visit_letter_breach - team.clocks.visit_letter_working_days


def limits_of_application(
    row: Due, application_at: datetime, due_at: datetime, team: FosteringTeam
) -> Limits:
    """By the clock that is due: the decision after Stage 1, the panel, or what follows the panel."""
    calendar, warnings = team_calendar(team), team.warnings
    complete, decided = row.stage1_info_complete_at, row.stage1_decision_at
    if complete is not None and decided is None:
        decision_at = calendar.due_at(complete, team.clocks.stage_one_decision_working_days)
        if due_at == decision_at:
            return Limits(calendar.due_at(complete, warnings.stage_one_decision_amber), due_at)
    if row.stage in (Stage.PANEL, Stage.DECISION):
        return Limits(None, due_at)
    amber_at = months_on(calendar, application_at, warnings.panel_amber_months)
    return Limits(amber_at, max(due_at, months_on(calendar, application_at, warnings.panel_breach_months)))


def moved(calendar: WorkingCalendar, due_at: datetime, working_days: int) -> datetime:
    """Closing time so many working days after an action is due; the same instant for none."""
    if not working_days:
        return due_at
    day: date = calendar.add(london(due_at).date(), working_days)
    return london_instant(day, calendar.closes)


def lateness_of(row: Due, team: FosteringTeam, at: datetime, tried_again: datetime | None = None) -> Lateness:
    """How it stands now."""
    limits = limits_of(row, team, tried_again)
    if limits is None or row.due_at is None:
        return Lateness.IN_TIME
    return how_late(row.due_at, limits, at)


def lateness_of_letter(due_at: datetime, team: FosteringTeam, at: datetime) -> Lateness:
    """How a letter stands that tells a family of a visit’s outcome, or that the service does not go on."""
    return how_late(due_at, Limits(None, moved(team_calendar(team), due_at, letter_margin(team))), at)


def lateness_of_visit(due_at: datetime, team: FosteringTeam, at: datetime) -> Lateness:
    """How a visit stands that is booked for later than it is due: said before it is overdue, too."""
    _earlier, later = margins(team)[Stage.VISIT_BOOKED]
    found = how_late(due_at, Limits(None, moved(team_calendar(team), due_at, later)), at)
    return Lateness.BOOKED_LATE if found is Lateness.IN_TIME else found


def lateness_of_acknowledgement(received_at: datetime, team: FosteringTeam, at: datetime) -> Lateness:
    """How the mail stands that answers an enquiry and has not left yet."""
    breach = timedelta(minutes=team.warnings.acknowledgement_breach_minutes)
    return how_late(acknowledgement_due(received_at, team), Limits(None, received_at + breach), at)


def lateness_of_pack(received_at: datetime, team: FosteringTeam, at: datetime) -> Lateness:
    """How an information pack stands that the team sends: its one mark is its limit."""
    due_at = pack_due(received_at, team)
    return how_late(due_at, Limits(None, due_at), at)


def how_late(due_at: datetime, limits: Limits, at: datetime) -> Lateness:
    """How something stands now that is due then."""
    amber_at, breach_at = limits
    if at > breach_at:
        return Lateness.BREACH
    if at > due_at:
        near = amber_at is not None and due_at < amber_at <= at
        return Lateness.NEAR_LIMIT if near else Lateness.LATE
    return Lateness.SOON if amber_at is not None and amber_at <= at else Lateness.IN_TIME
