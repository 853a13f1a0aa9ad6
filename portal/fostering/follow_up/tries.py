"""What was tried in vain with a household: whether that is enough to leave it in peace (domain §6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import london
from portal.core.phones import is_mobile
from portal.core.wording import plural
from portal.council import FosteringTeam
from portal.fostering.follow_up.contacts import reached
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ATTEMPTS, WRITTEN, ActivityKind
from portal.fostering.queries import taken_up_again_at

DAY_PARTS = (12, 17)
"""The hours at which the morning and the afternoon end: what “different times” are."""


def unanswered_tries(session: Session, enquiry: Enquiry) -> list[Activity]:
    """The attempts since they last talked to anybody, and since it was taken up again, oldest first."""
    wanted = select(Activity).where(Activity.enquiry_id == enquiry.id)
    activities = session.scalars(wanted.order_by(Activity.at, Activity.id)).all()
    talks = [activity.at for activity in activities if has_talked(activity)]
    since = max([enquiry.received_at, *talks, taken_up_again_at(session, enquiry) or enquiry.received_at])
    return [
        activity
        for activity in activities
        if activity.kind in ATTEMPTS and activity.at >= since and not has_talked(activity)
    ]


def has_talked(activity: Activity) -> bool:
    """Whether the household answered: us, or the foster carer who called for us."""
    by_us = reached(activity.kind, activity.outcome)
    return by_us or activity.kind is ActivityKind.AMBASSADOR_CALL


def can_be_written_to(enquiry: Enquiry) -> bool:
    """Whether we know an address or a mobile number of theirs that works; where they live is not kept."""
    number = None if enquiry.phone_wrong_at else enquiry.phone
    mailed = enquiry.email is not None and enquiry.email_failed_at is None
    return mailed or (number is not None and is_mobile(number))


def can_be_reached(enquiry: Enquiry) -> bool:
    """Whether anything is left to try."""
    called = enquiry.phone is not None and enquiry.phone_wrong_at is None
    return called or can_be_written_to(enquiry)


def missing_tries(enquiry: Enquiry, tries: Sequence[Activity], team: FosteringTeam) -> str:
    """What is to be tried before they can be said not to have answered; empty when nothing is."""
    wanted = team.clocks.attempts_before_no_response
    if len(tries) < wanted:
        return f"Try at least {plural(wanted, 'time')} before you close for want of an answer"
    if can_be_written_to(enquiry) and not any(attempt.kind in WRITTEN for attempt in tries):
        return "Write to them once before you close for want of an answer"
    if wanted > 1 and len({part_of_day(attempt.at) for attempt in tries}) == 1:
        return "Try at another time of day before you close for want of an answer"
    return ""


def part_of_day(moment: datetime) -> int:
    """Morning, afternoon or evening, as a number."""
    return sum(london(moment).hour >= hour for hour in DAY_PARTS)
