"""What the public sees of events: the dates, one event, booking without an account, and giving places back.

The dates and each event are the same for everybody, so they are kept in memory. A GET changes nothing:
mail scanners open links.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import public
from portal.core.calendar_entry import MEDIA_TYPE
from portal.core.context import current_actor
from portal.core.database import read, transaction
from portal.core.mail_links import keep_private, may_write
from portal.core.page_cache import cached_page, valid_until
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.core.tokens import new_token
from portal.fostering.information_events import queries
from portal.fostering.information_events.booking import book_places
from portal.fostering.information_events.forms import BookForm, ButtonForm
from portal.fostering.information_events.giving_up import give_up_by_link
from portal.fostering.information_events.telling import calendar_entry

blueprint = Blueprint("fostering_events", __name__, url_prefix="/fostering/events")
places = Blueprint("event_places", __name__, url_prefix="/fostering/events/places")
places.after_request(keep_private)


@blueprint.get("")
@public
@cached_page
def index() -> ResponseReturnValue:
    """Every event that lies ahead, the next one first."""
    events = queries.upcoming(read(), clock.now())
    valid_until(queries.next_change(events))
    return render_template("fostering/information_events/index.html", events=events)


@blueprint.get("/<reference:event>")
@public
@cached_page
def show(event: str) -> ResponseReturnValue:
    """One event: when, where, whether there is room. Stays when it is over or was cancelled, and says so."""
    at = clock.now()
    found = queries.event_of(read(), event)
    ahead = queries.upcoming(read(), at)
    valid_until(queries.next_change(ahead))
    others = [one for one in ahead if one.left and one.event.id != found.event.id]
    return render_template(
        "fostering/information_events/show.html", one=found, others=others, is_open=found.event.is_open(at)
    )


@blueprint.get("/<reference:event>.ics")
@public
@cached_page
def dates(event: str) -> ResponseReturnValue:
    """The event for a calendar, without the link of a meeting online."""
    found = queries.event_of(read(), event)
    entry = calendar_entry(found.event, for_guests=False)
    return Response(entry.to_ical(), content_type=f"{MEDIA_TYPE}; charset=utf-8")


@blueprint.route("/<reference:event>/book", methods=["GET", "POST"])
@public
@keeps_words
def book(event: str) -> ResponseReturnValue:
    """A name, an address, how many; what no longer fits is said on the form."""
    at, form = clock.now(), BookForm(data={"key": new_token()})
    if form.validate_on_submit():
        with form.catching():
            take_places(event, form, at)
            return see_other(".booked", event=event)
    found = queries.event_of(read(), event)
    if not form.is_submitted() and (not found.event.is_open(at) or not found.left):
        return see_other(".show", event=event)
    return render_template("fostering/information_events/book.html", form=form, one=found), form.status


@blueprint.get("/<reference:event>/booked")
@public
@cached_page
def booked(event: str) -> ResponseReturnValue:
    """The same for everybody: it says nothing of who booked."""
    return render_template("fostering/information_events/booked.html", one=queries.event_of(read(), event))


@places.route("/<token:place>", methods=["GET", "POST"])
@public
def own(place: str) -> ResponseReturnValue:
    """What the link of a mail opens: the event, the number of places, and a button to give them back."""
    at, form = clock.now(), ButtonForm()
    if form.is_submitted():
        with transaction() as session:
            give_up_by_link(session, place, by=current_actor(), at=at)
        return see_other(".own", place=place)
    booking = queries.booking_by_token(read(), place)
    return render_template(
        "fostering/information_events/own.html",
        form=form,
        booking=booking,
        event=booking.event,
        is_open=booking.is_live and booking.event.is_open(at),
    )


def take_places(event: str, form: BookForm, at: datetime) -> None:
    """Count the request, then book; raises TooManyRequests for a network that asks for too much.

    Where the mailbox has had enough of our mails, the places are booked all the same.
    """
    signs = form.looks_automated()
    mail = may_write("events", form.email.data, signs=signs, at=at)
    with transaction() as session:
        book_places(
            session,
            event,
            form.guest,
            key=form.submission_key,
            signs=signs,
            by=current_actor(),
            at=at,
            mail=mail,
        )
