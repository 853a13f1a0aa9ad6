"""Moving one household: refused with the reason where it cannot be, done whole where it can."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.errors import InvalidInput, InvalidTransition
from portal.council import Council
from portal.fostering.clocks import first_contact_due
from portal.fostering.closures import Closure
from portal.fostering.due import due_in_stage
from portal.fostering.follow_up.moving.closing import close, open_again
from portal.fostering.follow_up.moving.events import ENQUIRY_MOVED
from portal.fostering.follow_up.moving.facts import Move, check_facts, check_review
from portal.fostering.follow_up.moving.move_form import as_typed
from portal.fostering.follow_up.moving.refusals import refusal
from portal.fostering.follow_up.queries import enquiry_to_change, lock_enquiries
from portal.fostering.history import enter_stage
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage
from portal.fostering.queries import written_at
from portal.fostering.references import read_reference

DAY_ASKED = {Stage.PANEL: "panel_on", Stage.DECISION: "decided_on"}
"""What Stage 2 leads to, with a panel or without one, and where its form asks for the day."""

OF_ONE_APPLICATION = (
    *("stage1_start", "stage1_info_complete_at", "stage1_decision_at", "stage2_start"),
    *("panel_at", "panel_recommendation", "adm_at", "decision_told_at", "decision_notice_at"),
)
"""What is recorded of an application after it was accepted."""


def move_enquiry(
    session: Session, reference: str, move: Move, *, version: int, by: Actor, at: datetime, council: Council
) -> Enquiry:
    """Take the step, with its facts and the next due time.

    Raises NotFound, StaleEdit when somebody changed the enquiry after `version` was read, InvalidTransition
    with `why` when there is no such step from here, InvalidInput for facts that cannot be.
    """
    original, duplicate = read_reference(move.original), move.code is Closure.X02
    lock_enquiries(session, (reference, original), with_household=duplicate)
    enquiry = enquiry_to_change(session, reference, version, by=by)
    why = refusal(enquiry, move.to, by=by, panel=council.fostering.panel_before_decision)
    if why:
        raise InvalidTransition(reference=reference, why=why)
    before = enquiry.stage
    if move.to is Stage.CLOSED:
        close(session, enquiry, move, by=by, at=at, council=council)
    elif before is Stage.CLOSED:
        open_again(session, enquiry, note=move.note, by=by, at=at, council=council)
    else:
        enter(session, enquiry, move, by=by, at=at, council=council)
    if enquiry.owner_id is None:
        enquiry.owner_id = by.id
    audit.record(
        session,
        ENQUIRY_MOVED,
        by=by,
        at=at,
        subject=reference,
        stage=[before.value, enquiry.stage.value],
    )
    return enquiry


def enter(
    session: Session, enquiry: Enquiry, move: Move, *, by: Actor, at: datetime, council: Council
) -> None:
    """Enter a stage with its facts, and start its clock."""
    check_facts(enquiry, move.facts, at)
    check_needs(enquiry, move)
    before = enquiry.stage
    if move.to is Stage.KEEP_IN_TOUCH:
        check_review(enquiry, move.facts["kit_review_on"], at, council)
    elif before is Stage.KEEP_IN_TOUCH:
        enquiry.kit_review_on = None
    if move.to is Stage.APPLICATION_ACCEPTED and before is not move.to:
        forget_application(enquiry)
    for name, value in move.facts.items():
        setattr(enquiry, name, value)
    enter_stage(session, enquiry, move.to, by=by, at=at, facts=move.facts, note=move.note)
    keep_letter_owed(session, enquiry, before)
    set_due(enquiry, before, council, at)


def forget_application(enquiry: Enquiry) -> None:
    """What an application before this one had come to; it is not this one’s, and no clock runs from it.

    The history keeps it, and figures are counted from there.
    """
    for name in OF_ONE_APPLICATION:
        setattr(enquiry, name, None)


def keep_letter_owed(session: Session, enquiry: Enquiry, before: Stage) -> None:
    """Whoever is kept in touch with before they were written to about the visit is still owed that letter.

    A visit that is held later, and the form for an application, are told of by what follows them.
    """
    visited = enquiry.visit_done_at
    if enquiry.stage in (Stage.VISIT_DONE, Stage.APPLICATION_INVITED):
        enquiry.letter_owed_since = None
    elif enquiry.stage is Stage.KEEP_IN_TOUCH and before is Stage.VISIT_DONE and visited is not None:
        with session.no_autoflush:  # else the move counts as two changes
            told = written_at(session, enquiry, since=visited) is not None
        enquiry.letter_owed_since = None if told else visited


def check_needs(enquiry: Enquiry, move: Move) -> None:
    """What must have been recorded before, beyond the stage itself."""
    if move.to is Stage.DECISION and enquiry.stage is Stage.DECISION and changes_nothing(enquiry, move):
        raise InvalidInput("told_on", "Enter when they were told, by phone, face to face or in writing")
    if enquiry.stage is Stage.STAGE_TWO and move.to in DAY_ASKED and enquiry.stage1_decision_at is None:
        raise InvalidInput(DAY_ASKED[move.to], "Record the decision after Stage 1 first")
    if move.to is Stage.APPROVED and not move.facts.get("decision_notice_at", enquiry.decision_notice_at):
        raise InvalidInput("notice_on", "Enter when the written notice of the decision went to them")
    if move.facts.get("stage1_decision_at") is not None:
        complete = move.facts.get("stage1_info_complete_at", enquiry.stage1_info_complete_at)
        if complete is None:
            raise InvalidInput("complete_on", "Enter when all Stage 1 information was in")


def changes_nothing(enquiry: Enquiry, move: Move) -> bool:
    """Whether what is recorded again is what is there, to the day, without a word about it."""
    same = (as_typed(getattr(enquiry, name)) == as_typed(value) for name, value in move.facts.items())
    return not move.note and all(same)


def set_due(enquiry: Enquiry, before: Stage, council: Council, at: datetime) -> None:
    """By the clock of the stage; whoever is taken up again is to be contacted as a new household is."""
    if enquiry.stage is not Stage.CONTACTING:
        enquiry.due_at = due_in_stage(enquiry, council.fostering)
    elif before is not Stage.NEW:
        enquiry.due_at = first_contact_due(at, council.fostering)
