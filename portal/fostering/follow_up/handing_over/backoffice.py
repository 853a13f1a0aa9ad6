"""The pages on which many households get another owner: chosen, looked at, confirmed."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor
from portal.core.database import read
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.core.text import carried_number, clean_line
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.handing_over import queries, service
from portal.fostering.follow_up.handing_over.forms import ConfirmForm, HandOverForm
from portal.fostering.follow_up.handing_over.handover import Handover
from portal.fostering.follow_up.owners.queries import MANAGER, team

blueprint = Blueprint("fostering_handing_over", __name__, url_prefix="/staff/fostering/hand-over")

LONGEST_REFERENCE = 40
TICKED = "pick-"
"""How the boxes of the list are named, each with its reference: they are no group of one question."""


@blueprint.route("", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_handing_over.choose")
def choose() -> ResponseReturnValue:
    """From whom to whom; or to whom those go that were ticked in the list, which sends them here."""
    if "ticked" in request.form:
        ticked = picked([value for name, value in request.form.items() if name.startswith(TICKED)])
        return redirect(addresses.of_handing_over("choose", ticked, **({} if ticked else {"none": "1"})), 303)
    form = HandOverForm(typed_or_kept(), facts=choices())
    if form.validate_on_submit():
        forget_words()
        chosen = {"whose": form.whose.data or "", "to": form.to.data}
        return redirect(addresses.of_handing_over("confirm", form.facts["picked"], **chosen), 303)
    page = "fostering/follow_up/handing_over/choose.html"
    return render_template(
        page,
        form=form,
        picked=form.facts["picked"],
        done=carried_number(request.args.get("done", "")),
        none_ticked=request.args.get("none") == "1",
        back=addresses.way_back(),
    ), form.status


@blueprint.route("/check", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("fostering_handing_over.confirm")
def confirm() -> ResponseReturnValue:
    """How many go over and which; they go when that is confirmed, unless it is not true any more."""
    chosen = HandOverForm(request.args, facts=choices(), meta={"csrf": False})
    if not chosen.validate():
        return redirect(addresses.of_handing_over("choose", chosen.facts["picked"]), 303)
    form, gone = ConfirmForm(typed_or_kept()), list[int]()
    attempted = attempt(form, lambda writer: gone.append(hand_over(writer, form, chosen.handover())))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_handing_over("choose", (), done=str(gone[0])), 303)
    stale = attempted is Attempt.STALE
    return preview(chosen, form, stale=stale), 409 if stale else form.status


def hand_over(writer: Session, form: ConfirmForm, handover: Handover) -> int:
    """Hand them over; gives how many."""
    by, at, note = current_actor(), clock.now(), form.note.data or ""
    return service.hand_over(writer, handover, str(form.mark.data), note=note, by=by, at=at)


def preview(chosen: HandOverForm, form: ConfirmForm, *, stale: bool = False) -> str:
    """What goes over as it stands now."""
    read().close()
    handover = chosen.handover()
    rows = queries.going(read(), handover, current_actor())
    form.mark.parse(queries.mark_of(rows))
    names = {**dict(chosen.facts["team"]), None: "nobody"}
    return render_template(
        "fostering/follow_up/handing_over/check.html",
        form=form,
        rows=rows,
        staying=queries.staying(read(), handover, len(rows), current_actor()),
        to=names[handover.to],
        whose=None if handover.picked else names[handover.whose],
        most=queries.AT_A_TIME,
        stale=stale,
        address_of=addresses.of_enquiry,
        back=addresses.of_handing_over("choose", handover.picked),
    )


def choices() -> dict[str, object]:
    """The team; whose households this person may give away; and what was ticked."""
    me = current_actor()
    people = [(person.id, person.name) for person in team(read())]
    owners = [person for person in people if person[0] == me.id or me.can(MANAGER)]
    return {"team": people, "owners": owners, "picked": picked(request.args.getlist("pick"))}


def picked(values: list[str]) -> tuple[str, ...]:
    """References that were ticked, each once, as many as go over at a time."""
    found = (clean_line(value[:LONGEST_REFERENCE]) for value in values[: queries.AT_A_TIME])
    return tuple(dict.fromkeys(reference for reference in found if reference))
