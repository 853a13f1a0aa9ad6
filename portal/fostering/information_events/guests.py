"""The team’s pages about who comes: places booked and given back, attendance, whose household it was."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.access import requires
from portal.core.attempts import Attempt, attempt
from portal.core.context import current_actor, current_settings
from portal.core.database import read, small_write, transaction
from portal.core.errors import NotFound
from portal.core.kept_words import forget_words, typed_or_kept, words_return_to
from portal.core.responses import see_other
from portal.core.security import keeps_words
from portal.core.tokens import new_token
from portal.core.wording import clock_time, plural, weekday
from portal.fostering.follow_up import addresses
from portal.fostering.follow_up.pages import enquiry_of, note_read, small_page
from portal.fostering.information_events import attending, booking, queries
from portal.fostering.information_events.backoffice import event_now, event_page
from portal.fostering.information_events.forms import (
    AttendanceForm,
    ButtonForm,
    CallerForm,
    PlaceForm,
    WhoseForm,
)
from portal.fostering.information_events.giving_up import give_up_by_staff
from portal.fostering.information_events.models import EventBooking
from portal.fostering.information_events.options import Attendance
from portal.fostering.information_events.service import note_event_read
from portal.fostering.models import Enquiry

blueprint = Blueprint("event_guests", __name__, url_prefix="/staff/fostering")


@blueprint.route("/<reference:reference>/event", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("event_guests.place")
def place(reference: str) -> ResponseReturnValue:
    """Places for a household, from its page."""
    enquiry, at = enquiry_of(reference), clock.now()
    facts = {"events": event_choices(queries.with_room(read(), at)), "email": enquiry.email}
    known = {"version": str(enquiry.version), "access_needs": enquiry.contact_needs}
    form = PlaceForm(typed_or_kept(), data=known, facts=facts)
    attempted = attempt(form, lambda writer: book_for(writer, reference, form))
    if attempted is Attempt.DONE:
        return redirect(addresses.of_enquiry(reference, saved="1"), 303)
    return small_page("fostering/information_events/staff/place.html", enquiry_of(reference), form, attempted)


@blueprint.route("/events/<reference:event>/add", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("event_guests.add")
def add(event: str) -> ResponseReturnValue:
    """Places for somebody who calls and has not enquired."""
    form = CallerForm(typed_or_kept())
    attempted = attempt(form, lambda writer: book_caller(writer, event, form))
    if attempted is Attempt.DONE:
        return see_other("staff_events.show", event=event, done="booked")
    return event_page("fostering/information_events/staff/add.html", event, form, attempted)


@blueprint.route("/events/<reference:event>/attendance", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("event_guests.attendance")
def attendance(event: str) -> ResponseReturnValue:
    """Who came, of everybody who had places."""
    found = event_now(event).event
    bookings = queries.live_bookings(read(), found.id)
    hidden = queries.hidden_bookings(read(), found.id, by=current_actor())
    came = [str(one.id) for one in bookings if one.attendance is Attendance.CAME]
    facts = {"guests": [(str(one.id), guest_words(one, hidden)) for one in bookings]}
    known = {"version": str(found.version), "came": came}
    form = AttendanceForm(typed_or_kept(), data=known, facts=facts)
    attempted = attempt(form, lambda writer: record_attendance(writer, event, form))
    if attempted is Attempt.DONE:
        return see_other("staff_events.show", event=event, done="attendance")
    note_guests_read(event)
    page = "fostering/information_events/staff/attendance.html"
    return event_page(page, event, form, attempted, ahead_only=False, begun=found.is_over(clock.now()))


@blueprint.route("/events/<reference:event>/bookings/<number:booking_id>/cancel", methods=["GET", "POST"])
@requires("fostering.work")
def give_up(event: str, booking_id: int) -> ResponseReturnValue:
    """Places given back by somebody who has called."""
    form, found = ButtonForm(), seen_booking(event, booking_id)
    if form.is_submitted():
        with transaction() as session:
            give_up_by_staff(session, event, booking_id, by=current_actor(), at=clock.now())
        return see_other("staff_events.show", event=event, done="given_up")
    note_guests_read(event)
    one = event_now(event)
    return render_template(
        "fostering/information_events/staff/give_up.html", form=form, guest=found, one=one, event=one.event
    )


@blueprint.route("/events/<reference:event>/bookings/<number:booking_id>/enquiry", methods=["GET", "POST"])
@requires("fostering.work")
@keeps_words
@words_return_to("event_guests.whose")
def whose(event: str, booking_id: int) -> ResponseReturnValue:
    """Whose household it is that booked: one whose enquiry we have, or a new one."""
    guest = seen_booking(event, booking_id)
    if guest.enquiry is not None:
        return redirect(addresses.of_enquiry(guest.enquiry.public_ref), 303)
    likely = queries.likely_enquiries(read(), guest, by=current_actor())
    form = WhoseForm(typed_or_kept(), facts={"enquiries": [enquiry_choice(one, guest) for one in likely]})
    if form.validate_on_submit():
        with form.catching():
            with transaction() as session:
                enquiry = say_whose(session, event, booking_id, form.chosen)
            forget_words()
            return redirect(addresses.of_enquiry(enquiry.public_ref, saved="1"), 303)
    note_guests_read(event)
    note_read(*(one.public_ref for one in likely))
    one = event_now(event)
    page = "fostering/information_events/staff/whose.html"
    return render_template(page, form=form, guest=guest, one=one, event=one.event, likely=likely), form.status


def seen_booking(event: str, booking_id: int) -> EventBooking:
    """The booking, unless it is of a record that this person may not read; raises NotFound."""
    found = event_now(event).event
    if booking_id in queries.hidden_bookings(read(), found.id, by=current_actor()):
        raise NotFound
    return queries.booking_of(read(), found.id, booking_id)


def note_guests_read(event: str) -> None:
    """The audit of a page that names who has booked."""
    with small_write("audit of a read") as writer:
        note_event_read(writer, event, by=current_actor(), at=clock.now())


def event_choices(events: list[queries.Listed]) -> list[tuple[str, str]]:
    """Events with room, as radios."""
    return [(one.event.reference, event_words(one)) for one in events]


def event_words(one: queries.Listed) -> str:
    """When it is, what it is called, how much room it has."""
    when = f"{weekday(one.event.starts_at)}, {clock_time(one.event.starts_at)}"
    return f"{when}: {one.event.title} ({plural(one.left, 'place')} left)"


def enquiry_choice(enquiry: Enquiry, guest: EventBooking) -> tuple[str, str]:
    """An enquiry that may be theirs; mails about the event then go to its address, so another one is said."""
    received, other = weekday(enquiry.received_at), guest.email_key and enquiry.email_key != guest.email_key
    words = (
        f"{enquiry.public_ref}: {enquiry.full_name}, received on {received}, {enquiry.status.label.lower()}"
    )
    return enquiry.public_ref, f"{words}, not with this email address" if other else words


def guest_words(guest: EventBooking, hidden: frozenset[int]) -> str:
    """Somebody with places, as a checkbox."""
    name = f"A restricted record ({guest.reference})" if guest.id in hidden else guest.full_name
    return name if guest.people == 1 else f"{name} ({guest.people} people)"


def book_for(writer: Session, reference: str, form: PlaceForm) -> None:
    """Book for the household."""
    booking.book_for_enquiry(
        writer,
        form.event.data,
        reference,
        people=form.people.data,
        access_needs=form.access_needs.data or None,
        writes=form.writes.data == "yes",
        version=form.read_version,
        by=current_actor(),
        at=clock.now(),
    )


def book_caller(writer: Session, event: str, form: CallerForm) -> None:
    """Book for who called."""
    booking.book_places(writer, event, form.guest, key=new_token(), by=current_actor(), at=clock.now())


def record_attendance(writer: Session, event: str, form: AttendanceForm) -> None:
    """Keep who came."""
    came = {int(one) for one in form.came.data}
    version = form.read_version
    attending.record_attendance(writer, event, came, version=version, by=current_actor(), at=clock.now())


def say_whose(writer: Session, event: str, booking_id: int, chosen: str | None) -> Enquiry:
    """Link the booking, or make an enquiry of it."""
    by, at = current_actor(), clock.now()
    if chosen is None:
        council = current_settings().council
        return attending.make_enquiry_of(writer, event, booking_id, by=by, at=at, council=council)
    return attending.link_to_enquiry(writer, event, booking_id, chosen, by=by, at=at)
