"""The page of a hand-over."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor, current_settings
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.hub.forms import HandoverForm
from portal.fostering.follow_up.hub.service import hand_over
from portal.fostering.follow_up.pages import enquiry_of, small_page

blueprint = Blueprint("fostering_hub", __name__, url_prefix="/staff/fostering")


@blueprint.route("/<reference:reference>/handover", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_hub.handover")
def handover(reference: str) -> ResponseReturnValue:
    """To the hub or another council, or from them."""
    enquiry = enquiry_of(reference)
    if request.method == "GET" and not enquiry.is_open:
        return redirect(addresses.of_enquiry(reference), 303)
    known = {"version": str(enquiry.version), "hub_ref": enquiry.hub_ref, "handed_on": clock.today()}
    form = HandoverForm(typed_or_kept(), data=known)
    attempted = attempt(form, lambda writer: record(writer, reference, form))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, saved="1"), 303)
    return small_page("fostering/follow_up/hub/handover.html", enquiry_of(reference), form, attempted)


def record(writer: Session, reference: str, form: HandoverForm) -> None:
    """Keep it."""
    made, version, council = form.handover(), form.read_version, current_settings().council
    by, at = current_actor(), clock.now()
    hand_over(writer, reference, made, version=version, by=by, at=at, council=council)
