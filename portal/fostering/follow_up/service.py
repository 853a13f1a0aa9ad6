"""What the fostering team does with an enquiry: record an attempt to reach the household."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidInput, InvalidTransition
from portal.core.wording import number
from portal.council import FosteringTeam
from portal.fostering.clocks import (
    chased_again,
    due_after_attempt,
    due_after_pack,
    next_step_due,
    no_response_at,
)
from portal.fostering.due import due_in_stage
from portal.fostering.follow_up.asked_calls import due_when_asked
from portal.fostering.follow_up.contacts import (
    BESIDE,
    CLOCK_TOLERANCE,
    Contact,
    is_at_night,
    is_the_call_agreed_for,
    reached,
)
from portal.fostering.follow_up.events import CONTACT_RECORDED, ENQUIRIES_EXPORTED, ENQUIRY_READ, QUEUE_READ
from portal.fostering.follow_up.filters import ExportFilters, QueueFilters
from portal.fostering.follow_up.queries import enquiry_to_change
from portal.fostering.follow_up.tries import missing_tries, unanswered_tries
from portal.fostering.follow_up.words.events import WORDS_EXPORTED
from portal.fostering.follow_up.words.options import WordsReason
from portal.fostering.history import enter_stage
from portal.fostering.limits import PACK_SETTLED
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ATTEMPTS, WRITTEN, ActivityKind, CallOutcome, Stage
from portal.fostering.queries import is_call_agreed_for, written_at
from portal.fostering.service import reopen, wants_no_call

CALL_BACK_WITHIN = timedelta(days=90)
"""A household that is due later than this is out of sight in the queue; longer waits are “keep in touch”."""

CLOSED_NEEDS_A_TALK = (
    "This enquiry is closed. Record a call in which you spoke, or a call they made, to open it again"
)

MOST_AT_A_TIME = 100_000
"""Rows of a workbook that a web request makes. Nothing can be sent before its last row is written, and so
many took 23 to 34 seconds (two cores, November 2026). The proxy gives up after 60 seconds, when the audit
already says that the file left."""


def record_contact(
    session: Session,
    reference: str,
    contact: Contact,
    *,
    version: int,
    by: Actor,
    at: datetime,
    team: FosteringTeam,
) -> Enquiry:
    """Note an attempt and set what is due next; the first person to try becomes the owner.

    Raises NotFound, StaleEdit when somebody changed the enquiry after `version` was read,
    InvalidTransition when it is closed, InvalidInput for a time that cannot be, or where only a talk opens it
    again (`Enquiry.may_be_worked`).
    """
    enquiry = enquiry_to_change(session, reference, version, by=by)
    before = enquiry.stage
    if not enquiry.may_be_worked:
        why = f"This enquiry is {enquiry.status.label.lower()}, so no contact is recorded."
        raise InvalidTransition(reference=reference, why=why)
    check_times(enquiry, contact, at)
    if not enquiry.is_open:
        if not reached(contact.kind, contact.outcome):
            raise InvalidInput("kind", CLOSED_NEEDS_A_TALK)
        reopen(session, enquiry, by=by, at=at)
    if contact.kind not in BESIDE:
        apply_contact(session, enquiry, contact, by=by, at=at, team=team)
    elif contact.kind is ActivityKind.AMBASSADOR_CALL:
        end_waiting(session, enquiry, contact, team)
    session.add(activity_of(enquiry, contact, by))
    audit.record(
        session,
        CONTACT_RECORDED,
        by=by,
        at=at,
        subject=reference,
        kind=contact.kind.value,
        outcome=contact.outcome.value if contact.outcome else "",
        attempts=enquiry.attempts,
        stage=[before.value, enquiry.stage.value],
    )
    return enquiry


def end_waiting(session: Session, enquiry: Enquiry, contact: Contact, team: FosteringTeam) -> None:
    """They have talked to a foster carer since: where only the end of waiting was due, try them again."""
    tries = unanswered_tries(session, enquiry) if enquiry.stage is Stage.CONTACTING else []
    if not tries or contact.happened_at <= tries[0].at:
        return
    if enquiry.due_at == no_response_at(tries[0].at, team) and not wants_no_call(enquiry):
        enquiry.due_at = due_after_attempt(enquiry.received_at, contact.happened_at, team)


def activity_of(enquiry: Enquiry, contact: Contact, by: Actor) -> Activity:
    """The contact as it stands in the household's history."""
    return Activity(
        enquiry_id=enquiry.id,
        at=contact.happened_at,
        kind=contact.kind,
        outcome=contact.outcome,
        call_back_at=contact.call_back_at,
        by_id=by.id,
        by_name=by.name,
        note=contact.note or None,
    )


def check_times(enquiry: Enquiry, contact: Contact, at: datetime) -> None:
    """A contact lies between receipt and now; a call back lies ahead, not too far."""
    if contact.happened_at > at + CLOCK_TOLERANCE:
        raise InvalidInput("happened_on", "The date and time of the contact must be in the past")
    if contact.happened_at < enquiry.received_at.replace(second=0, microsecond=0):
        raise InvalidInput("happened_on", "The contact must be after the enquiry was received")
    if contact.outcome is not CallOutcome.CALL_BACK_AT:
        return
    if contact.call_back_at is None or contact.call_back_at <= at:
        raise InvalidInput("call_back_on", "The time to call back must be in the future")
    if contact.call_back_at > at + CALL_BACK_WITHIN:
        raise InvalidInput("call_back_on", "The time to call back must be within 90 days")
    if is_at_night(contact.call_back_at):
        raise InvalidInput("call_back_time", "The time to call back must be between 7am and 10pm")


def apply_contact(
    session: Session, enquiry: Enquiry, contact: Contact, *, by: Actor, at: datetime, team: FosteringTeam
) -> None:
    """What an attempt changes: counts, first times, owner, stage and the next due time.

    To send the pack is to answer whoever asked for nothing else; for others it is no attempt to reach them.
    """
    talked, no_call = reached(contact.kind, contact.outcome), wants_no_call(enquiry)
    happened_at = contact.happened_at
    attempted = contact.kind in ATTEMPTS or (no_call and contact.kind is ActivityKind.INFO_PACK)
    if attempted:
        enquiry.attempts += 1
        enquiry.first_attempt_at = earliest(enquiry.first_attempt_at, happened_at)
    if enquiry.owner_id is None:
        enquiry.owner_id = by.id
    if enquiry.stage is Stage.NEW:
        enter_stage(session, enquiry, Stage.CONTACTING, by=by, at=at, since=happened_at)
    if talked:
        enquiry.first_contact_at = earliest(enquiry.first_contact_at, happened_at)
        if enquiry.stage is Stage.CONTACTING:
            enquiry.initial_call_at = earliest(enquiry.initial_call_at, happened_at)
            enter_stage(session, enquiry, Stage.CALL_DONE, by=by, at=at, since=happened_at)
    if contact.kind in PACK_SETTLED:
        enquiry.pack_settled_at = earliest(enquiry.pack_settled_at, happened_at)
    if enquiry.letter_owed_since is not None and contact.kind in WRITTEN:
        written_before = happened_at < enquiry.letter_owed_since
        enquiry.letter_owed_since = enquiry.letter_owed_since if written_before else None
    if contact.outcome is CallOutcome.WRONG_NUMBER:
        enquiry.phone_wrong_at = enquiry.phone_wrong_at or happened_at
    with session.no_autoflush:  # else what has changed so far counts as a change of its own
        enquiry.due_at = due_after(session, enquiry, contact, no_call=no_call, team=team)


def due_after(
    session: Session, enquiry: Enquiry, contact: Contact, *, no_call: bool, team: FosteringTeam
) -> datetime | None:
    """When the next action is due after this contact, which is not among those of the enquiry yet."""
    if contact.outcome is CallOutcome.CALL_BACK_AT and contact.call_back_at is not None:
        return due_when_asked(session, enquiry, contact.call_back_at, team)
    if waits_for_call(session, enquiry, contact):
        return enquiry.due_at
    if enquiry.stage is not Stage.CONTACTING:
        return due_after_call(session, enquiry, contact, team)
    if no_call and contact.kind in (*ATTEMPTS, ActivityKind.INFO_PACK):
        return due_after_pack(enquiry.received_at, contact.happened_at, team)
    if contact.kind not in ATTEMPTS:
        return enquiry.due_at
    this = Activity(at=contact.happened_at, kind=contact.kind, outcome=contact.outcome)
    tries = sorted([*unanswered_tries(session, enquiry), this], key=lambda one: one.at)
    again = due_after_attempt(enquiry.received_at, contact.happened_at, team)
    return again if missing_tries(enquiry, tries, team) else max(again, no_response_at(tries[0].at, team))


def waits_for_call(session: Session, enquiry: Enquiry, contact: Contact) -> bool:
    """Whether the call that they asked for is what is due, and is so after this contact too."""
    agreed = enquiry.due_at
    if agreed is None or is_the_call_agreed_for(contact, agreed):
        return False
    return is_call_agreed_for(session, enquiry, agreed)


def due_after_call(
    session: Session, enquiry: Enquiry, contact: Contact, team: FosteringTeam
) -> datetime | None:
    """After the initial call: by the stage, of whose clocks two are met by a talk or something written."""
    talked, at = reached(contact.kind, contact.outcome), contact.happened_at
    if not talked and contact.kind not in WRITTEN:
        return enquiry.due_at
    visited, sent = enquiry.visit_done_at, enquiry.roi_sent_at
    if enquiry.stage is Stage.VISIT_DONE and visited is not None:
        told = told_at(session, enquiry, contact, since=visited)
        if told is not None:
            return next_step_due(visited, told, team)
    if enquiry.stage is Stage.APPLICATION_INVITED and sent is not None and at > sent:
        return chased_again(at, team)
    return due_in_stage(enquiry, team) if talked else enquiry.due_at


def told_at(session: Session, enquiry: Enquiry, contact: Contact, *, since: datetime) -> datetime | None:
    """When they were first written to after a visit, by this contact or before; None if they were not."""
    before, at = written_at(session, enquiry, since=since), contact.happened_at
    return earliest(before, at) if contact.kind in WRITTEN and at >= since else before


def earliest(known: datetime | None, new: datetime) -> datetime:
    """The earlier of the two; contacts may be written down out of order."""
    return new if known is None else min(known, new)


def note_queue_read(session: Session, filters: QueueFilters, shown: int, *, by: Actor, at: datetime) -> None:
    """The audit of somebody opening the list of households."""
    audit.record(
        session,
        QUEUE_READ,
        by=by,
        at=at,
        filters=filters.describe(),
        searched=bool(filters.search),
        shown=shown,
    )


def note_enquiry_read(session: Session, reference: str, *, by: Actor, at: datetime) -> None:
    """The audit of somebody opening one household's enquiry."""
    audit.record(session, ENQUIRY_READ, by=by, at=at, subject=reference)


def note_export(
    session: Session,
    filters: ExportFilters,
    *,
    rows: int,
    columns: str,
    file_format: str,
    purpose: str,
    by: Actor,
    at: datetime,
    most: int,
    words: WordsReason | None = None,
) -> None:
    """The audit of an export, before its first byte: who, what, how many, what for, and why free `words`.

    Raises InvalidInput when a workbook would have more than `most` rows.
    """
    if file_format == "xlsx" and rows > most:
        raise InvalidInput(
            "file_format",
            f"A spreadsheet can have up to {number(most)} enquiries and these are {number(rows)}. "
            "Select CSV, or fewer enquiries",
        )
    audit.record(
        session,
        ENQUIRIES_EXPORTED,
        by=by,
        at=at,
        columns=columns,
        filters=filters.describe(),
        format=file_format,
        purpose=purpose,
        rows=rows,
    )
    if words is not None:
        audit.record(session, WORDS_EXPORTED, by=by, at=at, reason=words.value, rows=rows)
