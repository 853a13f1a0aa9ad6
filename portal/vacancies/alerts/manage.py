"""The pages behind the links in mails: one alert, and the end of all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, throttle
from portal.core.access import public
from portal.core.context import client_address, current_actor, current_settings
from portal.core.database import read, transaction
from portal.core.responses import see_other
from portal.core.security import keeps_words, machine_post
from portal.vacancies.alerts import queries, service
from portal.vacancies.alerts.forms import ButtonForm, FrequencyForm, ReasonForm, SearchForm
from portal.vacancies.alerts.models import Alert, Frequency, StopReason
from portal.vacancies.alerts.public import blueprint
from portal.vacancies.alerts.searches import (
    chips_for,
    filters_of,
    kept_search,
    name_of,
    search_in_words,
    wanted,
)
from portal.vacancies.pay import full_time_pay
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.listing import listing_of
from portal.vacancies.search.queries import search_vacancies

ONE_CLICK = ("List-Unsubscribe", "One-Click")
NOT_ONE_CLICK = "Nothing was changed: open this address to stop your alerts.\n"
DONE = ("confirmed", "frequency", "search", "paused", "resumed", "kept")
"""What may just have happened to an alert."""

REASONS_AN_HOUR = 10
SHOWN = 5
"""Adverts beside a search that is being changed."""


@blueprint.get("/<token:alert>")
@public
def show(alert: str) -> ResponseReturnValue:
    """One alert, with everything that can be done to it."""
    return page_of(queries.alert_by_token(read(), alert), FrequencyForm)


@blueprint.post("/<token:alert>/frequency")
@public
@keeps_words
def frequency(alert: str) -> ResponseReturnValue:
    """Write more or less often."""
    form = FrequencyForm()
    if not form.validate_on_submit():
        return page_of(queries.alert_by_token(read(), alert), lambda **_: form)
    settings = current_settings().council.alerts
    return do(
        alert,
        "frequency",
        service.change_frequency,
        frequency=Frequency(form.frequency.data),
        settings=settings,
    )


@blueprint.post("/<token:alert>/pause")
@public
def pause(alert: str) -> ResponseReturnValue:
    """Send nothing for a while."""
    return do(alert, "paused", service.pause)


@blueprint.post("/<token:alert>/resume")
@public
def resume(alert: str) -> ResponseReturnValue:
    """Begin again."""
    return do(alert, "resumed", service.resume, settings=current_settings().council.alerts)


@blueprint.post("/<token:alert>/keep")
@public
def keep(alert: str) -> ResponseReturnValue:
    """Yes, it is still wanted."""
    return do(alert, "kept", service.keep)


@blueprint.route("/<token:alert>/search", methods=["GET", "POST"])
@public
@keeps_words
def change(alert: str) -> ResponseReturnValue:
    """Filter until the list shows what is wanted, then use that: only the POST changes the alert."""
    at, form, found = clock.now(), SearchForm(), queries.alert_by_token(read(), alert)
    teams, path = queries.teams_of(read(), at), url_for("alerts.change", alert=alert)
    if form.validate_on_submit():
        search = kept_search(wanted(filters_of(str(form.search.typed)), teams))
        return do(alert, "search", service.change_search, search=search)
    asked = Filters.from_arguments(request.args) if request.args else filters_of(found.search)
    filters = wanted(asked, teams)
    form.search.typed = kept_search(filters)
    page = search_vacancies(read(), filters, at)
    facts = {
        "listing": listing_of(page, path, at),
        "found": [(row.title, full_time_pay(row)) for row in page.rows[:SHOWN]],
        "chips": chips_for(filters, teams, path),
        "search_at": path,
        "back": url_for("alerts.show", alert=alert),
    }
    return render_template("vacancies/alerts/change.html", form=form, **facts), form.status


@blueprint.route("/<token:alert>/stop", methods=["GET", "POST"])
@public
def stop(alert: str) -> ResponseReturnValue:
    """A GET asks; one that is stopped already says so."""
    form = ButtonForm()
    if form.is_submitted():
        with transaction() as session:
            service.stop(session, alert, by=current_actor(), at=clock.now())
        return see_other("alerts.stopped")
    try:
        found = queries.alert_by_token(read(), alert)
    except queries.AlertGone:
        return render_template("vacancies/alerts/stopped.html", every=False)
    return render_template("vacancies/alerts/stop.html", form=form, alert=found, name=name_of_search(found))


@blueprint.get("/stopped")
@public
def stopped() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("vacancies/alerts/stopped.html", every="every" in request.args)


@blueprint.route("/unsubscribe/<token:mailbox>", methods=["GET", "POST"])
@public
@machine_post
def unsubscribe(mailbox: str) -> ResponseReturnValue:
    """RFC 8058: mail programs post here by themselves, without session, cookie or form token.

    The answer never depends on whether there is such a mailbox. Anything but the agreed body changes nothing.
    """
    if request.method == "POST" and says_one_click():
        with transaction() as session:
            service.stop_all(session, mailbox, how="one_click", by=current_actor(), at=clock.now())
        return Response("You will get no more messages.\n", mimetype="text/plain")
    if request.method == "POST":
        return Response(NOT_ONE_CLICK, 400, mimetype="text/plain")
    return render_template("vacancies/alerts/unsubscribe.html", form=ButtonForm(), mailbox=mailbox)


@blueprint.post("/unsubscribe/<token:mailbox>/all")
@public
def stop_all(mailbox: str) -> ResponseReturnValue:
    """What a person presses who has opened that address."""
    with transaction() as session:
        service.stop_all(session, mailbox, how="page", by=current_actor(), at=clock.now())
    return see_other("alerts.stopped", every="1")


@blueprint.route("/why", methods=["GET", "POST"])
@public
@keeps_words
def why() -> ResponseReturnValue:
    """Asked after it has happened, and counted without saying for whom."""
    at, form = clock.now(), ReasonForm()
    if form.validate_on_submit():
        network = throttle.network(client_address())
        throttle.hit("alerts why", network, limit=REASONS_AN_HOUR, per=timedelta(hours=1), at=at)
        with transaction() as session:
            service.count_reason(session, StopReason(form.reason.data))
        return see_other("alerts.thanks")
    return render_template("vacancies/alerts/why.html", form=form), form.status


@blueprint.get("/thank-you")
@public
def thanks() -> ResponseReturnValue:
    """The end."""
    return render_template("vacancies/alerts/thanks.html")


def page_of(alert: Alert, make_form: Callable[..., FrequencyForm]) -> ResponseReturnValue:
    """The page of an alert; 422 where the form has errors."""
    words = search_in_words(filters_of(alert.search), queries.teams_of(read(), clock.now()))
    form = make_form(data={"frequency": alert.frequency.value})
    done = request.args.get("done", "")
    facts: dict[str, Any] = {"alert": alert, "words": words, "done": done if done in DONE else ""}
    return render_template("vacancies/alerts/show.html", form=form, button=ButtonForm(), **facts), form.status


def name_of_search(alert: Alert) -> str:
    """The search in one line."""
    return name_of(filters_of(alert.search), queries.teams_of(read(), clock.now()))


def do(token: str, done: str, deed: Callable[..., None], **facts: Any) -> Response:
    """Do one thing to an alert, and go back to its page."""
    with transaction() as session:
        deed(session, token, by=current_actor(), at=clock.now(), **facts)
    return see_other("alerts.show", alert=token, done=done)


def says_one_click() -> bool:
    """Whether the body is the one of the standard, as either kind of form or as plain text."""
    raw = request.get_data(cache=True, parse_form_data=False)
    name, value = ONE_CLICK
    return request.form.get(name) == value or raw.strip() == f"{name}={value}".encode()
