"""The buttons of the queue that record how a call went."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.backoffice import add_contact, contact_refused
from portal.fostering.follow_up.calls.offers import pressed
from portal.fostering.follow_up.forms import ContactForm
from portal.fostering.options import ActivityKind, CallOutcome

blueprint = Blueprint("fostering_calls", __name__, url_prefix="/staff/fostering/call")


@blueprint.route("", methods=["GET", "POST"])
@requires("fostering.work")
def log() -> ResponseReturnValue:
    """Record the call that was just made; whatever is in the way is said on the household’s own page."""
    at, button = clock.now(), pressed(request.form.get("call", ""))
    if button is None:
        return redirect(addresses.way_back()[0], 303)
    typed = {"kind": ActivityKind.CALL_OUT, "outcome": button.outcome, "version": button.version}
    form = ContactForm(MultiDict({**request.form, **typed, "happened": "now"}))
    attempted = attempt(form, lambda writer: add_contact(writer, button.reference, form, at))
    if attempted is not Attempt.DONE:
        return contact_refused(button.reference, form, attempted, at)
    if button.outcome == CallOutcome.SPOKE:
        return redirect(addresses.of_enquiry(button.reference, recorded="1"), 303)
    return redirect(addresses.of_called(button.reference), 303)
