"""One enquiry without anybody in it: what is counted, exported to analysts, and kept for good (domain §7.2).

Months instead of dates, bands instead of numbers, no text that anybody wrote, no reference. Every figure is
counted from these rows, made afresh of the enquiries that are there and read back of those made anonymous,
so that a figure of a year does not change when its records are made anonymous.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from portal.core.clock import add_months
from portal.council import FosteringTeam
from portal.fostering.clocks import team_calendar
from portal.fostering.closures import Closure
from portal.fostering.options import (
    Area,
    Availability,
    Channel,
    EnquirerType,
    FosteringStatus,
    HeardFrom,
    Housing,
    NextStep,
    Stage,
    Status,
)
from portal.fostering.pipeline import APPLICATION
from portal.fostering.reporting.outcomes import ALONE, Place, Reached, steps_of
from portal.fostering.reporting.periods import financial_year, local, month_of

CONTACT_WITHIN = 5
"""Working days for a conversation both ways: what the monthly figures ask (domain §7.4)."""
ASSESSED_WITHIN = 8
"""Months from the application to the panel’s recommendation (National Minimum Standard 14.4)."""
MOST_BEDROOMS = 3
HOUR = timedelta(hours=1)

REACHED = {
    Stage.CONTACTING: ("first_attempt_at",),
    Stage.CALL_DONE: ("initial_call_at", "first_contact_at"),
    Stage.VISIT_BOOKED: ("visit_booked_for",),
    Stage.VISIT_DONE: ("visit_done_at",),
    Stage.APPLICATION_INVITED: ("roi_sent_at",),
    Stage.APPLICATION_ACCEPTED: ("application_at",),
    Stage.STAGE_ONE: ("stage1_start",),
    Stage.STAGE_TWO: ("stage2_start",),
    Stage.PANEL: ("panel_at",),
    Stage.DECISION: ("adm_at",),
    Stage.APPROVED: ("approved_at",),
}
"""The columns that say a stage was reached, whatever came after it; in the order of the stages."""
ORDER = (Stage.NEW, *REACHED)
FURTHEST_FIRST = tuple(REACHED.items())[::-1]

OFFERED = (
    *("enquirer_type", "care_types", "availability", "housing", "spare_bedrooms", "fostering_status"),
    "flags",
)
"""The columns about what a household is and offers, which no figure counts."""
COUNTED = (
    *("received_at", "sla_due_at", "channel", "heard_from", "hub_origin", "area", "stage"),
    *("status", "closed_at", "closure_code", "next_step"),
    *("household_counted", "household_month", "household_reached"),
    *(name for names in REACHED.values() for name in names),
)
"""The other columns of an enquiry that a row is made of."""
APPLIED = ("stage", "closed_at", "closure_code", "application_at", "panel_at", "adm_at", "approved_at")
"""The columns that applications are made of where there is no history."""
OF_APPLICATIONS = (*APPLICATION, Stage.APPROVED, Stage.CLOSED)
"""What an application is entered into, goes through, and ends in."""


class Event(Protocol):
    """An entry of an enquiry’s history: `HistoryEntry`, or a row with these columns of it."""

    @property
    def at(self) -> Any:
        """When it was recorded."""

    @property
    def from_stage(self) -> Any:
        """The stage before, if it has to do with stages."""

    @property
    def to_stage(self) -> Any:
        """The stage after."""

    @property
    def closure_code(self) -> Any:
        """The reason, if it was closed."""

    @property
    def facts(self) -> Any:
        """Dates by the names of columns, in ISO form."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """One application from acceptance to its end. Who applies again after a withdrawal has two."""

    applied_month: str
    ended_month: str | None = None
    outcome: str | None = None
    """`AP`, or the code it was closed with; None while it goes on."""
    days_to_decision: int | None = None
    """From the application to the decision maker’s decision."""
    in_time: bool | None = None
    """Whether the panel recommended, or without one the decision was made, within eight months."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeidentifiedRow:
    """What is kept of an enquiry when nobody can be found in it any more. Days are London days."""

    fy: int
    """The year in which its financial year begins."""
    received_month: str
    channel: Channel
    heard_from: HeardFrom | None
    hub: bool
    """Whether it came from the regional hub."""
    area: Area | None
    """None where so few came from there that the area is not told."""
    enquirer_type: EnquirerType | None
    care_types: tuple[str, ...]
    availability: Availability | None
    housing: Housing | None
    spare_bedrooms_band: str | None
    fostering_status: FosteringStatus | None
    flags: tuple[str, ...]
    hours_to_first_attempt: int | None
    days_to_first_attempt: int | None
    days_to_contact: int | None
    days_to_visit: int | None
    days_to_application: int | None
    days_to_decision: int | None
    furthest_stage: Stage
    outcome: Status
    closure_code: Closure | None
    closed_month: str | None
    attempt_on_time: bool | None
    """Whether the first attempt kept its target; None while that cannot be said."""
    contact_on_time: bool | None
    """The same for the first conversation both ways, within five working days; None too for those who
    asked for the information pack and for no call."""
    repeats: bool = False
    """Whether another enquiry counts for this household in the same financial year."""
    applications: tuple[Application, ...] = ()
    reached_month: str | None = None
    """The month in which the household first enquired that year, where this row tells how far it came."""
    reached: tuple[Reached, ...] = ()
    """The steps of the household that no other row tells."""

    def without_areas(self, untold: Collection[Area]) -> DeidentifiedRow:
        """The same, where its area is none of those that are not told."""
        return replace(self, area=None) if self.area in untold else self


def deidentified(
    enquiry: Any,
    history: Iterable[Event] | None = (),
    *,
    at: datetime,
    team: FosteringTeam,
    place: Place = ALONE,
) -> DeidentifiedRow:
    """The row of an enquiry, or of what a query selected of one, as it stands `at` this time.

    `history` is the enquiry’s, oldest first; without a word of an application in it, the columns say when.
    With None for it, nothing is said of applications.
    """
    received_at, closed_at = enquiry.received_at, enquiry.closed_at
    attempt_at, contact_at = enquiry.first_attempt_at, enquiry.first_contact_at
    received_on = local(received_at)
    month = month_of(received_on)
    contact_due = team_calendar(team).due_at(received_at, CONTACT_WITHIN)
    no_call = contact_at is None and enquiry.next_step is NextStep.INFO_PACK_ONLY
    return DeidentifiedRow(
        fy=financial_year(received_on),
        received_month=month,
        channel=enquiry.channel,
        heard_from=enquiry.heard_from,
        hub=bool(enquiry.hub_origin) or enquiry.channel is Channel.HUB,
        area=enquiry.area,
        enquirer_type=enquiry.enquirer_type,
        care_types=tuple(enquiry.care_types or ()),
        availability=enquiry.availability,
        housing=enquiry.housing,
        spare_bedrooms_band=band_of(enquiry.spare_bedrooms),
        fostering_status=enquiry.fostering_status,
        flags=tuple(enquiry.flags or ()),
        hours_to_first_attempt=None if attempt_at is None else max(0, (attempt_at - received_at) // HOUR),
        days_to_first_attempt=days_between(received_on, attempt_at),
        days_to_contact=days_between(received_on, contact_at),
        days_to_visit=days_between(received_on, enquiry.visit_done_at),
        days_to_application=days_between(received_on, enquiry.application_at),
        days_to_decision=days_between(received_on, enquiry.adm_at),
        furthest_stage=furthest_stage(enquiry),
        outcome=enquiry.status,
        closure_code=enquiry.closure_code,
        closed_month=month_of(closed_at) if closed_at is not None else None,
        attempt_on_time=kept(attempt_at, enquiry.sla_due_at, closed_at, at),
        contact_on_time=None if no_call else kept(contact_at, contact_due, closed_at, at),
        repeats=place.repeats,
        applications=tuple(applications_of(enquiry, history)) if history is not None else (),
        reached_month=place.month_told(month),
        reached=place.adds(steps_of(enquiry)),
    )


def band_of(bedrooms: int | None) -> str | None:
    """0, 1, 2 or 3+."""
    if bedrooms is None:
        return None
    return str(bedrooms) if bedrooms < MOST_BEDROOMS else f"{MOST_BEDROOMS}+"


def days_between(start: date | datetime, end: date | datetime | None) -> int | None:
    """London days from one to the other; a contact of the minute of receipt is no day before it."""
    return None if end is None else max(0, local(end).toordinal() - local(start).toordinal())


def kept(done_at: datetime | None, due_at: datetime, closed_at: datetime | None, at: datetime) -> bool | None:
    """Whether a target was kept; None when it is still open, or was over before it fell due."""
    if done_at is not None:
        return done_at <= due_at
    ended_at = at if closed_at is None else min(closed_at, at)
    return None if ended_at <= due_at else False


def furthest_stage(enquiry: Any) -> Stage:
    """How far it came, even if it was closed or paused since."""
    now = enquiry.stage
    for stage, names in FURTHEST_FIRST:
        if now == stage:
            return stage
        for name in names:
            if getattr(enquiry, name) is not None:
                return stage
    return Stage.NEW


def applications_of(enquiry: Any, history: Iterable[Event]) -> list[Application]:
    """Each application with its end, by what was recorded when."""
    found: list[Application] = []
    dates: dict[str, date | datetime] = {}
    for event in history:
        if event.to_stage is Stage.APPLICATION_ACCEPTED and event.from_stage is not event.to_stage:
            dates = {"application_at": event.at}
        if not dates:
            continue
        dates |= {name: moment_of(value) for name, value in event.facts.items() if name in DATES}
        if event.to_stage is Stage.APPROVED:
            found.append(application(dates, dates.get("approved_at", event.at), Stage.APPROVED.value))
            dates = {}
        elif event.to_stage is Stage.CLOSED:
            found.append(application(dates, event.at, event.closure_code))
            dates = {}
    if dates:
        found.append(application(dates))
    if not found and enquiry.application_at is not None:
        found.append(application_by_columns(enquiry))
    return found


DATES = frozenset({"application_at", "panel_at", "adm_at", "approved_at"})


def application_by_columns(enquiry: Any) -> Application:
    """For enquiries that came with their dates and without a history."""
    known = {name: getattr(enquiry, name) for name in DATES}
    dates = {name: value for name, value in known.items() if value is not None}
    if enquiry.stage is Stage.APPROVED:
        return application(dates, dates.get("approved_at"), Stage.APPROVED.value)
    if enquiry.stage in APPLICATION or enquiry.closed_at is None:
        return application(dates)
    return application(dates, enquiry.closed_at, enquiry.closure_code)


def application(
    dates: dict[str, Any], ended_at: date | datetime | None = None, outcome: str | None = None
) -> Application:
    """One application from its dates."""
    applied, decided = local(dates["application_at"]), dates.get("adm_at")
    assessed = dates.get("panel_at") or decided
    return Application(
        applied_month=month_of(applied),
        ended_month=month_of(ended_at) if ended_at is not None else None,
        outcome=None if outcome is None else str(outcome),
        days_to_decision=days_between(applied, decided),
        in_time=None if assessed is None else local(assessed) <= add_months(applied, ASSESSED_WITHIN),
    )


def moment_of(text: str) -> date | datetime:
    """A date or an instant as history keeps it."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
