"""Two enquiries side by side."""

from __future__ import annotations

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor, current_settings
from portal.core.database import read
from portal.core.errors import NotFound
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.fostering.follow_up import addresses, queries
from portal.fostering.follow_up.linking.forms import HouseholdForm, OtherForm, Pair
from portal.fostering.follow_up.linking.options import Said
from portal.fostering.follow_up.linking.service import compare_households, other_to_compare, rows_of
from portal.fostering.follow_up.pages import enquiry_of, note_read, small_page
from portal.fostering.models import Enquiry

blueprint = Blueprint("fostering_households", __name__, url_prefix="/staff/fostering")


@blueprint.route("/<reference:reference>/household/<reference:other>", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_households.compare")
def compare(reference: str, other: str) -> ResponseReturnValue:
    """One household or two."""
    enquiry, twin = enquiry_of(reference), twin_of(other)
    facts = {"pair": Pair.of(enquiry, twin)}
    form = HouseholdForm(typed_or_kept(), data={"version": str(enquiry.version)}, facts=facts)
    attempted = attempt(form, lambda writer: record(writer, reference, other, form))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, saved="1"), 303)
    enquiry, twin = enquiry_of(reference), twin_of(other)
    note_read(twin.public_ref)
    rows = rows_of(enquiry, twin)
    return small_page(
        "fostering/follow_up/linking/compare.html", enquiry, form, attempted, twin=twin, rows=rows
    )


@blueprint.route("/<reference:reference>/household", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_households.choose")
def choose(reference: str) -> ResponseReturnValue:
    """Which enquiry to compare with; it is only looked at then, so that a slip does nothing."""
    enquiry, form = enquiry_of(reference), OtherForm(typed_or_kept())
    if form.validate_on_submit():
        with form.catching():
            other = other_to_compare(read(), enquiry, form.other.data or "", by=current_actor()).public_ref
            forget_words()
            return redirect(addresses.of_page("fostering_households.compare", reference, other=other), 303)
    return small_page("fostering/follow_up/linking/choose.html", enquiry, form, Attempt.OPEN)


def twin_of(reference: str) -> Enquiry:
    """The other enquiry, read beside the first."""
    found = queries.enquiry_file(read(), reference, by=current_actor())
    if found is None:
        raise NotFound
    return found.enquiry


def record(writer: Session, reference: str, other: str, form: HouseholdForm) -> None:
    """Keep what was said."""
    compare_households(
        writer,
        (reference, other),
        Said(form.state.data),
        version=form.read_version,
        note=form.note.data or "",
        by=current_actor(),
        at=clock.now(),
        council=current_settings().council,
    )
