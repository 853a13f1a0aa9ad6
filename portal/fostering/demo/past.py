"""Two years of made-up enquiries that nobody can be found in, so that figures have something to show."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.fostering.closures import Closure
from portal.fostering.options import (
    Area,
    Availability,
    Channel,
    EnquirerType,
    FosteringStatus,
    HeardFrom,
    Housing,
    Stage,
    Status,
)
from portal.fostering.reporting.deidentified import Application, DeidentifiedRow
from portal.fostering.reporting.models import AnonymousEnquiry
from portal.fostering.reporting.outcomes import in_order, steps
from portal.fostering.reporting.periods import financial_year, month_after, month_of

MONTHS = 23
A_MONTH = (5, 4, 6, 3, 7)
"""How many came, month after month in turn."""
SOURCES = (
    *(HeardFrom.SEARCH, HeardFrom.WORD_OF_MOUTH, HeardFrom.SEARCH, HeardFrom.SOCIAL_FB_IG),
    *(HeardFrom.FOSTER_CARER_REFERRAL, HeardFrom.EVENT, HeardFrom.WORD_OF_MOUTH),
)
AREAS = (Area.SOTON, Area.SOTON, Area.HANTS, Area.SOTON, Area.HANTS, Area.PORTS)
CLOSURES = (Closure.Q03, Closure.X01, Closure.S02, Closure.Q09, Closure.X02, Closure.S05, Closure.X01)
ENDINGS = (Stage.APPROVED.value, Closure.AW3.value, Stage.APPROVED.value, Closure.AW1.value)
APPLIED_EVERY = 7
VISITED_EVERY = 3
APPLICATION_TAKES = 8
"""Months from the enquiry to the end of an application: none ends in days to come."""


def load_demo_past(session: Session, at: datetime) -> None:
    """Rows as keeping would have left them, the newest of them some months old."""
    number = 0
    for back in range(MONTHS, 2, -1):
        for _ in range(A_MONTH[back % len(A_MONTH)]):
            month, over = month_after(month_of(at), -back), back > APPLICATION_TAKES
            session.add(AnonymousEnquiry.of(past_row(month, number, over=over)))
            number += 1


def past_row(month: str, number: int, *, over: bool) -> DeidentifiedRow:
    """One of them; what differs goes round by its number. `over`: an application would have ended by now."""
    applied, visited = over and number % APPLIED_EVERY == 0, number % VISITED_EVERY == 0
    visited = visited or applied
    ending = ENDINGS[number // APPLIED_EVERY % len(ENDINGS)] if applied else None
    approved = ending == Stage.APPROVED.value
    code = None if approved else Closure(ending) if ending else CLOSURES[number % len(CLOSURES)]
    late = number % 5 == 0
    application = Application(
        applied_month=month_after(month, 2),
        ended_month=month_after(month, 7),
        outcome=ending,
        days_to_decision=150 + number % 40 if approved else None,
        in_time=True if approved else None,
    )
    return DeidentifiedRow(
        fy=financial_year(month),
        received_month=month,
        channel=Channel.PHONE if number % 6 == 0 else Channel.WEB,
        heard_from=SOURCES[number % len(SOURCES)],
        hub=number % 11 == 0,
        area=AREAS[number % len(AREAS)],
        enquirer_type=EnquirerType.COUPLE if number % 2 else EnquirerType.ONE_PERSON,
        care_types=("SHORT_TERM",) if number % 3 else ("LONG_TERM", "SHORT_BREAKS"),
        availability=Availability.FLEXIBLE_WORK,
        housing=Housing.OWN if number % 2 else Housing.PRIVATE_RENT,
        spare_bedrooms_band="1",
        fostering_status=FosteringStatus.NEVER,
        flags=(),
        hours_to_first_attempt=60 if late else 4 + number % 20,
        days_to_first_attempt=3 if late else 1,
        days_to_contact=None if code is Closure.X01 else 3 + number % 4,
        days_to_visit=20 if visited else None,
        days_to_application=60 if applied else None,
        days_to_decision=210 + number % 40 if approved else None,
        furthest_stage=Stage.APPROVED if approved else Stage.STAGE_ONE if applied else Stage.CALL_DONE,
        outcome=Status.APPROVED if approved else Status.CLOSED,
        closure_code=code,
        closed_month=None if approved else month_after(month, 7 if applied else 1),
        attempt_on_time=not late,
        contact_on_time=code is not Closure.X01,
        applications=(application,) if applied else (),
        reached_month=month,
        reached=in_order(steps(visited, applied, approved)),
    )
