"""Asking for an alert, confirming it, and finding all alerts of a mailbox.

Every answer to an address that somebody types is the same, whatever is known of it. A GET only ever asks:
mail scanners open links.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import public
from portal.core.context import current_actor, current_settings
from portal.core.database import read, transaction
from portal.core.mail_links import keep_private, may_write
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.vacancies.alerts import queries, service
from portal.vacancies.alerts.forms import AlertForm, ButtonForm, FindForm
from portal.vacancies.alerts.models import Frequency
from portal.vacancies.alerts.searches import (
    chips_for,
    filters_of,
    kept_search,
    name_of,
    search_in_words,
    wanted,
)
from portal.vacancies.search.filters import Filters

blueprint = Blueprint("alerts", __name__, url_prefix="/alerts")
blueprint.after_request(keep_private)


@blueprint.route("/new", methods=["GET", "POST"])
@public
@keeps_words
def start() -> ResponseReturnValue:
    """The search of the address in words, an email address, how often."""
    at, form = clock.now(), AlertForm()
    teams = queries.teams_of(read(), at)
    filters = wanted(Filters.from_arguments(request.args), teams)
    if form.validate_on_submit():
        signs = form.looks_automated()
        if may_write("alerts", form.email.data, signs=signs, at=at):
            with transaction() as session:
                service.ask_for_alert(
                    session,
                    email=form.email.data,
                    search=kept_search(filters),
                    frequency=Frequency(form.frequency.data),
                    signs=signs,
                    by=current_actor(),
                    at=at,
                    settings=current_settings().council.alerts,
                )
        return see_other("alerts.asked")
    chips = chips_for(filters, teams, url_for("alerts.start"))
    return render_template(
        "vacancies/alerts/start.html", form=form, chips=chips, search=kept_search(filters)
    ), form.status


@blueprint.get("/check-your-email")
@public
def asked() -> ResponseReturnValue:
    """The same for everybody."""
    return render_template("vacancies/alerts/asked.html", days=current_settings().council.alerts.confirm_days)


@blueprint.route("/confirm/<token:confirmation>", methods=["GET", "POST"])
@public
def confirm(confirmation: str) -> ResponseReturnValue:
    """A GET shows what would begin, and a button; the POST works once."""
    at, form = clock.now(), ButtonForm()
    if form.is_submitted():
        settings = current_settings().council.alerts
        with transaction() as session:
            alert = service.confirm_alert(session, confirmation, by=current_actor(), at=at, settings=settings)
        return see_other("alerts.show", alert=alert.token, done="confirmed")
    alert = queries.alert_to_confirm(read(), confirmation, at)
    words = search_in_words(filters_of(alert.search), queries.teams_of(read(), at))
    return render_template("vacancies/alerts/confirm.html", form=form, alert=alert, words=words)


@blueprint.route("/find", methods=["GET", "POST"])
@public
@keeps_words
def find() -> ResponseReturnValue:
    """Ask for the link to all alerts; it goes to the mailbox, and the answer is always the same."""
    at, form = clock.now(), FindForm()
    if form.validate_on_submit():
        if may_write("alerts", form.email.data, signs=form.looks_automated(), at=at):
            with transaction() as session:
                service.ask_for_list(session, form.email.data, at=at)
        return see_other("alerts.link_sent")
    return render_template("vacancies/alerts/find.html", form=form), form.status


@blueprint.get("/link-sent")
@public
def link_sent() -> ResponseReturnValue:
    """The same for everybody."""
    return render_template("vacancies/alerts/link_sent.html")


@blueprint.get("/all/<token:listing>")
@public
def listing(listing: str) -> ResponseReturnValue:
    """All alerts of a mailbox, for a day after its owner asked."""
    at, session = clock.now(), read()
    alerts = queries.alerts_by_list_token(session, listing, at)
    teams = queries.teams_of(session, at)
    entries = [(alert, name_of(filters_of(alert.search), teams)) for alert in alerts]
    return render_template("vacancies/alerts/listing.html", entries=entries)
