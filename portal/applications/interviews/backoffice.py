"""The pages on which an announced interview is changed or called off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.interviews import service
from portal.applications.interviews.forms import CallOffForm, CarryingForm, ChangeForm
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.sift import addresses, queries
from portal.applications.sift.backoffice import note_read
from portal.applications.sift.deeds import seen_now
from portal.applications.sift.sheet import Sheet
from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor
from portal.core.kept_words import typed_or_kept, words_return_to
from portal.core.security import keeps_words
from portal.core.text import carried_number

blueprint = Blueprint(
    "staff_interviews", __name__, url_prefix="/staff/applications/<reference:vacancy>/<reference:application>"
)


@blueprint.route("/interview", methods=["GET", "POST"])
@requires("applications.decide")
@keeps_words
@words_return_to("staff_interviews.change")
def change(vacancy: str, application: str) -> ResponseReturnValue:
    """Another time, way or place for an interview that was announced."""
    found, sheet = seen_now(vacancy, application)
    form = ChangeForm(typed_or_kept(), data={**carried(sheet), **announced(found.application)})

    def do(session: Session) -> None:
        said = {**form.interview(), "note": form.note.data or ""}
        locked = locked_of(session, vacancy, application, form)
        service.change_interview(session, locked, **said, by=current_actor(), at=clock.now())

    attempted = attempt(form, do)
    if attempted is Attempt.DONE:
        return redirect(addresses.of_application(vacancy, application, done="interview_changed"), 303)
    return deed_page("applications/interviews/change.html", form, vacancy, application, attempted)


@blueprint.route("/interview/call-off", methods=["GET", "POST"])
@requires("applications.decide")
@keeps_words
@words_return_to("staff_interviews.call_off")
def call_off(vacancy: str, application: str) -> ResponseReturnValue:
    """An interview that was announced does not take place."""
    form = CallOffForm(typed_or_kept(), data=carried(seen_now(vacancy, application)[1]))

    def do(session: Session) -> None:
        said: dict[str, Any] = {"note": form.note.data or "", "by": current_actor(), "at": clock.now()}
        service.call_off_interview(session, locked_of(session, vacancy, application, form), **said)

    attempted = attempt(form, do)
    if attempted is Attempt.DONE:
        return redirect(addresses.of_application(vacancy, application, done="called_off"), 303)
    return deed_page("applications/interviews/call_off.html", form, vacancy, application, attempted)


def carried(sheet: Sheet) -> dict[str, str]:
    """What a page carries along: which version it showed, and the newest entry of the history."""
    return {"version": str(sheet.version), "seen": str(sheet.seen)}


def announced(application: Application) -> dict[str, Any]:
    """How the interview is announced now."""
    if application.interview_at is None:
        return {}
    local, mode = clock.london(application.interview_at), application.interview_mode
    return {
        "interview_on": local.date(),
        "interview_time": f"{local:%H:%M}",
        "interview_mode": mode.value if mode else "",
        "interview_place": application.interview_place or "",
    }


def locked_of(session: Session, vacancy: str, application: str, form: CarryingForm) -> Application:
    """The application as the page showed it, locked."""
    by, version = current_actor(), carried_number(form.version.data)
    return queries.application_to_change(session, vacancy, application, by=by, version=version)


def is_announced(status: Status) -> bool:
    """Whether there is an interview to change."""
    return status is Status.INTERVIEW_INVITED


def deed_page(
    template: str,
    form: CarryingForm,
    vacancy: str,
    application: str,
    attempted: Attempt,
    *,
    possible_at: Callable[[Status], bool] = is_announced,
) -> ResponseReturnValue:
    """The page; after somebody else’s change with both, or with why nothing can be done any more."""
    found, sheet = seen_now(vacancy, application)
    stale, news = attempted is Attempt.STALE, sheet.since(carried_number(form.seen.data))
    if stale:
        form.version.parse(str(sheet.version))
        form.seen.parse(str(sheet.seen))
    note_read(sheet)
    told = found.application.told_status is Status.INTERVIEW_INVITED
    possible = possible_at(sheet.status)
    html = render_template(
        template,
        form=form,
        sheet=sheet,
        stale=stale,
        news=news,
        told=told,
        possible=possible,
        back=addresses.of_application(vacancy, application),
    )
    refused = not possible and form.is_submitted()
    return html, 409 if refused or attempted in (Attempt.STALE, Attempt.REFUSED) else form.status
