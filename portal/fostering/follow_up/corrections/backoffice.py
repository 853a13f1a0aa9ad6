"""The pages on which contact details are corrected and a doubtful enquiry is passed."""

from __future__ import annotations

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor, current_settings
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.corrections.forms import CheckedForm, DetailsForm
from portal.fostering.follow_up.corrections.service import correct_details, note_sent_by_a_person
from portal.fostering.follow_up.pages import enquiry_of, small_page

blueprint = Blueprint("fostering_corrections", __name__, url_prefix="/staff/fostering")


@blueprint.route("/<reference:reference>/details", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_corrections.details")
def details(reference: str) -> ResponseReturnValue:
    """A changed address, a number that was somebody else’s."""
    enquiry = enquiry_of(reference)
    known = {"version": str(enquiry.version), **DetailsForm.known(enquiry)}
    form = DetailsForm(typed_or_kept(), data=known)
    attempted = attempt(form, lambda writer: record_details(writer, reference, form))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, saved="1"), 303)
    return small_page("fostering/follow_up/corrections/details.html", enquiry_of(reference), form, attempted)


def record_details(writer: Session, reference: str, form: DetailsForm) -> None:
    """Keep what was entered."""
    correct_details(
        writer,
        reference,
        form.details(),
        phone_wrong=form.phone_wrong.data,
        email_wrong=form.email_wrong.data,
        version=form.read_version,
        note=form.note.data or "",
        by=current_actor(),
        at=clock.now(),
        team=current_settings().council.fostering,
    )


@blueprint.route("/<reference:reference>/checked", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_corrections.checked")
def checked(reference: str) -> ResponseReturnValue:
    """Somebody has looked at an enquiry that may have been automated: a person sent it."""
    enquiry = enquiry_of(reference)
    form = CheckedForm(typed_or_kept(), data={"version": str(enquiry.version)})
    if not enquiry.quarantined and not form.is_submitted():
        return redirect(addresses.of_enquiry(reference), 303)
    attempted = attempt(form, lambda writer: record_checked(writer, reference, form))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, saved="1"), 303)
    return small_page("fostering/follow_up/corrections/checked.html", enquiry_of(reference), form, attempted)


def record_checked(writer: Session, reference: str, form: CheckedForm) -> None:
    """Take the doubt away."""
    version, note = form.read_version, form.note.data or ""
    note_sent_by_a_person(writer, reference, version=version, note=note, by=current_actor(), at=clock.now())
