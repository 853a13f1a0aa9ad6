"""The household’s own pages: a link by request, and what can be changed by it. They show nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import clock, retention
from portal.core.access import public
from portal.core.context import current_actor, current_settings
from portal.core.database import read, transaction
from portal.core.forms import PortalForm
from portal.core.mail_links import keep_private, may_write
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.fostering.options import ContactTime
from portal.fostering.own import links, queries, service
from portal.fostering.own.forms import ButtonForm, ContactForm, DayForm, FindForm

PAGES = {
    "contact": "fostering/own/contact.html",
    "address": "fostering/own/contact.html",
    "day": "fostering/own/day.html",
    "withdrawn": "fostering/own/withdrawn.html",
}
"""What can be done, and the page that asks for it."""

blueprint = Blueprint("own_enquiry", __name__, url_prefix="/fostering/your-enquiry")
blueprint.after_request(keep_private)


def init_app(app: Flask) -> None:
    """Register the pages, and the nightly end of old links."""
    app.register_blueprint(blueprint)
    nightly = retention.Schedule("fostering-own-links", queries.old_links, links.delete_old_links)
    retention.register(app, nightly)


@blueprint.route("", methods=["GET", "POST"])
@public
@keeps_words
def start() -> ResponseReturnValue:
    """Ask for the link; it goes to the mailbox, and the answer is the same for everybody."""
    at, form = clock.now(), FindForm()
    if form.validate_on_submit():
        if may_write("own enquiry", form.email.data, signs=form.looks_automated(), at=at):
            with transaction() as session:
                service.ask_for_link(session, form.email.data, by=current_actor(), at=at)
        return see_other("own_enquiry.link_sent")
    return render_template("fostering/own/start.html", form=form), form.status


@blueprint.get("/link-sent")
@public
def link_sent() -> ResponseReturnValue:
    """The same for everybody."""
    return render_template("fostering/own/link_sent.html")


@blueprint.get("/done")
@public
def done() -> ResponseReturnValue:
    """Say what was done, of no enquiry in particular."""
    what = request.args.get("what", "")
    return render_template("fostering/own/done.html", what=what if what in PAGES else "")


@blueprint.get("/<token:own>")
@public
def choose(own: str) -> ResponseReturnValue:
    """What can be changed; nothing of what there is."""
    queries.check_link(read(), own, clock.now())
    return render_template("fostering/own/choose.html", own=own)


@blueprint.route("/<token:own>/contact", methods=["GET", "POST"])
@public
@keeps_words
def contact(own: str) -> ResponseReturnValue:
    """Other ways of being reached."""
    form = ContactForm()
    what = "address" if form.email.typed else "contact"
    return page_of(own, form, what, lambda **said: service.change_contact(given=form.details(), **said))


@blueprint.route("/<token:own>/another-day", methods=["GET", "POST"])
@public
@keeps_words
def another_day(own: str) -> ResponseReturnValue:
    """Another day for a call."""
    evenings = current_settings().council.fostering.evening_calls
    parts = [part for part in ContactTime if evenings or part is not ContactTime.WD_EVENING]
    form = DayForm(facts={"parts": parts})

    def ask(**said: Any) -> None:
        service.ask_another_day(day=form.day.data, part=form.chosen_part, **said)

    return page_of(own, form, "day", ask)


@blueprint.route("/<token:own>/withdraw", methods=["GET", "POST"])
@public
def withdraw(own: str) -> ResponseReturnValue:
    """A GET asks; only the button stops anything."""
    return page_of(own, ButtonForm(), "withdrawn", service.withdraw)


def page_of(own: str, form: PortalForm, what: str, do: Callable[..., None]) -> ResponseReturnValue:
    """One page of a link: done when it was sent in order, shown as typed when not."""
    at = clock.now()
    queries.check_link(read(), own, at)
    if form.validate_on_submit():
        with form.catching():
            with transaction() as session:
                do(
                    session=session,
                    token=own,
                    by=current_actor(),
                    at=at,
                    council=current_settings().council,
                )
            return see_other("own_enquiry.done", what=what)
    return render_template(PAGES[what], form=form, own=own), form.status
