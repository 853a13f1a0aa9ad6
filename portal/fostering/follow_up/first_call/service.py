"""Recording the checklist of the first call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidTransition
from portal.fostering.follow_up.first_call.events import FIRST_CALL_RECORDED
from portal.fostering.follow_up.first_call.models import FirstCall
from portal.fostering.follow_up.first_call.options import TOPICS, CallResult
from portal.fostering.follow_up.first_call.queries import first_call_of, may_record
from portal.fostering.follow_up.queries import enquiry_to_change
from portal.fostering.history import note_history
from portal.fostering.models import Enquiry
from portal.fostering.options import HistoryKind

TOO_LATE = (
    "The checklist is for open enquiries before an application. What is asked later is in the case system."
)


def record_first_call(
    session: Session,
    reference: str,
    choices: Mapping[str, str],
    result: CallResult,
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> Enquiry:
    """Keep the choices and where the call leads; nothing moves by it, and no time is set.

    Raises NotFound, StaleEdit, InvalidTransition where the checklist has no use any more.
    """
    enquiry = enquiry_to_change(session, reference, version, by=by)
    if not may_record(enquiry):
        raise InvalidTransition(reference=reference, why=TOO_LATE)
    call = first_call_of(session, enquiry.id) or FirstCall(enquiry_id=enquiry.id)
    call.choices = {name: choices[name] for name in TOPICS if choices.get(name)}
    call.result, call.recorded_at, call.by_id, call.by_name = result, at, by.id, by.name
    session.add(call)
    facts = {"call_result": result.value}
    note_history(session, enquiry, HistoryKind.FIRST_CALL, by=by, at=at, facts=facts)
    flag_modified(enquiry, "stage")  # so that whoever read it before is told
    audit.record(session, FIRST_CALL_RECORDED, by=by, at=at, subject=reference)
    return enquiry
