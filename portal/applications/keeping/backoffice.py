"""Legal holds: what is held and why, putting something on hold, ending it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.applications.keeping import queries, service
from portal.applications.keeping.forms import EndForm, HoldForm
from portal.applications.keeping.queries import Kept
from portal.applications.promises.forgotten import forgotten
from portal.core import clock
from portal.core.access import requires
from portal.core.context import current_actor, current_settings
from portal.core.database import read, transaction
from portal.core.errors import InvalidTransition
from portal.core.forms import PortalForm
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words

blueprint = Blueprint("staff_keeping", __name__, url_prefix="/staff/applications/keeping")


@blueprint.get("")
@requires("applications.keep")
def index() -> ResponseReturnValue:
    """What is on legal hold, and the periods of the rest."""
    return render_template(
        "applications/keeping/index.html",
        vacancies=queries.held_vacancies(read()),
        applications=queries.held_applications(read()),
        forgotten=forgotten(read(), clock.now()),
        periods=current_settings().council.retention,
    )


@blueprint.route("/<reference:vacancy>/hold", methods=["GET", "POST"])
@requires("applications.keep")
@keeps_words
@words_return_to("staff_keeping.hold_vacancy")
def hold_vacancy(vacancy: str) -> ResponseReturnValue:
    """Keep every application to this vacancy."""
    form = HoldForm(typed_or_kept())

    def do(session: Session, **said: Any) -> None:
        service.hold_vacancy(session, queries.vacancy_to_hold(session, vacancy), form.reason.data, **said)

    return deed(Deed("applications/keeping/hold.html", form, do, begins=True), vacancy)


@blueprint.route("/<reference:vacancy>/end", methods=["GET", "POST"])
@requires("applications.keep")
@keeps_words
@words_return_to("staff_keeping.end_vacancy")
def end_vacancy(vacancy: str) -> ResponseReturnValue:
    """End the hold on a vacancy."""

    def do(session: Session, **said: Any) -> None:
        service.end_vacancy_hold(session, queries.vacancy_to_hold(session, vacancy), **said)

    return deed(Deed("applications/keeping/end.html", EndForm(typed_or_kept()), do), vacancy)


@blueprint.route("/<reference:vacancy>/<reference:application>/hold", methods=["GET", "POST"])
@requires("applications.keep")
@keeps_words
@words_return_to("staff_keeping.hold")
def hold(vacancy: str, application: str) -> ResponseReturnValue:
    """Keep one application."""
    form = HoldForm(typed_or_kept())

    def do(session: Session, **said: Any) -> None:
        held = queries.application_to_hold(session, vacancy, application)
        service.hold_application(session, held, form.reason.data, **said)

    return deed(Deed("applications/keeping/hold.html", form, do, begins=True), vacancy, application)


@blueprint.route("/<reference:vacancy>/<reference:application>/end", methods=["GET", "POST"])
@requires("applications.keep")
@keeps_words
@words_return_to("staff_keeping.end")
def end(vacancy: str, application: str) -> ResponseReturnValue:
    """End the hold on one application."""

    def do(session: Session, **said: Any) -> None:
        held = queries.application_to_hold(session, vacancy, application)
        service.end_application_hold(session, held, **said)

    return deed(Deed("applications/keeping/end.html", EndForm(typed_or_kept()), do), vacancy, application)


@dataclass(frozen=True, slots=True)
class Deed:
    """A page of these and what its form does."""

    template: str
    form: PortalForm
    do: Callable[..., object]
    """Does it: session, `by` and `at`."""
    begins: bool = False
    """Whether a hold begins, rather than ends."""


def deed(deed: Deed, vacancy: str, application: str = "") -> ResponseReturnValue:
    """Show the page, or do it; where the hold is not as the page thought, say so with what was typed."""
    form, why = deed.form, ""
    if form.validate_on_submit():
        try:
            with transaction() as session:
                deed.do(session, by=current_actor(), at=clock.now())
        except InvalidTransition as refusal:
            why = refusal.facts["why"]
        else:
            forget_words()
            return see_other(".index")
    read().close()
    kept = queries.kept_of(read(), vacancy, application, current_settings().council.retention)
    if form.errors and deed.begins and kept.held_at:
        why = service.ON_HOLD  # its page has no field that an error could lead to
    html = render_template(deed.template, form=form, kept=kept, why=why, pages=pages_of(kept))
    return html, 409 if why else form.status


def pages_of(kept: Kept) -> dict[str, str]:
    """Where this is held, and where the hold is ended."""
    if kept.application:
        return {
            page: url_for(f"staff_keeping.{page}", vacancy=kept.vacancy, application=kept.application)
            for page in ("hold", "end")
        }
    return {page: url_for(f"staff_keeping.{page}_vacancy", vacancy=kept.vacancy) for page in ("hold", "end")}
