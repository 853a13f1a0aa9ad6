"""Correcting details: everything that follows from them is made anew, the enquiry’s own words are not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.clock import add_months, london
from portal.core.errors import InvalidInput, InvalidTransition
from portal.council import FosteringTeam
from portal.fostering.clocks import start_of
from portal.fostering.flags import QUARANTINE
from portal.fostering.follow_up.corrections.events import DETAILS_CORRECTED, SENT_BY_A_PERSON
from portal.fostering.follow_up.queries import enquiry_to_change
from portal.fostering.history import note_history
from portal.fostering.information_events.renewing import renew_links
from portal.fostering.messages.undelivered import fail_address, settle_address
from portal.fostering.models import Enquiry, PossibleDuplicate
from portal.fostering.options import HistoryKind
from portal.fostering.own.links import forget_links
from portal.fostering.queries import likely_same_household
from portal.fostering.service import set_name_keys, set_place, wait_for_likely


def correct_details(
    session: Session,
    reference: str,
    details: Mapping[str, Any],
    *,
    phone_wrong: bool,
    email_wrong: bool,
    version: int,
    note: str,
    by: Actor,
    at: datetime,
    team: FosteringTeam,
) -> Enquiry:
    """Correct them as staff do; raises NotFound, StaleEdit, and InvalidInput where nothing is different."""
    enquiry = enquiry_to_change(session, reference, version, by=by)
    wrong = {"phone_wrong": phone_wrong, "email_wrong": email_wrong}
    apply_details(session, enquiry, details, **wrong, note=note, by=by, at=at, team=team)
    return enquiry


def apply_details(
    session: Session,
    enquiry: Enquiry,
    details: Mapping[str, Any],
    *,
    phone_wrong: bool,
    email_wrong: bool,
    note: str,
    by: Actor,
    at: datetime,
    team: FosteringTeam,
) -> None:
    """Keep the details, the area of a new postcode, and what else has the same; the enquiry is locked.

    What was there before is in the enquiry’s own answers, which nobody changes. Links that were sent to
    another address end. Raises InvalidInput where nothing is different.
    """
    changed = [name for name, value in details.items() if getattr(enquiry, name) != value]
    wrong_at = wrong_since(enquiry, details, at) if phone_wrong else None
    if (wrong_at is None) != (enquiry.phone_wrong_at is None):
        changed.append("phone_wrong")
    fails = email_wrong and details["email"] is not None and details["email"] == enquiry.email
    if fails is (enquiry.email_failed_at is None):
        changed.append("email_wrong")
    if not changed:
        raise InvalidInput("form", "Nothing is different from what is there")
    for name, value in details.items():
        setattr(enquiry, name, value)
    enquiry.phone_wrong_at = wrong_at
    if "email_wrong" in changed:
        fail_address(enquiry, at) if fails else settle_address(enquiry)
    enquiry.email_key = enquiry.email.lower() if enquiry.email else None
    set_name_keys(enquiry)
    if "postcode" in changed:
        set_place(enquiry)
    session.flush()
    if "email" in changed:
        forget_links(session, enquiry)
        renew_links(session, enquiry, at)
    link_likely(session, enquiry, team, at)
    note_history(session, enquiry, HistoryKind.DETAILS, by=by, at=at, facts={"fields": changed}, note=note)
    audit.record(session, DETAILS_CORRECTED, by=by, at=at, subject=enquiry.public_ref, fields=changed)


def wrong_since(enquiry: Enquiry, details: Mapping[str, Any], at: datetime) -> datetime | None:
    """Since when the number is known to be wrong; a number that was just corrected is not."""
    if details["phone"] is None or details["phone"] != enquiry.phone:
        return None
    return enquiry.phone_wrong_at or at


def link_likely(session: Session, enquiry: Enquiry, team: FosteringTeam, at: datetime) -> None:
    """Link what has the corrected details too, for staff to judge; what was judged before stays judged."""
    wait_for_likely(session, enquiry)
    since = start_of(add_months(london(at).date(), -team.duplicate_months))
    pair = PossibleDuplicate
    mine = or_(pair.enquiry_id == enquiry.id, pair.other_id == enquiry.id)
    known = {enquiry.id}
    for one, other in session.execute(select(pair.enquiry_id, pair.other_id).where(mine)):
        known |= {one, other}
    for match in likely_same_household(session, enquiry, since):
        if match.id not in known:
            later, earlier = max(match.id, enquiry.id), min(match.id, enquiry.id)
            session.add(pair(enquiry_id=later, other_id=earlier, matched_on=match.matched_on))


def note_sent_by_a_person(
    session: Session, reference: str, *, version: int, note: str, by: Actor, at: datetime
) -> Enquiry:
    """Take the doubt away that a machine sent it; other flags stay. Refused where nobody doubts it."""
    enquiry = enquiry_to_change(session, reference, version, by=by)
    if not enquiry.quarantined:
        raise InvalidTransition(reference=reference, why="Nobody doubts that a person sent this enquiry.")
    enquiry.flags = [flag for flag in enquiry.flags if flag not in QUARANTINE]
    enquiry.quarantined = False
    note_history(session, enquiry, HistoryKind.CHECKED, by=by, at=at, note=note)
    audit.record(session, SENT_BY_A_PERSON, by=by, at=at, subject=reference)
    return enquiry
