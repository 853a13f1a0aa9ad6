"""What is kept of a candidate, for how long and why; taking it away, and leaving."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from portal.applications.candidates import leaving, listing
from portal.applications.candidates.download import archive_of, what_is_kept
from portal.applications.candidates.forms import ButtonForm
from portal.applications.candidates.models import Candidate
from portal.applications.candidates.pages import blueprint
from portal.applications.candidates.resting import account_goes_at
from portal.core import clock
from portal.core.access import candidate_only, public
from portal.core.context import current_actor
from portal.core.database import read, transaction
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.core.sessions import destroy_session


@blueprint.get("/my-data")
@candidate_only
def my_data() -> ResponseReturnValue:
    """When what goes, and why it is kept until then."""
    candidate = read().get_one(Candidate, current_actor().candidate_id)
    mine = listing.applications_of(read(), candidate.id, clock.now())
    return render_template(
        "applications/candidates/my_data.html",
        mine=mine,
        goes_at=account_goes_at(candidate),
        form=ButtonForm(),
    )


@blueprint.post("/my-data/download")
@candidate_only
def download() -> ResponseReturnValue:
    """Everything, as one archive; that it was taken is noted first."""
    at, by = clock.now(), current_actor()
    with transaction() as session:
        kept = what_is_kept(session, by.candidate_id or 0, by=by, at=at)
    name = f"my-applications-{clock.london(at):%Y-%m-%d}.zip"
    response = Response(archive_of(kept, at), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.route("/my-data/delete-account", methods=["GET", "POST"])
@candidate_only
@keeps_words
def delete_account() -> ResponseReturnValue:
    """Confirm, then delete the account and everything that was not sent."""
    at, by, form = clock.now(), current_actor(), ButtonForm()
    if form.validate_on_submit():
        with transaction() as session:
            leaving.delete_account(session, by.candidate_id or 0, how="owner", by=by, at=at)
        destroy_session()
        return see_other("my_applications.account_deleted")
    mine = listing.applications_of(read(), by.candidate_id or 0, at)
    return render_template("applications/candidates/delete_account.html", form=form, mine=mine), form.status


@blueprint.get("/account-deleted")
@public
def account_deleted() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("applications/candidates/account_deleted.html")
