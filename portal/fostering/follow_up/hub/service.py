"""Recording that a household was handed over; closed with it where nothing more is owed here."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.core import audit
from portal.core.access import Actor
from portal.core.clock import london, london_instant
from portal.core.errors import InvalidInput, InvalidTransition
from portal.core.wording import day
from portal.council import Council
from portal.fostering.closing import close_enquiry
from portal.fostering.closures import Closure
from portal.fostering.follow_up.hub.events import HANDED_OVER
from portal.fostering.follow_up.hub.handover import Handover
from portal.fostering.follow_up.hub.options import AWAY, HUBS, Direction
from portal.fostering.follow_up.queries import enquiry_to_change
from portal.fostering.history import note_history
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind, HistoryKind
from portal.fostering.pipeline import codes_for

FINISHED = "This enquiry is finished. Open it again first, or record nothing."
APPLIED = "They have applied, so they cannot be closed as passed on. Record why the application ended"


def hand_over(
    session: Session,
    reference: str,
    made: Handover,
    *,
    version: int,
    by: Actor,
    at: datetime,
    council: Council,
) -> Enquiry:
    """Keep it on the timeline; an enquiry that is closed with it has the reason “passed on”.

    Raises NotFound, StaleEdit, InvalidTransition for a finished enquiry, InvalidInput beside its field.
    """
    enquiry = enquiry_to_change(session, reference, version, by=by)
    if not enquiry.is_open:
        raise InvalidTransition(reference=reference, why=FINISHED)
    check(enquiry, made, at)
    if made.direction in HUBS:
        enquiry.hub_origin = enquiry.hub_origin or made.direction is Direction.FROM_HUB
        enquiry.hub_ref = made.hub_ref or enquiry.hub_ref
    facts = {"handed": made.direction.value, "handed_on": made.on, "council_name": made.council_name or None}
    known = {name: value for name, value in facts.items() if value is not None}
    note_history(session, enquiry, HistoryKind.HANDED, by=by, at=at, facts=known, note=made.note)
    closes = made.closes and made.direction in AWAY
    if made.direction in AWAY:
        enquiry.hub_handed_on = made.on
        session.add(activity_of(enquiry, made, by, at))
    if closes:
        close_enquiry(session, enquiry, Closure.X08, by=by, at=at, council=council)
    flag_modified(enquiry, "hub_ref")  # so that whoever read it before is told
    facts_kept = {"direction": made.direction.value, "closed": closes}
    audit.record(session, HANDED_OVER, by=by, at=at, subject=reference, **facts_kept)
    return enquiry


def check(enquiry: Enquiry, made: Handover, at: datetime) -> None:
    """The day lies between receipt and today, a council has a name, and closing is for enquiries."""
    if made.on > london(at).date():
        raise InvalidInput("handed_on", "The day must be today or in the past")
    if made.on < london(enquiry.received_at).date():
        words = f"The day must be on or after {day(enquiry.received_at)}, when the enquiry came"
        raise InvalidInput("handed_on", words)
    if made.direction not in HUBS and not made.council_name:
        raise InvalidInput("council_name", "Enter which council")
    if made.closes and made.direction in AWAY and Closure.X08 not in codes_for(enquiry.stage):
        raise InvalidInput("closes", APPLIED)


def activity_of(enquiry: Enquiry, made: Handover, by: Actor, at: datetime) -> Activity:
    """The hand-over among what was done with the household; it is no attempt to reach it."""
    kind = ActivityKind.HANDOFF_HUB if made.direction is Direction.TO_HUB else ActivityKind.HANDOFF_LA
    moment = max(enquiry.received_at, min(at, london_instant(made.on, time(12))))
    return Activity(enquiry_id=enquiry.id, at=moment, kind=kind, by_id=by.id, by_name=by.name)
