"""The equality questions for candidates, after sending: optional, once, and skipped by one button.

Both buttons go to the same address and on to the same page, so that no log tells which was pressed. What was
chosen is nowhere but in the answers’ own table: not in a session, and not among words that are kept for
somebody whose session ended.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.applications.equality import queries, service
from portal.applications.equality.forms import EqualityForm, form_of
from portal.applications.equality.lists import Lists, lists_on
from portal.applications.equality.queries import Found
from portal.core import clock
from portal.core.access import candidate_only
from portal.core.context import current_actor, current_settings
from portal.core.database import read, transaction
from portal.core.errors import NotFound
from portal.core.responses import see_other
from portal.core.security import keeps_words

blueprint = Blueprint("equality", __name__, url_prefix="/applications")

SKIP = "skip"


@blueprint.route("/<reference:application>/equality", methods=["GET", "POST"])
@candidate_only
@keeps_words
def questions(application: str) -> ResponseReturnValue:
    """Every question on one page: nothing half answered is kept anywhere."""
    at = clock.now()
    found = queries.own_application(read(), current_actor().candidate_id or 0, application)
    if found is None:
        raise NotFound
    lists = lists_on(clock.london(at).date())
    form = form_of(lists)()
    open_ = queries.may_answer(found, at) and not found.answered
    if form.validate_on_submit() or (form.is_submitted() and skipped() and not form.token_refused):
        if open_ and not skipped():
            keep(found, form, lists)
        return see_other("apply.confirmation", application=found.reference)
    context = {"found": found, "open": open_}
    return render_template("applications/equality/questions.html", form=form, **context), form.status


def skipped() -> bool:
    """Whether the button was pressed that keeps nothing."""
    return request.form.get("choice") == SKIP


def keep(found: Found, form: EqualityForm, lists: Lists) -> None:
    """Keep what was answered; a form that was left blank is a skipped one."""
    answers = form.given_answers()
    if not answers:
        return
    with transaction() as session:
        service.keep_answers(session, found.id, answers, lists=lists.name, key=current_settings().secret_key)
