"""The small pages on which a household is moved, and what is said where it cannot be."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor, current_settings
from portal.core.database import read
from portal.core.errors import NotFound
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.moving.beside import beside, contradicted, visit_due_at
from portal.fostering.follow_up.moving.forms import FORMS, WaitForm, form_class
from portal.fostering.follow_up.moving.links import moves_of
from portal.fostering.follow_up.moving.move_form import MoveForm
from portal.fostering.follow_up.moving.refusals import refusal
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.follow_up.moving.waiting import may_wait, wait_longer
from portal.fostering.follow_up.pages import enquiry_of, note_read, small_page
from portal.fostering.messages.service import write_closing_letter
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage

blueprint = Blueprint("fostering_moves", __name__, url_prefix="/staff/fostering")


@blueprint.route("/<reference:reference>/move/<stage>", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_moves.move")
def move(reference: str, stage: str) -> ResponseReturnValue:
    """One step with its facts; refused with the reason, and nothing typed is lost."""
    to = stage_of(stage)
    form = form_for(to, reference)
    attempted = attempt(form, lambda writer: record(writer, reference, form, to))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, moved="1"), 303)
    enquiry = enquiry_of(reference)
    if refusal(enquiry, to, by=current_actor(), panel=panel_sits()):
        return refused(enquiry, to, form=form), 409
    facts = beside(read(), enquiry, to, clock.now(), current_settings().council.fostering)
    facts |= {"to": to, "heading": form.heading(enquiry)}
    return small_page("fostering/follow_up/moving/move.html", enquiry, form, attempted, **facts)


@blueprint.route("/<reference:reference>/wait", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_moves.wait")
def wait(reference: str) -> ResponseReturnValue:
    """Somebody who wanted only the pack and has not answered: left open until a day that staff choose."""
    enquiry = enquiry_of(reference)
    if request.method == "GET" and not may_wait(read(), enquiry):
        return redirect(addresses.of_enquiry(reference), 303)
    form = WaitForm(typed_or_kept(), data={"version": str(enquiry.version)})
    attempted = attempt(form, lambda writer: record_wait(writer, reference, form))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, moved="1"), 303)
    return small_page("fostering/follow_up/moving/wait.html", enquiry_of(reference), form, attempted)


def form_for(to: Stage, reference: str) -> MoveForm:
    """What was typed; else what is known."""
    enquiry = enquiry_of(reference)
    kind = form_class(to, enquiry.stage)
    known = {"version": str(enquiry.version), **kind.known(enquiry)}
    team = current_settings().council.fostering
    facts = {
        "stage": enquiry.stage,
        "visit_due_at": visit_due_at(read(), enquiry, to, team),
        "contradicted": contradicted(enquiry),
    }
    return kind(typed_or_kept(), data=known, facts=facts)


def stage_of(code: str) -> Stage:
    """The stage of this address, if it has a page."""
    found = next((stage for stage in FORMS if stage == code), None)
    if found is None:
        raise NotFound
    return found


def panel_sits() -> bool:
    """Whether the council's panel sits before the decision."""
    return current_settings().council.fostering.panel_before_decision


def record(writer: Session, reference: str, form: MoveForm, to: Stage) -> None:
    """Take the step; where the service closes, the letter that says why lies ready with it."""
    by, at, council = current_actor(), clock.now(), current_settings().council
    made, version = form.move(to, at), form.read_version
    enquiry = move_enquiry(writer, reference, made, version=version, by=by, at=at, council=council)
    write_closing_letter(writer, enquiry, by=by, at=at, council=council)


def record_wait(writer: Session, reference: str, form: WaitForm) -> None:
    """Put the closing off."""
    wait_longer(
        writer,
        reference,
        form.wait_until.data,
        version=form.read_version,
        note=form.note.data or "",
        by=current_actor(),
        at=clock.now(),
        team=current_settings().council.fostering,
    )


def refused(enquiry: Enquiry, to: Stage, *, form: MoveForm) -> str:
    """Why not, and what can be done instead."""
    panel = panel_sits()
    note_read(enquiry.public_ref)
    return render_template(
        "fostering/follow_up/moving/refused.html",
        enquiry=enquiry,
        to=to,
        why=refusal(enquiry, to, by=current_actor(), panel=panel),
        moves=moves_of(enquiry, by=current_actor(), panel=panel),
        typed=form.entered if form.is_submitted() else [],
        back=addresses.of_enquiry(enquiry.public_ref),
    )
