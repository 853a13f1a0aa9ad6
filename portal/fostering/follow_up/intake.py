"""What a household’s page says of its beginnings: whether it was read, who may read it, the first call."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from portal.fostering.follow_up.concerns.queries import guard_of
from portal.fostering.follow_up.first_call.queries import first_call_of, in_words, may_record
from portal.fostering.models import Enquiry


def intake_facts(session: Session, enquiry: Enquiry) -> dict[str, Any]:
    """For the page’s template."""
    call = first_call_of(session, enquiry.id)
    return {
        "guarded": guard_of(session, enquiry),
        "call": call,
        "call_topics": in_words(call) if call else [],
        "may_call": may_record(enquiry),
    }
