"""Keeping the queue’s filters under a name."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor
from portal.core.database import read, transaction
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.forms import QueueForm
from portal.fostering.follow_up.saved import service
from portal.fostering.follow_up.saved.forms import DeleteForm, SaveForm
from portal.fostering.follow_up.saved.queries import saved_filters

blueprint = Blueprint("fostering_saved", __name__, url_prefix="/staff/fostering/lists")


@blueprint.get("")
@requires("fostering.read")
def index() -> ResponseReturnValue:
    """The lists that this person keeps."""
    saved = saved_filters(read(), current_actor().id or 0)
    address = addresses.of_saved
    return render_template(
        "fostering/follow_up/saved/index.html", saved=saved, delete=DeleteForm(None), address=address
    )


@blueprint.route("/save", methods=["GET", "POST"])
@requires("fostering.read")
@keeps_words
@words_return_to("fostering_saved.save")
def save() -> ResponseReturnValue:
    """Give the filters of this address a name."""
    form, filters = SaveForm(typed_or_kept()), QueueForm(request.args, meta={"csrf": False}).filters(None)
    if form.validate_on_submit():
        with form.catching():
            with transaction() as session:
                me, at = current_actor().id or 0, clock.now()
                service.save_filter(session, form.name.data, filters, person_id=me, at=at)
            forget_words()
            return redirect(addresses.of_queue(), 303)
    page = "fostering/follow_up/saved/save.html"
    facts = {"back": addresses.of_queue(), "chosen": filters.in_words()}
    return render_template(page, form=form, **facts), form.status


@blueprint.get("/<number:saved_id>/delete")
@requires("fostering.read")
def deleted(saved_id: int) -> ResponseReturnValue:
    """The address of a form that was sent, opened on its own: the page it stands on."""
    return see_other(".index")


@blueprint.post("/<number:saved_id>/delete")
@requires("fostering.read")
def delete(saved_id: int) -> ResponseReturnValue:
    """Let one go."""
    with transaction() as session:
        service.delete_filter(session, saved_id, person_id=current_actor().id or 0)
    return see_other(".index")
