"""The page on which HR admits a late application, and sees whom it has admitted."""

from __future__ import annotations

from datetime import time

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.admissions import queries, service
from portal.applications.admissions.forms import AdmitForm, TakeBackForm
from portal.applications.answers.queries import vacancy_of
from portal.applications.keeping.queries import vacancy_to_hold
from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor
from portal.core.database import read, small_write
from portal.core.errors import NotFound
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.core.text import carried_number

blueprint = Blueprint("staff_admissions", __name__, url_prefix="/staff/applications/<reference:vacancy>")

END_OF_DAY = time(23, 59)
DONE = {
    "admitted": "Admitted. An email goes to the address below: check it, and take it back if it is wrong.",
    "taken_back": "Taken back. An email says so.",
}


@blueprint.route("/late", methods=["GET", "POST"])
@requires("applications.release")
@keeps_words
@words_return_to("staff_admissions.late")
def late(vacancy: str) -> ResponseReturnValue:
    """Let one candidate send after closing."""
    form, by, at = AdmitForm(typed_or_kept()), current_actor(), clock.now()

    def do(session: Session) -> None:
        locked = vacancy_to_hold(session, vacancy)
        until = clock.london_instant(form.until.data, END_OF_DAY)
        service.admit_late(session, locked, form.email.data, form.reason.data, until, by=by, at=at)

    attempted = attempt(form, do)
    if attempted is Attempt.DONE:
        return see_other(".late", vacancy=vacancy, done="admitted")
    read().close()
    found = vacancy_of(read(), vacancy)
    admitted = queries.admissions_of(read(), found.id)
    with small_write("audit of a read") as writer:
        service.note_read(writer, vacancy, shown=len(admitted), by=by, at=at)
    html = render_template(
        "applications/admissions/late.html",
        form=form,
        vacancy=found,
        admitted=admitted,
        why_not=service.why_not(found, at),
        at=at,
        done=DONE.get(request.args.get("done", "")),
    )
    return html, 409 if attempted is Attempt.REFUSED else form.status


@blueprint.route("/late/take-back", methods=["GET", "POST"])
@requires("applications.release")
def take_back(vacancy: str) -> ResponseReturnValue:
    """An admission was a mistake, and nobody has relied on it yet; the address names which."""
    number, form = carried_number(request.args.get("admission")), TakeBackForm()
    by, at = current_actor(), clock.now()

    def do(session: Session) -> None:
        locked = vacancy_to_hold(session, vacancy)
        found = queries.admission_to_take_back(session, vacancy, number, lock=True)
        if found is None:
            raise NotFound
        service.take_back(session, found, locked, by=by, at=at)

    if attempt(form, do) is Attempt.DONE:
        return see_other(".late", vacancy=vacancy, done="taken_back")
    read().close()
    found = queries.admission_to_take_back(read(), vacancy, number)
    if found is None:
        return redirect(url_for(".late", vacancy=vacancy), 303)
    with small_write("audit of a read") as writer:
        service.note_read(writer, vacancy, shown=1, by=by, at=at)
    why_not = service.why_not_take_back(read(), found, at)
    context = {"form": form, "vacancy": vacancy, "admission": found, "why_not": why_not}
    html = render_template("applications/admissions/take_back.html", **context)
    return html, 409 if why_not and form.is_submitted() else form.status
