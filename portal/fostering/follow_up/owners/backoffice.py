"""The pages on which a household is taken or handed over, and who covers for whom."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor
from portal.core.database import read, transaction
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.owners import queries, service
from portal.fostering.follow_up.owners.forms import CoverForm, EndCoverForm, OwnerForm
from portal.fostering.follow_up.pages import enquiry_of, small_page

blueprint = Blueprint("fostering_owners", __name__, url_prefix="/staff/fostering")


@blueprint.route("/<reference:reference>/owner", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_owners.owner")
def owner(reference: str) -> ResponseReturnValue:
    """Take a household, or hand it over."""
    enquiry, me = enquiry_of(reference), current_actor()
    if not enquiry.is_open and request.method == "GET":
        return redirect(addresses.of_enquiry(reference), 303)
    people = [(person.id, person.name) for person in queries.team(read())]
    if not service.may_hand_over(enquiry, me):
        people = [(identifier, name) for identifier, name in people if identifier == me.id]
    mine = None if enquiry.owner_id == me.id else str(me.id)
    known = {"version": str(enquiry.version), "owner": mine}
    form = OwnerForm(typed_or_kept(), data=known, facts={"team": people})
    attempted = attempt(form, lambda writer: record_owner(writer, reference, form))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, saved="1"), 303)
    return small_page("fostering/follow_up/owners/owner.html", enquiry_of(reference), form, attempted)


def record_owner(writer: Session, reference: str, form: OwnerForm) -> None:
    """Make the chosen person the owner."""
    chosen, version, note = int(form.owner.data), form.read_version, form.note.data or ""
    by, at = current_actor(), clock.now()
    service.change_owner(writer, reference, chosen, version=version, note=note, by=by, at=at)


@blueprint.route("/cover", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_owners.cover")
def cover() -> ResponseReturnValue:
    """Who is away, and who looks after their households."""
    me = current_actor()
    everybody = [(person.id, person.name) for person in queries.team(read())]
    away = [one for one in everybody if one[0] == me.id or me.can(queries.MANAGER)]
    facts = {"team": away, "everybody": everybody}
    form = CoverForm(typed_or_kept(), data={"person": str(me.id)}, facts=facts)
    if form.validate_on_submit():
        with form.catching():
            chosen, days = (
                (int(form.person.data), int(form.cover.data)),
                (form.first_day.data, form.last_day.data),
            )
            with transaction() as writer:
                service.arrange_cover(writer, *chosen, days, by=me, at=clock.now())
            forget_words()
            return see_other(".cover")
    covers = queries.covers(read(), clock.today())
    page = "fostering/follow_up/owners/cover.html"
    return render_template(page, form=form, covers=covers, end=EndCoverForm(None), me=me), form.status


@blueprint.get("/cover/<number:cover_id>/end")
@requires("fostering.work")
def cover_ended(cover_id: int) -> ResponseReturnValue:
    """The address of a form that was sent, opened on its own: the page it stands on."""
    return see_other(".cover")


@blueprint.post("/cover/<number:cover_id>/end")
@requires("fostering.work")
def end_cover(cover_id: int) -> ResponseReturnValue:
    """They are back."""
    with transaction() as writer:
        service.end_cover(writer, cover_id, by=current_actor(), at=clock.now())
    return see_other(".cover")
