"""What is recorded when a household enters a stage: its dates, and the order in which they can lie.

The columns are the enquiry's; `field` is where a form asks for it, so that a refusal stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from portal.core.clock import add_months, london
from portal.core.errors import InvalidInput
from portal.core.wording import day
from portal.council import Council
from portal.fostering.closures import Closure
from portal.fostering.follow_up.contacts import CLOCK_TOLERANCE, is_at_night
from portal.fostering.keeping.schedule import last_heard
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage

VISIT_WITHIN = timedelta(days=90)
"""A household that is due later than this is out of sight in the queue; longer waits are “keep in touch”."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One date: the field that asks for it, what it is called, and the dates that it cannot lie before."""

    field: str
    words: str
    after: tuple[str, ...] = ()
    ahead: bool = False
    """Something arranged, so in the future; everything else has happened."""
    time_field: str = ""
    """Where a form asks for the time of day of what is arranged."""


FACTS = {
    "visit_booked_for": Fact("visit_on", "The visit", ("initial_call_at",), True, "visit_time"),
    "visit_done_at": Fact("visit_on", "The visit", ("initial_call_at",)),
    "roi_sent_at": Fact("sent_on", "The day the form was sent", ("initial_call_at", "visit_done_at")),
    "application_at": Fact("received_on", "The application", ("roi_sent_at",)),
    "stage1_start": Fact("started_on", "Stage 1", ("application_at",)),
    "stage1_info_complete_at": Fact("complete_on", "The day all information was in", ("application_at",)),
    "stage1_decision_at": Fact("decided_on", "The decision", ("stage1_info_complete_at",)),
    "stage2_start": Fact("started_on", "Stage 2", ("application_at",)),
    "panel_at": Fact("panel_on", "The panel", ("stage1_decision_at", "stage2_start")),
    "adm_at": Fact("decided_on", "The decision", ("panel_at", "stage2_start")),
    "decision_told_at": Fact("told_on", "The day they were told", ("adm_at",)),
    "decision_notice_at": Fact("notice_on", "The day they were written to", ("adm_at",)),
    "approved_at": Fact("approved_on", "The approval", ("adm_at",)),
}

CALLED = {
    "initial_call_at": "the initial call",
    "visit_done_at": "the visit",
    "roi_sent_at": "the application form was sent",
    "application_at": "the application",
    "stage1_info_complete_at": "all Stage 1 information was in",
    "stage1_decision_at": "the Stage 1 decision",
    "stage2_start": "Stage 2 began",
    "panel_at": "the panel",
    "adm_at": "the decision",
}
"""How an earlier date is named in a refusal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A step that staff want to take, with what belongs to it."""

    to: Stage
    facts: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    code: Closure | None = None
    original: str = ""
    """The reference that a duplicate stays with."""


def check_facts(enquiry: Enquiry, facts: Mapping[str, Any], at: datetime) -> None:
    """Raise InvalidInput, beside its field, for the first date that cannot be."""
    for name, value in facts.items():
        fact = FACTS.get(name)
        if fact is None or value is None:
            continue
        if fact.ahead:
            check_ahead(fact, value, at)
        elif local(value) > local(at):
            raise InvalidInput(fact.field, f"{fact.words} must be today or in the past")
        elif isinstance(value, datetime) and value > at + CLOCK_TOLERANCE:
            raise InvalidInput(fact.field, f"{fact.words} must be in the past")
        if local(value) < local(enquiry.received_at):
            words = f"{fact.words} must be on or after {day(enquiry.received_at)}, when the enquiry came"
            raise InvalidInput(fact.field, words)
        for earlier in fact.after:
            known = facts[earlier] if earlier in facts else getattr(enquiry, earlier)
            if known is not None and local(value) < local(known):
                words = f"{fact.words} must be on or after {day(known)}: {CALLED[earlier]}"
                raise InvalidInput(fact.field, words)


def check_review(enquiry: Enquiry, review_on: date, at: datetime, council: Council) -> None:
    """The review lies ahead, within a year, and not years after anybody last heard from us."""
    today, team = local(at), council.fostering
    if review_on <= today:
        raise InvalidInput("kit_review_on", "The review date must be in the future")
    latest = add_months(today, team.clocks.keep_in_touch_months)
    if review_on > latest:
        raise InvalidInput("kit_review_on", f"The review date must be on or before {day(latest)}")
    heard = last_heard(enquiry)
    last = add_months(local(heard), council.retention.keep_in_touch_max)
    if review_on > last:
        words = f"The review date must be on or before {day(last)}: the last contact was on {day(heard)}"
        raise InvalidInput("kit_review_on", words)


def check_ahead(fact: Fact, value: datetime, at: datetime) -> None:
    """What is arranged lies ahead, not too far."""
    if value <= at:
        raise InvalidInput(fact.field, f"{fact.words} must be in the future")
    if value > at + VISIT_WITHIN:
        raise InvalidInput(fact.field, f"{fact.words} must be within {VISIT_WITHIN.days} days")
    if is_at_night(value):
        raise InvalidInput(fact.time_field, f"{fact.words} must be between 7am and 10pm")


def local(value: date | datetime) -> date:
    """The London day: a date alone has no other."""
    return london(value).date() if isinstance(value, datetime) else value
