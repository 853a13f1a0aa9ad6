"""Where applying begins, from an advert, and where it ends: the confirmation."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.applications.apply import queries, service
from portal.applications.apply.begin_form import BeginForm
from portal.applications.apply.desk import Desk, current_desk
from portal.applications.apply.needs import needs_of
from portal.applications.candidates import wording
from portal.applications.keeping.schedule import draft_goes_on, is_over
from portal.applications.models import Application
from portal.applications.transitions import may_withdraw
from portal.core import clock
from portal.core.access import candidate_only, public
from portal.core.context import current_actor, current_settings
from portal.core.database import SAFE_METHODS, read, transaction
from portal.core.errors import NotFound
from portal.core.kept_words import words_return_to
from portal.core.page_cache import cached_page, valid_until
from portal.core.responses import see_other
from portal.core.wording import weekday
from portal.journeys.service import Place
from portal.vacancies.models import Vacancy
from portal.vacancies.queries import vacancy_by_slug
from portal.vacancies.wording import in_words, title_and_team

blueprint = Blueprint("apply", __name__)


@blueprint.get("/vacancies/<slug:slug>/apply")
@public
@cached_page
def start(slug: str) -> ResponseReturnValue:
    """What applying takes, and what comes after; of a closed advert that it is closed."""
    at = clock.now()
    found = vacancy_by_slug(read(), slug, at)
    vacancy = queries.vacancy_to_apply_for(read(), found.reference) if found is not None else None
    if vacancy is None:
        raise NotFound
    if not vacancy.is_open(at):
        return closed_page(vacancy, at)
    valid_until(vacancy.closes_at)
    context = {"heading": title_and_team(vacancy), "needs": needs_of(vacancy)}
    return render_template("applications/apply/start.html", vacancy=vacancy, **context)


def closed_page(vacancy: Vacancy, at: datetime) -> str:
    """That it is over, and what became of what somebody had begun or sent."""
    goes_on = draft_goes_on(vacancy.ended_at, current_settings().council.retention)
    context = {"goes_on": goes_on, "gone": is_over(goes_on, at)}
    return render_template("applications/apply/closed.html", vacancy=vacancy, **context)


@blueprint.route("/applications/begin/<reference:vacancy>", methods=["GET", "POST"])
@words_return_to("apply.begin")
@candidate_only
def begin(vacancy: str) -> ResponseReturnValue:
    """Go on with what was begun, or begin; a candidate who has applied already is told so.

    A visitor signs in first and comes back here by a GET, which writes nothing: there is a button to press.
    """
    desk = current_desk()
    if desk.application is not None:
        return sent_already(desk.application, desk)
    if desk.draft is not None:
        return see_other("application.start", vacancy=desk.vacancy.reference)
    if not desk.is_open:
        return see_other("apply.start", slug=desk.vacancy.slug)
    earlier = desk.earlier
    form = BeginForm(facts={"earlier": earlier})
    if not form.validate_on_submit():
        context = {"desk": desk, "heading": desk.title_and_team, "earlier": earlier}
        return render_template("applications/apply/begin.html", form=form, **context), form.status
    with transaction() as session:
        service.begin_application(
            session,
            Place(desk.journey, desk.holder, desk.lifetime),
            desk.vacancy,
            desk.candidate_id,
            earlier=earlier if form.reuse.data == "yes" else None,
            by=current_actor(),
            at=desk.at,
        )
    return see_other("application.start", vacancy=desk.vacancy.reference)


@blueprint.errorhandler(service.AlreadyApplied)
def led_to_it(sent: service.AlreadyApplied) -> ResponseReturnValue:
    """Begun in this very moment on two devices, and sent from one of them."""
    if not sent.facts["own"]:
        return see_other("apply.begin", vacancy=current_desk().vacancy.reference)
    return see_other("apply.confirmation", application=sent.facts["reference"])


def sent_already(application: Application, desk: Desk) -> ResponseReturnValue:
    """What was sent and where it stands; where its account was deleted since, what can be done instead."""
    if request.method not in SAFE_METHODS:
        return see_other("apply.begin", vacancy=desk.vacancy.reference)
    own = application.candidate_id is not None
    return render_template(
        "applications/apply/sent_before.html",
        application=application,
        vacancy=desk.vacancy,
        heading=desk.title_and_team,
        own=own,
        says=wording,
        at=desk.at,
        again=desk.is_open and may_withdraw(application.told_status),
    )


@blueprint.get("/applications/for/<reference:vacancy>/advert")
@candidate_only
def back(vacancy: str) -> ResponseReturnValue:
    """The advert, by its reference."""
    return see_other("vacancies.show", slug=current_desk().vacancy.slug)


@blueprint.get("/applications/<reference:application>/confirmation")
@candidate_only
def confirmation(application: str) -> ResponseReturnValue:
    """What was sent, and what happens by when; for as long as the application is kept."""
    candidate_id = current_actor().candidate_id
    found = queries.own_application(read(), application, candidate_id) if candidate_id else None
    if found is None:
        raise NotFound
    return render_template(
        "applications/apply/confirmation.html",
        application=found,
        vacancy=found.vacancy,
        interviews=in_words(weekday(date.fromisoformat(text)) for text in found.vacancy.interview_dates),
    )
