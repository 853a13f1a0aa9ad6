"""Who comes: booked from the enquiry or by phone, given back, came or not, and whose enquiry it is."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.errors import InvalidTransition
from portal.fostering.information_events.attending import record_attendance
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.options import Attendance, GivenUpBy
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind, Channel, HeardFrom, Stage, Status
from tests.support.builders import make_enquiry
from tests.support.client import SAME_ORIGIN, field_values, find_form
from tests.support.events import make_booking, make_event

LIST = "/staff/fostering/events"


@pytest.fixture(autouse=True)
def today(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def officer(sign_in):
    return sign_in("fostering")


@pytest.fixture
def event(db):
    with db.transaction() as session:
        return make_event(session)


def home(event):
    return f"{LIST}/{event.reference}"


def household(db, **changes):
    with db.transaction() as session:
        return make_enquiry(session, **changes)


def page_of(enquiry, page=""):
    return f"/staff/fostering/{enquiry.public_ref}{page}"


def booked(db, event, **changes):
    with db.transaction() as session:
        return make_booking(session, session.get_one(InformationEvent, event.id), **changes)


def bookings(db):
    with db.reading() as session:
        return list(session.scalars(select(EventBooking).order_by(EventBooking.id)))


def activities(db):
    with db.reading() as session:
        found = session.scalars(select(Activity).order_by(Activity.id))
        return [(activity.kind, activity.note) for activity in found]


@pytest.mark.parametrize("same", [{"email": "Kim@Example.com"}, {"phone": "+447700900456"}])
def test_the_households_page_names_places_that_may_be_theirs_until_somebody_has_said_so(
    officer, db, event, same
):
    enquiry = household(db, email="kim@example.com", email_key="kim@example.com", phone="+447700900456")
    guest = booked(db, event, people=2, **same)
    booked(db, event)
    booked(db, event, cancelled_at=event.changed_at, **{**same, "email": None})
    words = "that they have or first gave, and not linked to this enquiry"
    page = officer.get(page_of(enquiry)).page
    assert words in page.main.text
    [link] = [one for one in page.main.all("a") if one.text.startswith("Say whose they are")]
    assert link["href"] == f"{home(event)}/bookings/{guest.id}/enquiry"
    assert officer.post_form(link["href"], {"enquiry": enquiry.public_ref}).status_code == 303
    assert words not in officer.get(page_of(enquiry)).page.main.text


def test_places_are_booked_from_the_households_page_and_stand_on_it(officer, db, event, mailbox):
    enquiry = household(db, contact_needs="Large print")
    link = next(
        one for one in officer.get(page_of(enquiry)).page.all("a") if one.text == "Book places at an event"
    )
    form = officer.get(link["href"]).page
    assert "Thursday 3 December 2026, 6pm: Information evening (12 places left)" in form.main.text
    assert form.first("input", name="access_needs")["value"] == "Large print"
    sent = {"event": event.reference, "people": "2", "writes": "yes"}
    page = officer.follow(officer.post_form(link["href"], sent)).page
    assert "3 Dec 2026, 6pm: 2 places" in page.main.text
    assert "Invited to an event" in page.main.text
    assert "Confirmation of places at an event: waits to be sent" in page.main.text
    assert mailbox[0].to == enquiry.email


def test_a_household_without_an_address_is_asked_nothing_about_mail(officer, db, event, mailbox):
    enquiry = household(db, email=None)
    answer = officer.post_form(page_of(enquiry, "/event"), {"event": event.reference, "people": "1"})
    assert answer.status_code == 303
    assert len(mailbox) == 0


def test_what_is_missing_is_said_and_a_second_booking_is_refused(officer, db, event):
    enquiry = household(db)
    answer = officer.post_form(page_of(enquiry, "/event"), {})
    assert answer.page.errors == [
        "Select an event",
        "Enter how many people will come",
        "Select whether the portal should email them",
    ]
    sent = {"event": event.reference, "people": "1", "writes": "no"}
    officer.post_form(page_of(enquiry, "/event"), sent)
    answer = officer.post_form(page_of(enquiry, "/event"), sent)
    assert (answer.status_code, answer.page.errors) == (422, ["They have places at this event already"])
    assert len(bookings(db)) == 1


def test_a_household_that_somebody_changed_meanwhile_is_shown_first(officer, db, event):
    enquiry = household(db)
    page = officer.get(page_of(enquiry, "/event")).page
    with db.transaction() as session:
        session.get_one(Enquiry, enquiry.id).voicemail_ok = "no"
    sent = {"event": event.reference, "people": "1", "writes": "no"}
    body = {**field_values(find_form(page, {"people"}, None)), **sent}
    answer = officer.post(page_of(enquiry, "/event"), data=body, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert bookings(db) == []


def test_somebody_who_calls_gets_places_and_must_be_reachable(officer, db, event):
    who = {"first_name": "Kim", "last_name": "Caller", "people": "2"}
    answer = officer.post_form(f"{home(event)}/add", who)
    assert answer.page.errors == ["Enter a phone number or an email address"]
    answer = officer.post_form(f"{home(event)}/add", {**who, "phone": "07700 900123"})
    assert "Kim Caller" in officer.follow(answer).page.main.text
    assert (bookings(db)[0].phone, bookings(db)[0].booked_by_id) == ("+447700900123", officer.person.id)


def test_places_are_given_back_for_whoever_calls(officer, db, event):
    guest = booked(db, event)
    address = f"{home(event)}/bookings/{guest.id}/cancel"
    assert guest.full_name in officer.get(address).page.main.text
    page = officer.follow(officer.post_form(address)).page
    assert "0 of 12 places" in page.main.text
    assert "Cancelled by the team" in page.main.text
    assert bookings(db)[0].given_up_by is GivenUpBy.STAFF


def test_who_came_stands_on_the_timeline_and_can_be_corrected(officer, db, at, today):
    with db.transaction() as session:
        event = make_event(session, starts_at=at - timedelta(hours=2))
    one, two = household(db), household(db)
    mine = booked(db, event, enquiry_id=one.id, people=2, last_name="Alpha")
    theirs = booked(db, event, enquiry_id=two.id, last_name="Beta")
    stranger = booked(db, event)
    address = f"{home(event)}/attendance"
    officer.post_form(address, {"came": [str(mine.id), str(stranger.id)]})
    assert [booking.attendance for booking in bookings(db)] == [
        Attendance.CAME,
        Attendance.DID_NOT_COME,
        Attendance.CAME,
    ]
    with db.reading() as session:
        assert session.get_one(InformationEvent, event.id).came == 3
    words = "Information evening, 23 Nov 2026, 8am"
    assert activities(db) == [
        (ActivityKind.EVENT_ATTENDED, words),
        (ActivityKind.NOTE, f"Did not come: {words}"),
    ]
    assert "Came to an event" in officer.get(page_of(one)).page.main.text
    officer.post_form(address, {"came": [str(theirs.id)]})
    assert activities(db)[2:] == [
        (ActivityKind.NOTE, f"It was recorded by mistake that they came: {words}"),
        (ActivityKind.EVENT_ATTENDED, words),
    ]


def test_how_many_came_stays_when_bookings_are_deleted_and_others_corrected(officer, db, at):
    """A household is erased, or bookings are past their time: the figure is of the evening."""
    with db.transaction() as session:
        event = make_event(session, starts_at=at - timedelta(hours=2))
    erased, mistaken, right = booked(db, event, people=3), booked(db, event), booked(db, event, people=2)
    address = f"{home(event)}/attendance"
    officer.post_form(address, {"came": [str(one.id) for one in (erased, mistaken, right)]})
    with db.transaction() as session:
        session.delete(session.get_one(EventBooking, erased.id))
    officer.post_form(address, {"came": [str(right.id)]})
    with db.reading() as session:
        assert session.get_one(InformationEvent, event.id).came == 5
        said = select(AuditEvent.facts).where(AuditEvent.event.endswith("attendance_recorded"))
        assert session.scalars(said.order_by(AuditEvent.id)).all()[-1] == {"came": 5, "stayed_away": 1}


def test_two_who_record_attendance_the_second_is_told(officer, sign_in, db, at):
    with db.transaction() as session:
        event = make_event(session, starts_at=at - timedelta(hours=2))
    guest = booked(db, event)
    address = f"{home(event)}/attendance"
    body = field_values(find_form(officer.get(address).page, {"came"}, None))
    sign_in("fostering").post_form(address, {"came": [str(guest.id)]})
    answer = officer.post(address, data=body, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert bookings(db)[0].attendance is Attendance.CAME


def test_nobody_has_come_before_it_begins(officer, db, event, at):
    guest = booked(db, event)
    page = officer.get(f"{home(event)}/attendance").page
    assert "has not begun" in page.main.text
    assert not page.all("input", name="came")
    said = {"version": event.version, "by": Actor.system("somebody"), "at": at}
    with pytest.raises(InvalidTransition), db.transaction() as session:
        record_attendance(session, event.reference, [guest.id], **said)
    assert bookings(db)[0].attendance is None


def test_places_are_not_given_back_for_whoever_calls_once_it_has_begun(officer, db, at):
    with db.transaction() as session:
        event = make_event(session, starts_at=at)
    guest = booked(db, event)
    answer = officer.post_form(f"{home(event)}/bookings/{guest.id}/cancel")
    assert answer.status_code == 409
    assert "This event has begun or was cancelled, so no places are given back." in answer.page.main.text
    assert bookings(db)[0].is_live


def test_somebody_who_came_becomes_an_enquiry_with_what_is_known_of_them(officer, db, at):
    with db.transaction() as session:
        event = make_event(session, starts_at=at - timedelta(hours=2))
    guest = booked(
        db, event, attendance=Attendance.CAME, phone="+447700900123", access_needs="Step-free", people=2
    )
    address = f"{home(event)}/bookings/{guest.id}/enquiry"
    page = officer.follow(officer.post_form(address, {"enquiry": "NEW"})).page
    with db.reading() as session:
        [enquiry] = session.scalars(select(Enquiry)).all()
    assert page.h1 == enquiry.public_ref
    assert (enquiry.channel, enquiry.heard_from) == (Channel.EVENT, HeardFrom.EVENT)
    assert (enquiry.stage, enquiry.status, enquiry.due_at) == (Stage.NEW, Status.OPEN, enquiry.sla_due_at)
    assert (enquiry.full_name, enquiry.email, enquiry.phone, enquiry.contact_needs) == (
        guest.full_name,
        guest.email,
        "+447700900123",
        "Step-free",
    )
    assert "Came to an event" in page.main.text
    assert bookings(db)[0].enquiry_id == enquiry.id
    assert officer.get(address).status_code == 303, "there is nothing more to say of it"


def test_a_booking_is_linked_to_the_enquiry_with_the_same_address(officer, db, event):
    enquiry, other = household(db, email="kim@example.com"), household(db)
    guest = booked(db, event, email="KIM@example.com")
    address = f"{home(event)}/bookings/{guest.id}/enquiry"
    page = officer.get(address).page
    assert enquiry.public_ref in page.main.text
    assert other.public_ref not in page.main.text
    officer.post_form(address, {"enquiry": enquiry.public_ref})
    assert bookings(db)[0].enquiry_id == enquiry.id
    assert activities(db) == [
        (ActivityKind.NOTE, "Booked by themselves: Information evening, 3 Dec 2026, 6pm")
    ]


def test_it_is_said_that_mails_then_go_to_the_address_of_the_enquiry(officer, db, event):
    number = "+447700900123"
    old, same = (household(db, email=f"{name}@example.com", phone=number) for name in ("left", "kim"))
    guest = booked(db, event, email="kim@example.com", phone=number)
    page = officer.get(f"{home(event)}/bookings/{guest.id}/enquiry").page
    assert "Emails about the event then go to the address that the enquiry has" in page.main.text
    words = {one.text.partition(":")[0]: one.text for one in page.main.all("label")}
    told = {one: "not with this email address" in words[one.public_ref] for one in (old, same)}
    assert list(told.values()) == [True, False]


def test_a_booking_is_linked_by_a_reference_that_is_typed(officer, db, event):
    enquiry, guest = household(db), booked(db, event)
    address = f"{home(event)}/bookings/{guest.id}/enquiry"
    answer = officer.post_form(address, {"enquiry": "OTHER", "reference": "FOS-26-WRONG"})
    assert (answer.status_code, answer.page.errors) == (422, ["No enquiry has this reference"])
    answer = officer.post_form(
        address, {"enquiry": "OTHER", "reference": f" {enquiry.public_ref.lower().replace('-', ' ')}"}
    )
    assert answer.status_code == 303
    assert bookings(db)[0].enquiry_id == enquiry.id


def test_one_household_has_one_booking_of_an_event(officer, db, event):
    enquiry = household(db, email="kim@example.com")
    booked(db, event, enquiry_id=enquiry.id)
    guest = booked(db, event, email="kim@example.com")
    answer = officer.post_form(f"{home(event)}/bookings/{guest.id}/enquiry", {"enquiry": enquiry.public_ref})
    assert answer.page.errors == [
        "This household has other places at this event. Cancel one of the two first"
    ]


def test_a_restricted_record_is_offered_to_nobody_who_may_not_read_it(officer, db, event, at):
    hidden = household(db, email="kim@example.com", restricted_at=at)
    guest, theirs = booked(db, event, email="kim@example.com"), booked(db, event, enquiry_id=hidden.id)
    address = f"{home(event)}/bookings/{guest.id}/enquiry"
    assert hidden.public_ref not in officer.get(address).text
    answer = officer.post_form(address, {"enquiry": "NEW"})
    assert answer.status_code == 303
    for page in ("cancel", "enquiry"):
        assert officer.get(f"{home(event)}/bookings/{theirs.id}/{page}").status_code == 404
    assert officer.get(page_of(hidden, "/event")).status_code == 404
