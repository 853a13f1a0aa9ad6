"""Erasing a record because the household asks for it: at once, by a manager, and for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidTransition
from portal.council import Council
from portal.fostering.closing import close_enquiry
from portal.fostering.closures import Closure
from portal.fostering.follow_up.queries import enquiry_to_change
from portal.fostering.keeping.ending import end_record, end_traces
from portal.fostering.keeping.events import RECORD_ERASED
from portal.fostering.keeping.options import Rule
from portal.fostering.models import Enquiry

HELD = "This record is kept beyond its time. End that first, if the reason for it is gone."
RESTRICTED = "This record is restricted to named people, so it stays until that is ended."
APPLIED = (
    "They have applied, so the law asks us to keep this record for three years after the application ended."
)


def reason_against(enquiry: Enquiry) -> str:
    """Why it cannot be erased now; empty when it can."""
    if enquiry.application_at is not None:
        return APPLIED
    if enquiry.is_held:
        return HELD
    return RESTRICTED if enquiry.must_stay else ""


def erase_record(
    session: Session, reference: str, *, version: int, by: Actor, at: datetime, council: Council
) -> None:
    """Delete it with everything that belongs to it. That there was one stays counted.

    Raises NotFound, StaleEdit, InvalidTransition with `why` while it must be kept.
    """
    enquiry = enquiry_to_change(session, reference, version, by=by)
    why = reason_against(enquiry)
    if why:
        raise InvalidTransition(reference=reference, why=why)
    if enquiry.is_open:
        close_enquiry(session, enquiry, Closure.X10, by=by, at=at, council=council)
        session.flush()
    end_record(session, enquiry, Rule.ERASED, at=at, council=council)
    audit.record(session, RECORD_ERASED, by=by, at=at, subject=reference)
    end_traces(session, [(enquiry.id, enquiry.public_ref)], at)
