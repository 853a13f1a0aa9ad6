"""The page of the checklist."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor, current_settings
from portal.core.database import read
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.first_call.forms import FirstCallForm
from portal.fostering.follow_up.first_call.options import CallResult
from portal.fostering.follow_up.first_call.queries import first_call_of, may_record
from portal.fostering.follow_up.first_call.service import record_first_call
from portal.fostering.follow_up.moving.refusals import refusal
from portal.fostering.follow_up.pages import enquiry_of, small_page
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage

blueprint = Blueprint("fostering_first_call", __name__, url_prefix="/staff/fostering")

LEADS_TO = {
    CallResult.PROCEED_VISIT: Stage.VISIT_BOOKED,
    CallResult.KIT: Stage.KEEP_IN_TOUCH,
    CallResult.CLOSE: Stage.CLOSED,
}


@blueprint.route("/<reference:reference>/first-call", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_first_call.checklist")
def checklist(reference: str) -> ResponseReturnValue:
    """What the first call went through."""
    enquiry = enquiry_of(reference)
    if request.method == "GET" and not may_record(enquiry):
        return redirect(addresses.of_enquiry(reference), 303)
    call = first_call_of(read(), enquiry.id)
    known = {**call.choices, "result": call.result.value} if call else {}
    form = FirstCallForm(typed_or_kept(), data={**known, "version": str(enquiry.version)})
    attempted = attempt(form, lambda writer: record(writer, reference, form))
    enquiry = enquiry_of(reference)
    if attempted is Attempt.DONE:
        return redirect(onward(enquiry, CallResult(form.result.data)), 303)
    return small_page("fostering/follow_up/first_call/checklist.html", enquiry, form, attempted)


def record(writer: Session, reference: str, form: FirstCallForm) -> None:
    """Keep it."""
    result, version = CallResult(form.result.data), form.read_version
    by, at = current_actor(), clock.now()
    record_first_call(writer, reference, form.chosen(), result, version=version, by=by, at=at)


def onward(enquiry: Enquiry, result: CallResult) -> str:
    """To the page of the step that the call leads to, where that can be taken now."""
    to, panel = LEADS_TO.get(result), current_settings().council.fostering.panel_before_decision
    if to is None or to is enquiry.stage or refusal(enquiry, to, by=current_actor(), panel=panel):
        return addresses.of_enquiry(enquiry.public_ref, saved="1")
    return addresses.of_move(enquiry.public_ref, to)
