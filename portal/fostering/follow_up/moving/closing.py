"""Which reasons an enquiry can be closed with now, and what each of them asks for (domain §§4.2 and 6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.core.access import Actor
from portal.core.errors import InvalidInput
from portal.core.wording import day
from portal.council import Council, FosteringTeam
from portal.fostering.clocks import first_contact_due, follow_up_at, no_response_at
from portal.fostering.closing import close_enquiry, reopen_enquiry
from portal.fostering.closures import AFTER_APPLICATION, WITHOUT_WORDS, Closure
from portal.fostering.follow_up.contacts import reached
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.standing import (
    due_before,
    hand_on,
    last_closing,
    standing,
    stands_again,
)
from portal.fostering.follow_up.tries import can_be_reached, missing_tries, unanswered_tries
from portal.fostering.guarding import restrict
from portal.fostering.history import note_history
from portal.fostering.households import decide, join_households
from portal.fostering.information_events.queries import places_ahead
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import CallOutcome, DuplicateState, HistoryKind, Stage
from portal.fostering.pipeline import codes_for
from portal.fostering.references import read_reference
from portal.fostering.restricted import may_read
from portal.fostering.service import wants_no_call

ORIGINAL_STAYS = "Enter the reference of the enquiry that stays"


def close(
    session: Session, enquiry: Enquiry, move: Move, *, by: Actor, at: datetime, council: Council
) -> None:
    """Close with the reason given; raises InvalidInput, beside its field, where the reason cannot be."""
    code = move.code
    if code is None:
        raise InvalidInput("reason", "Select why the enquiry is closed")
    against = reason_against(session, enquiry, code, at, council.fostering)
    if against:
        raise InvalidInput("reason", against)
    if move.note and code in WITHOUT_WORDS:
        words = f"Leave the note empty for “{code.label}”. What there is to say belongs in the case system"
        raise InvalidInput("note", words)
    stood = None
    if code is Closure.X02:
        stood = standing(enquiry) | join(session, enquiry, move.original, by=by, at=at)
    close_enquiry(session, enquiry, code, by=by, at=at, council=council, note=move.note, stood=stood)
    if code is Closure.S10:
        restrict(session, enquiry, by=by, at=at)


def reason_against(
    session: Session, enquiry: Enquiry, code: Closure, at: datetime, team: FosteringTeam
) -> str:
    """Why this reason cannot be given now; empty when it can."""
    if code not in codes_for(enquiry.stage):
        if code in AFTER_APPLICATION:
            return f"“{code.label}” is for applications, and none has been accepted"
        return f"“{code.label}” is for enquiries, and this household has applied"
    if code is Closure.S1N and (
        enquiry.stage is Stage.APPLICATION_ACCEPTED or not enquiry.stage1_decision_at
    ):
        return f"Record the decision after Stage 1 before you close with “{code.label}”"
    if code is Closure.ADN and not (enquiry.stage is Stage.DECISION and enquiry.decision_notice_at):
        first = "when they were told in writing" if enquiry.stage is Stage.DECISION else "the decision"
        return f"Record {first} before you close with “{code.label}”"
    if code is Closure.X10 and enquiry.must_stay:
        return "This record is kept beyond its time, so it cannot be erased"
    if code is Closure.X10 and enquiry.application_at:
        return "They have applied, so the law asks us to keep this record: it cannot be erased here"
    if code is Closure.X01:
        return not_tried_enough(session, enquiry, at, team)
    return ""


def not_tried_enough(session: Session, enquiry: Enquiry, at: datetime, team: FosteringTeam) -> str:
    """What is missing before somebody may be said not to have answered; empty when nothing is.

    Whoever wanted only the pack is not called: for them it is the courtesy message, and the pack before it.
    """
    if wants_no_call(enquiry):
        courtesy = follow_up_at(enquiry.received_at, team)
        if not enquiry.attempts:
            settled = enquiry.pack_settled_at is not None
            return "Write to them first" if settled else "Record first that the information pack was sent"
        return f"They are written to once more on {day(courtesy)}" if at < courtesy else ""
    tries = unanswered_tries(session, enquiry)
    missing = missing_tries(enquiry, tries, team)
    if missing and (can_be_reached(enquiry) or not tries):
        return missing
    waited = no_response_at(tries[0].at, team)
    return f"They have until {day(waited)} to answer" if at < waited else ""


def join(session: Session, enquiry: Enquiry, reference: str, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Make the enquiry a duplicate of another, which stays and is due when the first of the two was; its own
    duplicates are then of that, too. Gives what was handed on, and what was there before.
    """
    wanted = read_reference(reference)
    if not wanted:
        raise InvalidInput("original", ORIGINAL_STAYS)
    original = session.scalars(
        select(Enquiry).where(Enquiry.public_ref == wanted, may_read(by)).with_for_update(key_share=True)
    ).one_or_none()
    if original is None:
        raise InvalidInput("original", f"There is no enquiry {wanted[:20]}")
    if original is enquiry:
        raise InvalidInput("original", "Enter another enquiry: this one cannot be a duplicate of itself")
    if original.duplicate_of_id is not None:
        readable = select(Enquiry).where(Enquiry.id == original.duplicate_of_id, may_read(by))
        stays = session.scalars(readable).one_or_none()
        if stays is None:
            raise InvalidInput("original", f"{wanted} is itself a duplicate. Enter another enquiry")
        words = f"{wanted} is itself a duplicate of {stays.public_ref}"
        raise InvalidInput("original", words if stays is enquiry else f"{words}. Enter that one")
    if not original.is_open:
        words = f"{wanted} is {original.status.label.lower()}. Enter an enquiry that is open"
        raise InvalidInput("original", words)
    due_at = min(one.due_at for one in (enquiry, original) if one.due_at is not None)
    if original.due_before_failure is not None:  # due again once the address of mail that failed is mended
        due = enquiry.due_before_failure or enquiry.due_at or due_at
        original.due_before_failure = min(original.due_before_failure, due)
    places = [one.id for one in places_ahead(session, enquiry.id, at)]
    handed = {**hand_on(session, enquiry, original, due_at), "handed_places": places or None}
    duplicates = select(Enquiry).where(Enquiry.duplicate_of_id == enquiry.id).order_by(Enquiry.id)
    fresh = duplicates.with_for_update(key_share=True).execution_options(populate_existing=True)
    handed["handed_duplicates"] = []
    for mine in session.scalars(fresh).all():
        mine.duplicate_of_id = original.id
        handed["handed_duplicates"].append(mine.public_ref)
        decide(session, mine, original, DuplicateState.SAME, by=by, at=at)  # its page lists this one, too
    join_households(session, enquiry, original, by=by, at=at)
    enquiry.duplicate_of_id = original.id
    flag_modified(original, "due_at")  # so that whoever read it before is told
    facts = {"other": enquiry.public_ref}
    note_history(session, original, HistoryKind.DUPLICATE, by=by, at=at, facts=facts)
    return handed


def open_again(
    session: Session,
    enquiry: Enquiry,
    *,
    note: str,
    by: Actor,
    at: datetime,
    council: Council,
    undone: bool = False,
) -> None:
    """Take it up again as a new household is, or where it stood if its closing is `undone`.

    What it was a duplicate of is due when it was, unless that has changed since.
    """
    stays = session.get(Enquiry, enquiry.duplicate_of_id) if enquiry.duplicate_of_id else None
    due_at = first_contact_due(at, council.fostering)
    if not (undone and stands_again(session, enquiry, stays, note=note, by=by, at=at)):
        reopen_enquiry(session, enquiry, by=by, at=at, due_at=due_at, note=note)
    merged = last_closing(session, enquiry)
    if stays is None or not stays.is_open or merged is None:
        return
    before = due_before(merged, stays)
    if before is not None and not due_for_another(session, stays, since=merged.at):
        stays.due_at = min([before, *promised(stays, since=merged.at)])


def due_for_another(session: Session, enquiry: Enquiry, *, since: datetime) -> bool:
    """Whether it is due for something else that came since: a duplicate, mail that failed, a wish to stop."""
    happened = select(HistoryEntry.id).where(
        HistoryEntry.enquiry_id == enquiry.id,
        HistoryEntry.at >= since,
        HistoryEntry.kind.in_((HistoryKind.UNDELIVERED, HistoryKind.ASKED_TO_STOP)),
    )
    duplicates = select(Enquiry.id).where(Enquiry.duplicate_of_id == enquiry.id, Enquiry.closed_at >= since)
    return any(session.scalars(one.limit(1)).first() is not None for one in (happened, duplicates))


def promised(enquiry: Enquiry, *, since: datetime) -> list[datetime]:
    """The call back that was promised last, unless they have talked since."""
    said = [
        activity
        for activity in enquiry.activities
        if activity.at >= since
        and (activity.outcome is CallOutcome.CALL_BACK_AT or reached(activity.kind, activity.outcome))
    ]
    return [activity.call_back_at for activity in said[-1:] if activity.call_back_at is not None]
