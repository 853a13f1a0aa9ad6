"""The page on which HR says that a post fell away."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.post_ending import service
from portal.applications.post_ending.forms import PostEndedForm
from portal.applications.sift import queries
from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor
from portal.core.database import database
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.core.text import carried_number

blueprint = Blueprint("staff_post_ending", __name__, url_prefix="/staff/applications/<reference:vacancy>")


@blueprint.route("/post-fell-away", methods=["GET", "POST"])
@requires("applications.release")
@keeps_words
@words_return_to("staff_post_ending.post_ended")
def post_ended(vacancy: str) -> ResponseReturnValue:
    """For whom it would be, and then it is for everybody who is undecided."""
    form, by = PostEndedForm(typed_or_kept()), current_actor()

    def do(session: Session) -> None:
        seen, note = carried_number(form.undecided.data), form.note.data or ""
        service.end_post(session, vacancy, seen=seen, note=note, by=by, at=clock.now())

    attempted = attempt(form, do)
    if attempted is Attempt.DONE:
        return see_other("staff_answers.vacancy", vacancy=vacancy)
    with database().reading() as reader:
        head, waiting = queries.vacancy_head(reader, vacancy, by), service.undecided(reader, vacancy, by)
    if attempted is Attempt.STALE or not form.is_submitted():
        form.undecided.parse(str(waiting.total()))
    html = render_template(
        "applications/post_ending/post_ended.html",
        form=form,
        vacancy=head,
        waiting=sorted(waiting.items()),
        total=waiting.total(),
        stale=attempted is Attempt.STALE,
        back=url_for("staff_applications.vacancy", vacancy=vacancy),
    )
    return html, 409 if attempted is Attempt.STALE else form.status
