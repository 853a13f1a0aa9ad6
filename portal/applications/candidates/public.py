"""Signing in and out. Every answer to an address that somebody types is the same, account or none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.applications.candidates import links
from portal.applications.candidates.forms import ButtonForm, SignInForm
from portal.applications.candidates.presence import begin_session
from portal.applications.candidates.queries import live_link
from portal.core import clock, throttle
from portal.core.access import policy_of, public
from portal.core.context import current_actor, visitor
from portal.core.database import read, transaction
from portal.core.errors import TooManyRequests
from portal.core.kept_words import kept_until
from portal.core.mail_links import HOUR, count_asking, keep_private
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.core.sessions import destroy_session
from portal.core.way_back import WayBack, is_page, read_way_back

ASKED_IN_ALL = 2_000
"""By everybody together: many times the busiest closing night."""
ASKED = "sign_in_link_asked_for"
"""What was typed and where it leads, in the session’s row: it must not stay in addresses and histories."""

blueprint = Blueprint("candidates", __name__, url_prefix="/applications")
blueprint.after_request(keep_private)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@keeps_words
def sign_in() -> ResponseReturnValue:
    """Ask for an address and mail a link to it; somebody who is signed in already goes on."""
    token = request.args.get("next", "")
    form = SignInForm(data={"next": token if read_way_back(token) else ""})
    if current_actor().candidate_id is not None and not form.is_submitted():
        return redirect(destination(read_way_back(token)), 303)
    if form.validate_on_submit():
        send_link(form, clock.now())
        session[ASKED] = {"typed": form.email.typed, "next": form.next.typed or None}
        return see_other("candidates.sent")
    context = {"form": form, "kept_until": kept_until()}
    return render_template("applications/candidates/sign_in.html", **context), form.status


@blueprint.get("/sign-in/sent")
@public
def sent() -> ResponseReturnValue:
    """The same for every address: it is shown as typed, whether or not a mailbox has had enough."""
    minutes, window = (int(span.total_seconds() // 60) for span in (links.LINK_LIFE, links.WINDOW))
    return render_template(
        "applications/candidates/sent.html",
        **session.get(ASKED, {"typed": "", "next": None}),
        kept_until=kept_until(),
        minutes=minutes,
        window=window,
        at_most=links.LINKS_AT_MOST,
    )


@blueprint.route("/sign-in/<token:link>", methods=["GET", "POST"])
@public
@keeps_words
def use_link(link: str) -> ResponseReturnValue:
    """A GET shows a button and uses nothing up: mail scanners open links. The POST works once."""
    at = clock.now()
    found = live_link(read(), link, at)
    form = ButtonForm()
    if form.validate_on_submit():
        with transaction() as writer:
            candidate, onwards = links.use_link(writer, link, by=visitor(), at=at)
        begin_session(candidate, at)
        return redirect(destination(way_from(onwards)), 303)
    context = {"form": form, "link": found, "kept": kept_until() is not None}
    return render_template("applications/candidates/use_link.html", **context), form.status


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session here and in the database; harmless for somebody who has none."""
    actor = current_actor()
    if actor.candidate_id is not None:
        with transaction() as writer:
            links.note_sign_out(writer, actor.candidate_id, by=actor, at=clock.now())
    destroy_session()
    return see_other("candidates.signed_out")


@blueprint.get("/signed-out")
@public
def signed_out() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("applications/candidates/signed_out.html")


def send_link(form: SignInForm, at: datetime) -> None:
    """Mail a link, unless this mailbox has had enough of them: that is nobody else’s business.

    Raises TooManyRequests for a network that asks too often, which says nothing about any mailbox.
    """
    count_asking("sign-in link", signs=form.looks_automated(), at=at)
    throttle.hit("sign-in link total", "everybody", limit=ASKED_IN_ALL, per=HOUR, at=at)
    way = read_way_back(str(form.next.typed))
    onwards = {"endpoint": way.endpoint, "values": way.values, "query": way.query} if way else None
    try:
        with transaction() as writer:
            links.ask_for_link(writer, form.email.data, onwards=onwards, at=at)
    except TooManyRequests:
        return


def way_from(onwards: dict[str, Any] | None) -> WayBack | None:
    """Where a link leads, as it was kept; a new version may have renamed the page."""
    if onwards is None or not is_page(onwards["endpoint"]):
        return None
    return WayBack(onwards["endpoint"], onwards["values"], onwards["query"])


def destination(way: WayBack | None) -> str:
    """Where a candidate was going, if that is a candidate’s or a public page; else their applications."""
    home = url_for("my_applications.index")
    policy = policy_of(current_app, way.endpoint) if way is not None else None
    if way is None or policy is None or policy.signed_in:
        return home
    return way.address() or home
