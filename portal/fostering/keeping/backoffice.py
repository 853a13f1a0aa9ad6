"""What is due to go and who lets it go; what is held; holding or erasing one record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor, current_settings
from portal.core.database import read, transaction
from portal.core.errors import NotFound, StaleEdit
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.forms import EnquiryForm
from portal.fostering.follow_up.owners.queries import team
from portal.fostering.follow_up.pages import enquiry_of, small_page
from portal.fostering.information_events.queries import unlinked_bookings
from portal.fostering.keeping import erasing, holds, queries, service
from portal.fostering.keeping.forms import (
    ApproveForm,
    EndHoldForm,
    EraseForm,
    EraseHouseholdForm,
    HoldForm,
    TakeBackForm,
)
from portal.fostering.keeping.options import EraseScope, HoldReason

blueprint = Blueprint("fostering_keeping", __name__, url_prefix="/staff/fostering")


@blueprint.get("/keeping")
@requires("fostering.manage")
def index() -> ResponseReturnValue:
    """The list of this week, what waits for the night, what is held, and what was done before."""
    return keeping_page(ApproveForm(None))


@blueprint.get("/keeping/approve")
@requires("fostering.manage")
def approved() -> ResponseReturnValue:
    """The address of a form that was sent, opened on its own: the page it stands on."""
    return see_other(".index")


@blueprint.post("/keeping/approve")
@requires("fostering.manage")
@keeps_words
@words_return_to("fostering_keeping.index")
def approve() -> ResponseReturnValue:
    """Let the list go as it was shown; a list that has changed meanwhile is shown again instead."""
    form = ApproveForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                approve_as(session, str(form.mark.data))
        except StaleEdit:
            return keeping_page(ApproveForm(None), stale=True), 409
        return see_other(".index", done="approved")
    if not queries.to_approve(read(), clock.now(), current_settings().council.retention):
        return keeping_page(ApproveForm(None), stale=True), 409  # its form is not on the page any more
    return keeping_page(form), 422


def approve_as(session: Session, mark: str) -> None:
    """Let the list go that bears this mark."""
    periods = current_settings().council.retention
    service.approve_list(session, mark, by=current_actor(), at=clock.now(), periods=periods)


@blueprint.get("/keeping/<number:list_id>/take-back")
@requires("fostering.manage")
def taken_back(list_id: int) -> ResponseReturnValue:
    """The address of a form that was sent, opened on its own: the page it stands on."""
    return see_other(".index")


@blueprint.post("/keeping/<number:list_id>/take-back")
@requires("fostering.manage")
def take_back(list_id: int) -> ResponseReturnValue:
    """Nothing of this list goes tonight; a list that does not wait any more is said to be done with."""
    try:
        with transaction() as session:
            service.take_back(session, list_id, by=current_actor(), at=clock.now())
    except NotFound:
        return keeping_page(ApproveForm(None), too_late=True), 409
    return see_other(".index", done="taken-back")


def keeping_page(form: ApproveForm, *, stale: bool = False, too_late: bool = False) -> str:
    """Everything about keeping, with the list as it stands now."""
    read().close()
    at, periods = clock.now(), current_settings().council.retention
    due = queries.to_approve(read(), at, periods)
    form.mark.parse(queries.mark_of(due))
    return render_template(
        "fostering/keeping/index.html",
        form=form,
        due=due,
        most=queries.MOST_ON_A_LIST,
        waiting=queries.waiting_lists(read()),
        going=queries.going_by_list(read(), at, periods),
        take_back=TakeBackForm(None),
        held=queries.held_records(read(), by=current_actor()),
        past=queries.past_lists(read()),
        periods=periods,
        today=clock.london(at).date(),
        done=request.args.get("done", ""),
        stale=stale,
        too_late=too_late,
    )


@blueprint.route("/<reference:reference>/hold", methods=["GET", "POST"])
@requires("fostering.manage")
@keeps_words
@words_return_to("fostering_keeping.hold")
def hold(reference: str) -> ResponseReturnValue:
    """Keep one record beyond its time, or say who looks at it next and when."""
    enquiry, me = enquiry_of(reference), current_actor()
    known = {
        "version": str(enquiry.version),
        "reason": enquiry.hold_reason,
        "owner": str(enquiry.hold_owner_id or me.id),
    }
    people = [(person.id, person.name) for person in team(read())]
    form = HoldForm(typed_or_kept(), data=known, facts={"team": people})
    return deed(
        reference, form, "fostering/keeping/hold.html", lambda writer: record_hold(writer, reference, form)
    )


def record_hold(writer: Session, reference: str, form: HoldForm) -> None:
    """Keep it."""
    owner, review_on = int(form.owner.data), form.review_on.data
    reason, version, by, at = HoldReason(form.reason.data), form.read_version, current_actor(), clock.now()
    holds.hold_record(writer, reference, reason, owner, review_on, version=version, by=by, at=at)


@blueprint.route("/<reference:reference>/hold/end", methods=["GET", "POST"])
@requires("fostering.manage")
@keeps_words
@words_return_to("fostering_keeping.end_hold")
def end_hold(reference: str) -> ResponseReturnValue:
    """Let the schedule count for this record again."""
    form = EndHoldForm(typed_or_kept(), data={"version": str(enquiry_of(reference).version)})

    def do(writer: Session) -> None:
        version, by, at = form.read_version, current_actor(), clock.now()
        holds.end_hold(writer, reference, version=version, by=by, at=at)

    return deed(reference, form, "fostering/keeping/end_hold.html", do)


@blueprint.route("/<reference:reference>/erase", methods=["GET", "POST"])
@requires("fostering.manage")
@keeps_words
@words_return_to("fostering_keeping.erase")
def erase(reference: str) -> ResponseReturnValue:
    """Erase one record because its household asks for it, alone or with the household’s others."""
    enquiry, by = enquiry_of(reference), current_actor()
    others = erasing.household(read(), enquiry, by=by)
    kind = EraseHouseholdForm if others.goes else EraseForm
    form = kind(typed_or_kept(), data={"version": str(enquiry.version), "others": others.mark})
    attempted = attempt(form, lambda writer: erase_as(writer, reference, form))
    if attempted is Attempt.DONE:
        return see_other(".index", done="all-erased" if mark_in(form) else "erased")
    enquiry = enquiry_of(reference)
    others = erasing.household(read(), enquiry, by=by)
    if isinstance(form, EraseHouseholdForm) and form.others.data != others.mark:
        form.ask_again(others.mark)
    why = erasing.reason_against(read(), enquiry)
    found = {"others": others, "bookings": unlinked_bookings(read(), [enquiry, *others.goes])}
    return small_page("fostering/keeping/erase.html", enquiry, form, attempted, why=why, **found)


def erase_as(writer: Session, reference: str, form: EnquiryForm) -> None:
    """Erase what was chosen."""
    version, by, at, council = form.read_version, current_actor(), clock.now(), current_settings().council
    mark = mark_in(form)
    erasing.erase_record(writer, reference, version=version, with_others=mark, by=by, at=at, council=council)


def mark_in(form: EnquiryForm) -> str:
    """Of the others that were chosen to go with it; empty where it goes alone."""
    chosen = isinstance(form, EraseHouseholdForm) and form.scope.data == EraseScope.ALL
    return str(form.others.data) if chosen and isinstance(form, EraseHouseholdForm) else ""


def deed(
    reference: str, form: EnquiryForm, template: str, do: Callable[[Session], Any]
) -> ResponseReturnValue:
    """Show the page, or do it and go back to the household."""
    attempted = attempt(form, do)
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, saved="1"), 303)
    enquiry = enquiry_of(reference)
    reason = queries.reason_in_words(enquiry.hold_reason)
    return small_page(template, enquiry, form, attempted, held=enquiry.is_held, reason=reason)
