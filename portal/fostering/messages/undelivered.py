"""Mail that does not arrive becomes the next action with the household, until its address is put right."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.fostering.history import note_history
from portal.fostering.models import Enquiry
from portal.fostering.options import HistoryKind


def note_undelivered(session: Session, enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """Reach them another way, now: said once, however many mails come back."""
    if enquiry.email_failed_at is not None:
        return
    fail_address(enquiry, at)
    note_history(session, enquiry, HistoryKind.UNDELIVERED, by=by, at=at)


def fail_address(enquiry: Enquiry, at: datetime) -> None:
    """Mark the address, and make it what is due next."""
    enquiry.email_failed_at = at
    if enquiry.is_open and enquiry.due_at is not None and enquiry.due_at > at:
        enquiry.due_before_failure, enquiry.due_at = enquiry.due_at, at


def settle_address(enquiry: Enquiry) -> None:
    """The address was put right: what was due before is due again, unless something else has come since."""
    if enquiry.due_before_failure is not None and enquiry.due_at == enquiry.email_failed_at:
        enquiry.due_at = enquiry.due_before_failure
    enquiry.email_failed_at = enquiry.due_before_failure = None
