"""When a record goes and by which rule, as dates alone (domain fostering §8.2).

A record goes with the beginning of its day in London, whatever the clocks do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from portal.core.clock import add_months, london
from portal.council import Retention
from portal.fostering.clocks import REDIRECTED
from portal.fostering.closures import AFTER_APPLICATION, Closure
from portal.fostering.keeping.options import Rule
from portal.fostering.models import Enquiry
from portal.fostering.options import ActivityKind, Status


class Standing(Protocol):
    """What the schedule looks at: an enquiry, or a row of its columns."""

    @property
    def status(self) -> Status: ...
    @property
    def closure_code(self) -> Closure | None: ...
    @property
    def stage_since(self) -> datetime | None: ...
    @property
    def application_at(self) -> datetime | None: ...
    @property
    def approved_at(self) -> datetime | None: ...
    @property
    def retention_due_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Stands:
    """The same of an enquiry that was read beside another."""

    status: Status
    closure_code: Closure | None
    stage_since: datetime | None
    application_at: datetime | None
    approved_at: datetime | None
    retention_due_on: date | None


class Going(NamedTuple):
    """The day on which a record goes, and why."""

    on: date
    rule: Rule


def going_of(enquiry: Standing, heard_at: datetime, periods: Retention) -> Going | None:
    """When it goes and by which rule; None while it is open. `heard_at`: the last contact, or the receipt."""
    on = day_of(enquiry, heard_at, periods)
    if on is None:
        return None
    if enquiry.status is Status.CLOSED and enquiry.closure_code:
        return Going(on, rule_of(enquiry.closure_code, enquiry.application_at))
    return Going(on, Rule.KEPT_IN_TOUCH if enquiry.status is Status.KEEP_IN_TOUCH else Rule.APPROVED)


def last_heard(enquiry: Enquiry) -> datetime:
    """When anybody last had to do with the household, as `queries.heard_at` says it of many at once."""
    contacts = (
        one.at for one in enquiry.activities if one.kind is not ActivityKind.NOTE or one.by_id is None
    )
    return max(contacts, default=enquiry.received_at)


def day_of(enquiry: Standing, heard_at: datetime, periods: Retention) -> date | None:
    """When it goes, alone.

    The day of a closed one was set when it was closed: a period that changes later counts from then on.
    """
    status = enquiry.status
    if status is Status.CLOSED:
        return enquiry.retention_due_on if enquiry.closure_code else None
    if status is Status.KEEP_IN_TOUCH:
        unheard = add_months(london(heard_at).date(), periods.keep_in_touch_max)
        return max([unheard, *applied_before(enquiry, periods)])
    if status is Status.APPROVED and enquiry.approved_at:
        return add_months(london(enquiry.approved_at).date(), periods.enquiry_approved)
    return None


def applied_before(enquiry: Standing, periods: Retention) -> list[date]:
    """Until when the law keeps one that is kept in touch with since its application ended (Regulation 32).

    That ended before this began, which is known whatever was recorded of it.
    """
    if enquiry.application_at is None:
        return []
    ended_by = enquiry.stage_since or enquiry.application_at
    return [add_months(london(ended_by).date(), periods.application_withdrawn)]


def rule_of(code: Closure, application_at: datetime | None) -> Rule:
    """By the reason for closing; whoever has applied is kept as the law asks, whatever the reason."""
    if application_at is not None or code in AFTER_APPLICATION:
        return Rule.APPLIED
    if code is Closure.X10:
        return Rule.ERASED
    if code is Closure.X03:
        return Rule.SPAM
    return Rule.REDIRECTED if code in REDIRECTED else Rule.CLOSED
