"""The page on which HR admits a late application, and sees whom it has admitted."""

from __future__ import annotations

from datetime import time

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.admissions import queries, service
from portal.applications.admissions.forms import AdmitForm
from portal.applications.keeping.queries import vacancy_to_hold
from portal.applications.sift.deeds import Attempt, attempt
from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor
from portal.core.database import read, small_write
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words

blueprint = Blueprint("staff_admissions", __name__, url_prefix="/staff/applications/<reference:vacancy>")

END_OF_DAY = time(23, 59)


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
        return see_other(".late", vacancy=vacancy)
    read().close()
    found = queries.vacancy_of(read(), vacancy)
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
        back=url_for("staff_applications.vacancy", vacancy=vacancy),
    )
    return html, 409 if attempted is Attempt.REFUSED else form.status
