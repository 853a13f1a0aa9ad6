"""Saying that what a household wrote was read, raising a concern, passing it on, naming who may read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidInput, InvalidTransition
from portal.fostering.follow_up.concerns.events import CONCERN_PASSED_ON, CONCERN_RAISED, WORDS_READ
from portal.fostering.follow_up.concerns.options import PassedTo, Verdict
from portal.fostering.follow_up.concerns.queries import restricted_to_change, waits_to_be_passed_on
from portal.fostering.follow_up.contacts import CLOCK_TOLERANCE
from portal.fostering.follow_up.owners.queries import team
from portal.fostering.follow_up.queries import enquiry_to_change
from portal.fostering.guarding import change_readers, leads_the_team, open_to_team, restrict
from portal.fostering.history import note_history
from portal.fostering.models import Enquiry
from portal.fostering.options import HistoryKind

NOT_RAISED = "There is no concern that waits to be passed on."
WAITS = "The concern has not been passed on yet. Pass it on first."


def note_words_read(
    session: Session, reference: str, verdict: Verdict, *, version: int, by: Actor, at: datetime
) -> Enquiry:
    """Say that a person has read it; a concern restricts the record at once. Raises NotFound, StaleEdit."""
    enquiry = enquiry_to_change(session, reference, version, by=by)
    enquiry.words_read_at = at
    audit.record(session, WORDS_READ, by=by, at=at, subject=reference)
    if verdict is Verdict.CONCERN:
        note_concern(session, enquiry, by=by, at=at)
    else:
        note_history(session, enquiry, HistoryKind.WORDS_READ, by=by, at=at)
    return enquiry


def raise_concern(session: Session, reference: str, *, version: int, by: Actor, at: datetime) -> Enquiry:
    """Say that there is a concern, however it came up. Raises NotFound, StaleEdit."""
    enquiry = enquiry_to_change(session, reference, version, by=by)
    note_concern(session, enquiry, by=by, at=at)
    return enquiry


def note_concern(session: Session, enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """A new concern is one more to pass on; one that still waits keeps the moment it was raised."""
    if not waits_to_be_passed_on(enquiry):
        enquiry.concern_at, enquiry.concern_passed_at = at, None
    flag_modified(enquiry, "concern_at")  # so that whoever read it before is told
    note_history(session, enquiry, HistoryKind.CONCERN, by=by, at=at)
    audit.record(session, CONCERN_RAISED, by=by, at=at, subject=enquiry.public_ref)
    restrict(session, enquiry, by=by, at=at)


def pass_on(
    session: Session,
    reference: str,
    to: PassedTo,
    passed_at: datetime,
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> Enquiry:
    """Record that it was passed on, to whom and when; again where it was passed to others, too.

    Raises NotFound, StaleEdit, InvalidTransition where there is no concern, InvalidInput for the time.
    """
    enquiry = enquiry_to_change(session, reference, version, by=by)
    if enquiry.concern_at is None:
        raise InvalidTransition(reference=reference, why=NOT_RAISED)
    if passed_at > at + CLOCK_TOLERANCE:
        raise InvalidInput("passed_on", "The date and time it was passed on must be in the past")
    if passed_at < enquiry.received_at.replace(second=0, microsecond=0):
        raise InvalidInput("passed_on", "It must have been passed on after the enquiry was received")
    earlier = enquiry.concern_passed_at
    enquiry.concern_passed_at = passed_at if earlier is None else min(earlier, passed_at)
    flag_modified(enquiry, "concern_passed_at")
    facts = {"passed_to": to.value, "passed_at": passed_at}
    note_history(session, enquiry, HistoryKind.PASSED_ON, by=by, at=at, facts=facts)
    audit.record(session, CONCERN_PASSED_ON, by=by, at=at, subject=reference, passed_at=passed_at.isoformat())
    return enquiry


def name_people(
    session: Session,
    reference: str,
    chosen: Iterable[int],
    *,
    version: int,
    note: str,
    by: Actor,
    at: datetime,
) -> None:
    """Say who may read a restricted record: a manager at least, and its owner while it is open.

    Raises NotFound, StaleEdit, InvalidInput.
    """
    enquiry = restricted_to_change(session, reference, version)
    members = {person.id: person for person in team(session)}
    named = {identifier: members[identifier].name for identifier in chosen if identifier in members}
    if not any(leads_the_team(members[identifier].roles) for identifier in named):
        raise InvalidInput("readers", "Select at least one fostering manager")
    owner = members.get(enquiry.owner_id or 0)
    if enquiry.is_open and owner is not None and owner.id not in named:
        words = f"{owner.name} looks after this household. Choose another owner first, or select them"
        raise InvalidInput("readers", words)
    change_readers(session, enquiry, named, by=by, at=at, note=note)
    flag_modified(enquiry, "restricted_at")


def lift(session: Session, reference: str, *, version: int, note: str, by: Actor, at: datetime) -> None:
    """Let the whole team read it again, with the reason.

    Raises NotFound, StaleEdit, InvalidTransition while a concern waits or where it is not restricted.
    """
    enquiry = enquiry_to_change(session, reference, version, by=by)
    if enquiry.restricted_at is None:
        raise InvalidTransition(reference=reference, why="The whole team can read this record already.")
    if waits_to_be_passed_on(enquiry):
        raise InvalidTransition(reference=reference, why=WAITS)
    open_to_team(session, enquiry, by=by, at=at, note=note)
