"""Reading the checklist of a household."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.fostering.follow_up.first_call.models import FirstCall
from portal.fostering.follow_up.first_call.options import TOPICS
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage

BEFORE_APPLICATION = (
    *(Stage.NEW, Stage.CONTACTING, Stage.CALL_DONE, Stage.VISIT_BOOKED, Stage.VISIT_DONE),
    *(Stage.APPLICATION_INVITED, Stage.KEEP_IN_TOUCH),
)
"""Once somebody has applied, it is the case system that asks."""


def first_call_of(session: Session, enquiry_id: int) -> FirstCall | None:
    """The checklist, if it was gone through."""
    return session.scalars(select(FirstCall).where(FirstCall.enquiry_id == enquiry_id)).one_or_none()


def may_record(enquiry: Enquiry) -> bool:
    """Whether the checklist still has a use."""
    return enquiry.stage in BEFORE_APPLICATION


def in_words(call: FirstCall) -> list[tuple[str, str]]:
    """What was talked about, in the order of the talk."""
    return [
        (label, kind(call.choices[name]).label)
        for name, (label, kind) in TOPICS.items()
        if call.choices.get(name)
    ]
