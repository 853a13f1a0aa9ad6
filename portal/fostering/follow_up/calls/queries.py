"""What follows a call that was recorded from the queue."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.fostering.models import Enquiry
from portal.fostering.restricted import may_read


def after_call(session: Session, reference: str, *, by: Actor) -> Row[*tuple[Any, ...]] | None:
    """The enquiry’s reference, status and when its next action is due; None where there is none to read."""
    wanted = select(Enquiry.public_ref, Enquiry.status, Enquiry.due_at)
    return session.execute(wanted.where(Enquiry.public_ref == reference, may_read(by))).one_or_none()
