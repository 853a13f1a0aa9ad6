"""The team’s pages of events: the list, one event with who comes; announcing, changing and cancelling it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.clock import london
from portal.core.context import current_actor
from portal.core.database import read, small_write, transaction
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.core.wording import clock_time
from portal.fostering.follow_up.forms import EnquiryForm
from portal.fostering.information_events import queries, service, telling
from portal.fostering.information_events.forms import CancelForm, EventForm
from portal.fostering.information_events.models import InformationEvent

blueprint = Blueprint("staff_events", __name__, url_prefix="/staff/fostering/events")


@blueprint.get("")
@requires("fostering.read")
def index() -> ResponseReturnValue:
    """What lies ahead, and what has been."""
    ahead, past = queries.events_of_staff(read(), clock.now())
    return render_template("fostering/information_events/staff/index.html", ahead=ahead, past=past)


@blueprint.route("/new", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("staff_events.new")
def new() -> ResponseReturnValue:
    """Announce an event."""
    form = EventForm(typed_or_kept(), data={"title": "Information evening"})
    if form.validate_on_submit():
        with form.catching():
            with transaction() as session:
                facts = form.event_facts
                event = service.create_event(session, facts, by=current_actor(), at=clock.now())
            forget_words()
            return see_other(".show", event=event.reference, done="announced")
    return render_template("fostering/information_events/staff/new.html", form=form), form.status


@blueprint.get("/<reference:event>")
@requires("fostering.read")
def show(event: str) -> ResponseReturnValue:
    """One event, and everybody who has booked."""
    found, at = event_now(event), clock.now()
    with small_write("audit of a read") as writer:
        service.note_event_read(writer, event, by=current_actor(), at=at)
    bookings = queries.bookings_of(read(), found.event.id)
    hidden = queries.hidden_bookings(read(), found.event.id, by=current_actor())
    gone = [booking for booking in bookings if not booking.is_live]
    undelivered = queries.undelivered(read(), bookings)
    return render_template(
        "fostering/information_events/staff/show.html",
        one=found,
        event=found.event,
        guests=[booking for booking in bookings if booking.is_live],
        gone=gone,
        hidden=hidden,
        undelivered=undelivered,
        to_call=telling.to_be_called(found.event, gone, undelivered, at=at),
        is_open=found.event.is_open(at),
        is_over=found.event.is_over(at),
        done=request.args.get("done", ""),
    )


@blueprint.route("/<reference:event>/change", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("staff_events.change")
def change(event: str) -> ResponseReturnValue:
    """Another time, another place, more room."""
    form = EventForm(typed_or_kept(), data=as_typed(event_now(event).event))

    def save(session: Session) -> None:
        service.change_event(
            session, event, form.event_facts, version=form.read_version, by=current_actor(), at=clock.now()
        )

    attempted = attempt(form, save)
    if attempted is Attempt.DONE:
        return see_other(".show", event=event, done="changed")
    return event_page("fostering/information_events/staff/change.html", event, form, attempted)


@blueprint.route("/<reference:event>/cancel", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("staff_events.cancel")
def cancel(event: str) -> ResponseReturnValue:
    """Call it off, with what everybody who has booked is told."""
    form = CancelForm(typed_or_kept(), data={"version": str(event_now(event).event.version)})

    def save(session: Session) -> None:
        note, version = form.cancel_note.data or "", form.read_version
        service.cancel_event(session, event, note, version=version, by=current_actor(), at=clock.now())

    attempted = attempt(form, save)
    if attempted is Attempt.DONE:
        return see_other(".show", event=event, done="cancelled")
    return event_page("fostering/information_events/staff/cancel.html", event, form, attempted)


def event_now(reference: str) -> queries.Listed:
    """The event as it stands now, whatever this request has read before; raises NotFound."""
    read().close()
    return queries.event_of(read(), reference)


def event_page(
    template: str,
    reference: str,
    form: EnquiryForm,
    attempted: Attempt,
    *,
    ahead_only: bool = True,
    **facts: Any,
) -> ResponseReturnValue:
    """The form; where somebody else changed the event, with how it stands now beside what was typed.

    What can only be done while the event lies ahead has no page afterwards: its address leads to the event.
    """
    found, at = event_now(reference), clock.now()
    stale = attempted is Attempt.STALE
    if stale:
        form.version.parse(str(found.event.version))
    if ahead_only and request.method == "GET" and not found.event.is_open(at):
        return see_other("staff_events.show", event=reference)
    html = render_template(template, form=form, one=found, event=found.event, stale=stale, at=at, **facts)
    return html, 409 if attempted.conflicts else form.status


def as_typed(event: InformationEvent) -> dict[str, Any]:
    """The event as the form holds it."""
    return {
        "version": str(event.version),
        "title": event.title,
        "day": london(event.starts_at).date(),
        "begins": typed_time(event.starts_at),
        "ends": typed_time(event.ends_at),
        "mode": event.mode.value,
        "place": event.place,
        "join_link": event.join_link,
        "capacity": event.capacity,
        "about": event.about,
    }


def typed_time(instant: datetime) -> str:
    """As people type it, in digits."""
    words = clock_time(instant)
    return {"midday": "12pm", "midnight": "12am"}.get(words, words)
