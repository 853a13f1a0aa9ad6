"""The team's pages of events: announce, change, cancel; who has booked, and who may not see whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.council import load_council
from portal.fostering.closing import close_enquiry
from portal.fostering.closures import Closure
from portal.fostering.guarded import Reader
from portal.fostering.information_events.models import InformationEvent
from portal.fostering.information_events.options import EventMode, GivenUpBy
from portal.fostering.models import Enquiry
from tests.support.builders import make_enquiry
from tests.support.client import SAME_ORIGIN, field_values, find_form
from tests.support.events import make_booking, make_event

LIST = "/staff/fostering/events"
BY = Actor(name="Robin Example", kind="staff")
NO_LINK = "The link must be one address that begins with https://"
FACTS = {
    "title": "Come and ask",
    "day-day": "3",
    "day-month": "12",
    "day-year": "2026",
    "begins": "6pm",
    "ends": "19:30",
    "mode": "VENUE",
    "place": "Central Library",
    "capacity": "20",
}


@pytest.fixture
def event(db):
    with db.transaction() as session:
        return make_event(session)


def home(event):
    return f"{LIST}/{event.reference}"


def stored(db):
    with db.reading() as session:
        return session.scalars(select(InformationEvent)).one()


def test_an_announced_event_stands_on_the_teams_list_and_on_the_public_one(officer, client, db):
    page = officer.follow(officer.post_form(f"{LIST}/new", FACTS))
    assert "The event is announced." in page.page.main.text
    event = stored(db)
    assert event.starts_at.isoformat() == "2026-12-03T18:00:00+00:00"
    assert event.ends_at.isoformat() == "2026-12-03T19:30:00+00:00"
    assert "Come and ask" in officer.get(LIST).page.main.text
    assert "Come and ask" in client.get("/fostering/events").page.main.text


def test_every_mistake_is_said_at_once_and_nothing_is_announced(officer, db):
    answer = officer.post_form(
        f"{LIST}/new", {"title": "", "begins": "late", "mode": "ONLINE", "join_link": "x"}
    )
    assert answer.status_code == 422
    assert answer.page.errors == [
        "Enter a title",
        "Enter the date of the event",
        "Enter when the event begins like 6pm or 18:00",
        "Enter when the event ends",
        NO_LINK,
        "Enter how many people can come",
    ]
    with db.reading() as session:
        assert session.scalars(select(InformationEvent)).all() == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"day-year": "2025"}, "The event must be in the future"),
        ({"ends": "5pm"}, "The event must end later in the day than it begins"),
        ({"capacity": "0"}, "Number of people must be 1 or more"),
        ({"place": ""}, "Enter the place"),
        (
            {"mode": "ONLINE", "join_link": "javascript:alert(1)"},
            NO_LINK,
        ),
    ],
)
def test_what_cannot_be_is_refused(officer, changes, message):
    answer = officer.post_form(f"{LIST}/new", {**FACTS, **changes})
    assert (answer.status_code, answer.page.errors) == (422, [message])


def test_a_change_is_shown_and_the_form_holds_what_is_stored(officer, db, event):
    page = officer.get(f"{home(event)}/change").page
    assert page.first("input", name="begins")["value"] == "6pm"
    answer = officer.follow(officer.post_form(f"{home(event)}/change", {"capacity": "30"}))
    assert "Saved." in answer.page.main.text
    assert "0 of 30 places" in answer.page.main.text


def test_two_who_change_one_event_the_second_sees_both_versions(officer, sign_in, db, event):
    page = officer.get(f"{home(event)}/change").page
    sent = {**field_values(find_form(page, {"capacity"}, None)), "capacity": "40"}
    sign_in("fostering").post_form(f"{home(event)}/change", {"capacity": "30"})
    answer = officer.post(f"{home(event)}/change", data=sent, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert "Somebody else changed this event" in answer.page.main.text
    assert "0 of 30 places" in answer.page.main.text
    assert answer.page.first("input", name="capacity")["value"] == "40"
    assert stored(db).capacity == 30


def test_cancelling_is_said_on_both_sides(officer, client, db, event):
    answer = officer.post_form(f"{home(event)}/cancel", {"cancel_note": "The hall is closed."})
    assert "The event is cancelled." in officer.follow(answer).page.main.text
    public = client.get(f"/fostering/events/{event.reference}").page
    assert "This event has been cancelled. The hall is closed." in public.main.text
    assert officer.get(f"{home(event)}/change").status_code == 303


def test_whom_no_mail_tells_that_it_is_cancelled_is_to_be_called(officer, db, event, at):
    with db.transaction() as session:
        make_booking(session, event, first_name="Told")
        make_booking(session, event, first_name="Phone", email=None, phone="+447700900456")
        make_booking(session, event, first_name="Silent", writes=False)
        make_booking(session, event, first_name="Left", cancelled_at=at, given_up_by=GivenUpBy.GUEST)
        restricted = make_enquiry(session, restricted_at=at)
        make_booking(session, event, first_name="Hidden", enquiry_id=restricted.id)
    assert "Tell them yourself" not in officer.get(home(event)).page.main.text
    page = officer.follow(officer.post_form(f"{home(event)}/cancel")).page
    assert "no email that the event is cancelled has reached 3 bookings, marked below" in page.main.text
    assert "Nobody yet" not in page.main.text
    called = [row.text for row in page.main.all("tr") if "No email has told them" in row.text]
    assert ["Phone" in row or "Silent" in row for row in called].count(True) == 2
    (hidden,) = [row for row in called if "A restricted record" in row]
    assert "whoever can read the record has to" in hidden


def test_who_was_told_before_the_record_closed_need_not_be_called(officer, db, event, at):
    with db.transaction() as session:
        enquiry = make_enquiry(session)
        make_booking(session, event, enquiry_id=enquiry.id)
    page = officer.follow(officer.post_form(f"{home(event)}/cancel")).page
    assert "Tell them yourself" not in page.main.text
    with db.transaction() as session:
        session.get_one(Enquiry, enquiry.id).restricted_at = at + timedelta(hours=1)
    assert "No email has told them" not in officer.get(home(event)).page.main.text


def test_staff_are_told_to_tell_whose_place_went_with_the_enquiry(officer, db, event, at):
    with db.transaction() as session:
        enquiry = make_enquiry(session)
        make_booking(session, event, enquiry_id=enquiry.id)
    page = f"/staff/fostering/{enquiry.public_ref}"
    assert "does not tell them" not in officer.get(page).page.main.text
    with db.transaction() as session:
        row = session.get_one(Enquiry, enquiry.id)
        close_enquiry(session, row, Closure.Q00, by=BY, at=at, council=load_council())
    assert "The portal does not tell them: do it before that day" in officer.get(page).page.main.text


def test_who_gets_no_mail_of_a_change_is_not_said_to_get_one(officer, event):
    assert "Call the others" in officer.get(f"{home(event)}/change").page.main.text


def test_who_has_booked_is_shown_and_that_it_was_shown_is_kept(officer, db, event):
    with db.transaction() as session:
        make_booking(session, event, first_name="Zoë", access_needs="Step-free", people=2)
    text = officer.get(home(event)).page.main.text
    assert "Zoë" in text
    assert "Step-free" in text
    assert "2 of 12 places" in text
    with db.reading() as session:
        read = session.scalars(select(AuditEvent).where(AuditEvent.event == "fostering.event_read")).one()
    assert (read.subject, read.facts) == (event.reference, {})


def test_who_gets_no_mail_of_a_meeting_online_is_to_be_given_its_link(officer, db):
    words = "Has no link to the meeting: give it to them"
    with db.transaction() as session:
        meeting = make_event(
            session, mode=EventMode.ONLINE, place=None, join_link="https://meet.example.org/1"
        )
        hall = make_event(session)
        for event in (meeting, hall):
            make_booking(session, event, email=None, phone="+447700900456")
        make_booking(session, meeting, email="kim@example.com")
    assert officer.get(home(meeting)).page.main.text.count(words) == 1
    assert words not in officer.get(home(hall)).page.main.text


def test_a_restricted_household_is_nobody_but_to_the_people_named_for_it(officer, db, event, at):
    with db.transaction() as session:
        enquiry = make_enquiry(session, restricted_at=at, phone="+447700900123")
        known = {"first_name": "Zoë", "access_needs": "Step-free"}
        booking = make_booking(session, event, enquiry_id=enquiry.id, **known)
    text = officer.get(home(event)).text
    secrets = ("Zoë", booking.last_name, enquiry.email, "07700 900123", "Step-free", enquiry.public_ref)
    assert not [words for words in secrets if words in text]
    assert "A restricted record" in text
    with db.transaction() as session:
        session.add(Reader(enquiry_id=enquiry.id, person_id=officer.person.id, named_at=at))
    text = officer.get(home(event)).text
    assert not [words for words in secrets if words not in text]


def test_a_household_is_reached_as_its_enquiry_says_now(officer, db, event, at):
    with db.transaction() as session:
        enquiry = make_enquiry(session, phone="+447700900123", email="now@example.com", phone_wrong_at=at)
        make_booking(session, event, enquiry_id=enquiry.id, email="left@example.com", phone="+447700900456")
    text = officer.get(home(event)).page.main.text
    assert "now@example.com" in text
    assert "07700 900123 Somebody else’s number: do not call it" in text
    assert not [words for words in ("left@example.com", "07700 900456") if words in text]


def test_the_inner_of_two_doors_is_where_somebody_is(officer, event):
    for address, door in ((home(event), "Information events"), ("/staff/fostering", "Fostering enquiries")):
        links = officer.get(address).page.all("a")
        assert [link.text for link in links if link.get("aria-current") and "site-nav" in link["class"]] == [
            door
        ]


def test_hr_sees_nothing_of_it(sign_in, event):
    assert sign_in("hr").get(home(event)).status_code == 403
