"""Saying that two enquiries are one household’s, or are not; either can be said again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidInput, InvalidTransition, NotFound
from portal.core.phones import display_phone
from portal.fostering.follow_up.linking.events import HOUSEHOLDS_COMPARED
from portal.fostering.follow_up.queries import enquiry_to_change, readable_enquiry
from portal.fostering.history import note_history
from portal.fostering.households import join_households, part_households
from portal.fostering.models import Enquiry
from portal.fostering.options import DuplicateState, HistoryKind


def compare_households(
    session: Session,
    references: tuple[str, str],
    state: DuplicateState,
    *,
    version: int,
    note: str,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what was said on the first one’s page; on both timelines.

    The later one takes the key of the earlier, so that it does not matter on whose page it is said. Raises
    NotFound, StaleEdit, InvalidInput for an enquiry and itself, InvalidTransition for a closed duplicate.
    """
    enquiry = enquiry_to_change(session, references[0], version, by=by)
    other = readable_enquiry(session, references[1], by=by)
    if other is None:
        raise NotFound
    if other is enquiry:
        raise InvalidInput("state", "These are one and the same enquiry")
    same = state is DuplicateState.SAME
    closed_as = enquiry.duplicate_of_id == other.id or other.duplicate_of_id == enquiry.id
    if closed_as and not same:
        why = "One was closed as a duplicate of the other. Open it again first."
        raise InvalidTransition(reference=enquiry.public_ref, why=why)
    later, earlier = sorted((enquiry, other), key=lambda one: one.id, reverse=True)
    change = join_households if same else part_households
    change(session, later, earlier, by=by, at=at)
    kind = HistoryKind.SAME if same else HistoryKind.DIFFERENT
    for one, than in ((enquiry, other), (other, enquiry)):
        note_history(session, one, kind, by=by, at=at, facts={"other": than.public_ref}, note=note)
    flag_modified(enquiry, "household_key")  # so that whoever read it before is told
    facts = {"other": other.public_ref, "same": same}
    audit.record(session, HOUSEHOLDS_COMPARED, by=by, at=at, subject=enquiry.public_ref, **facts)


def rows_of(enquiry: Enquiry, other: Enquiry) -> list[tuple[str, str, str]]:
    """What the two have, side by side."""
    pairs = [
        ("Name", enquiry.full_name, other.full_name),
        ("Second person", enquiry.second_name, other.second_name),
        ("Phone", display_phone(enquiry.phone or ""), display_phone(other.phone or "")),
        ("Email", enquiry.email or "", other.email or ""),
        ("Postcode", enquiry.postcode or "", other.postcode or ""),
        ("Stage", enquiry.stage.label, other.stage.label),
    ]
    return [(name, one or "Not known", two or "Not known") for name, one, two in pairs]
