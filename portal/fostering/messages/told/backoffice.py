"""The page on which staff record that a family was told another way."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.pages import enquiry_of, small_page
from portal.fostering.messages.told.forms import ToldForm
from portal.fostering.messages.told.options import ToldHow
from portal.fostering.messages.told.service import may_be_told, record_told

blueprint = Blueprint("fostering_told", __name__, url_prefix="/staff/fostering")


@blueprint.route("/<reference:reference>/told", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_told.told")
def told(reference: str) -> ResponseReturnValue:
    """By a letter by hand, face to face or by phone: the same page for every reason."""
    enquiry = enquiry_of(reference)
    if request.method == "GET" and not may_be_told(enquiry):
        return redirect(addresses.of_enquiry(reference), 303)
    form = ToldForm(typed_or_kept(), data={"version": str(enquiry.version)})
    attempted = attempt(form, lambda writer: record(writer, reference, form))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, saved="1"), 303)
    return small_page("fostering/messages/told.html", enquiry_of(reference), form, attempted)


def record(writer: Session, reference: str, form: ToldForm) -> None:
    """Keep it."""
    version, by, at = form.read_version, current_actor(), clock.now()
    record_told(
        writer, reference, form.told_on.data, ToldHow(form.told_how.data), version=version, by=by, at=at
    )
