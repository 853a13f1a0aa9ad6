"""A candidate’s own pages: what they have begun and sent, and taking it back."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from portal.applications.answers.wording import addressed
from portal.applications.candidates import leaving, listing, withdrawing, wording
from portal.applications.candidates.forms import ButtonForm, WithdrawForm
from portal.applications.candidates.options import WithdrawalReason
from portal.applications.candidates.withdrawing import why_not_undo
from portal.applications.keeping.queries import goes_on
from portal.applications.keeping.schedule import draft_goes_on
from portal.applications.transitions import ENDED, may_withdraw
from portal.core import clock
from portal.core.access import candidate_only
from portal.core.context import current_actor, current_settings
from portal.core.database import read, transaction
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.journeys.snapshot import sections_of
from portal.vacancies.wording import time_left

blueprint = Blueprint("my_applications", __name__, url_prefix="/applications")


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """No search engine lists these pages."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.context_processor
def words() -> dict[str, object]:
    """What the templates of this blueprint say things with."""
    return {
        "says": wording,
        "time_left": time_left,
        "periods": current_settings().council.retention,
        "draft_goes_on": draft_goes_on,
    }


@blueprint.get("")
@candidate_only
def index() -> ResponseReturnValue:
    """What closes soon first, what has ended last."""
    at = clock.now()
    mine = listing.applications_of(read(), current_actor().candidate_id or 0, at)
    return render_template("applications/candidates/index.html", mine=mine, at=at)


@blueprint.get("/<reference:application>")
@candidate_only
def show(application: str) -> ResponseReturnValue:
    """Where it stands, what happens next, and what was sent."""
    at, found = clock.now(), listing.own_application(read(), application, current_actor().candidate_id)
    # Before they were told an outcome, the day would tell that everybody has one.
    known = found.told_status in ENDED
    day = goes_on(read(), found, current_settings().council.retention) if known else None
    return render_template(
        "applications/candidates/show.html",
        application=found,
        goes_on=day,
        messages=listing.messages_to(read(), found.id),
        addressed=addressed,
        sections=sections_of(found.snapshot),
        withdrawable=may_withdraw(found.told_status),
        why_not_undo=why_not_undo(read(), found, at) if found.withdrawn_at else "",
        form=ButtonForm(),
        at=at,
    )


@blueprint.route("/<reference:application>/withdraw", methods=["GET", "POST"])
@candidate_only
@keeps_words
@words_return_to("my_applications.withdraw")
def withdraw(application: str) -> ResponseReturnValue:
    """Confirm, say why if they like, and take it back."""
    at, by = clock.now(), current_actor()
    found = listing.own_application(read(), application, by.candidate_id)
    form = WithdrawForm(typed_or_kept())
    if form.validate_on_submit():
        reason = WithdrawalReason(form.reason.data) if form.reason.data else None
        with transaction() as session:
            mine = listing.own_application_to_change(session, application, by.candidate_id)
            withdrawing.withdraw(session, mine, reason, by=by, at=at)
        forget_words()
        return see_other("my_applications.show", application=application)
    if not may_withdraw(found.told_status):
        return see_other("my_applications.show", application=application)
    page = "applications/candidates/withdraw.html"
    return render_template(page, form=form, application=found, at=at), form.status


@blueprint.post("/<reference:application>/withdraw/undo")
@candidate_only
def undo_withdrawal(application: str) -> ResponseReturnValue:
    """Within a day everything is as it was."""
    by = current_actor()
    with transaction() as session:
        mine = listing.own_application_to_change(session, application, by.candidate_id)
        withdrawing.undo_withdrawal(session, mine, by=by, at=clock.now())
    return see_other("my_applications.show", application=application)


@blueprint.route("/drafts/<reference:vacancy>/delete", methods=["GET", "POST"])
@candidate_only
@keeps_words
def delete_draft(vacancy: str) -> ResponseReturnValue:
    """Confirm, then delete what was begun; a second press finds it gone, which is what was wanted."""
    at, by, form = clock.now(), current_actor(), ButtonForm()
    entry = listing.own_draft(read(), vacancy, by.candidate_id, at)
    if form.validate_on_submit():
        with transaction() as session:
            leaving.delete_draft(
                session, by.candidate_id or 0, entry.vacancy.id, entry.vacancy.reference, by=by, at=at
            )
        return see_other("my_applications.index")
    return render_template("applications/candidates/delete_draft.html", form=form, entry=entry), form.status
