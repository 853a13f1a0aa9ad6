"""Places at events: never more people than fit, one booking a mailbox, nobody learns who comes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.errors import InvalidInput, NotFound, StaleEdit
from portal.core.page_cache import Publication
from portal.core.tokens import new_token
from portal.fostering.information_events.booking import book_for_enquiry, book_places
from portal.fostering.information_events.facts import Guest
from portal.fostering.information_events.giving_up import give_up_by_link
from portal.fostering.information_events.models import EventBooking
from portal.fostering.models import Activity
from portal.fostering.options import ActivityKind, Status
from tests.support.builders import make_enquiry, make_staff
from tests.support.calendar_checker import judge_calendar, read_calendar
from tests.support.events import make_booking, make_event

VISITOR = Actor.visitor()


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def guest(number=0, **changes):
    names = {"first_name": "Kim", "last_name": "Guest", "email": f"kim{number}@example.com"}
    return Guest(**{**names, **changes})


def event_of(db, **changes):
    with db.transaction() as session:
        return make_event(session, **changes).reference


def book(db, event, who, at, **changes):
    with db.transaction() as session:
        book_places(session, event, who, **{"key": new_token(), "by": VISITOR, "at": at, **changes})


def bookings(db):
    with db.reading() as session:
        return list(session.scalars(select(EventBooking).order_by(EventBooking.id)))


def published(db):
    with db.reading() as session:
        return session.scalar(select(Publication.version)) or 0


def test_twenty_bookings_at_once_never_make_more_people_than_fit(app, db, at):
    event = event_of(db, capacity=7)
    together, refused = threading.Barrier(20), []

    def one(number):
        together.wait()
        with app.app_context():
            try:
                book(db, event, guest(number, people=2), at)
            except InvalidInput as refusal:
                refused.append(refusal.message)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(one, range(20)))
    assert [booking.people for booking in bookings(db)] == [2, 2, 2]
    assert refused == ["There is only 1 place left"] * 17


def test_twenty_forms_at_once_over_the_pages_leave_no_place_sold_twice(app, client, db, mailbox, at):
    event = event_of(db, capacity=5)
    with time_machine.travel(at, tick=False):
        page = client.get(f"/fostering/events/{event}/book")
        inputs = {one["name"]: one.get("value") for one in page.page.all("input")}
        cookie = page.request.headers.get("Cookie") or page.headers["Set-Cookie"].split(";")[0]
        together, statuses = threading.Barrier(20), []

        def post(number):
            body = {
                **inputs,
                "key": new_token(),
                "first_name": "Kim",
                "last_name": "Guest",
                "email": f"kim{number}@example.com",
                "people": "1",
                "website": "",
            }
            together.wait()
            reply = FlaskClient(app, use_cookies=False).post(
                f"/fostering/events/{event}/book",
                base_url="https://portal.example.org",
                data=body,
                headers={"Sec-Fetch-Site": "same-origin", "Cookie": cookie},
                environ_base={"REMOTE_ADDR": f"192.0.2.{number + 1}"},
            )
            statuses.append(reply.status_code)

        threads = [threading.Thread(target=post, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(statuses) == [303] * 5 + [422] * 15
    assert (len(bookings(db)), len(mailbox)) == (5, 5)


def test_one_form_sent_twenty_times_is_one_booking_and_one_mail_even_for_the_last_place(app, db, mailbox, at):
    event, key = event_of(db, capacity=1), new_token()
    together, faults = threading.Barrier(20), []

    def one(_number):
        together.wait()
        with app.app_context():
            try:
                book(db, event, guest(), at, key=key)
            except InvalidInput as refusal:
                faults.append(refusal)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(one, range(20)))
    assert (len(bookings(db)), len(mailbox), faults) == (1, 1, [])


def test_a_mailbox_that_has_places_gets_its_confirmation_again_and_no_second_booking(db, mailbox, at):
    event = event_of(db)
    book(db, event, guest(email="kim@example.com"), at)
    book(db, event, guest(email="KIM@example.com", people=3), at)
    [booking] = bookings(db)
    assert booking.people == 1
    assert [mail.to for mail in mailbox] == ["kim@example.com"] * 2
    assert all(booking.token in mail.body for mail in mailbox)


def test_a_full_event_says_the_same_to_who_has_places_and_to_who_has_not(db, mailbox, at):
    event = event_of(db, capacity=1)
    book(db, event, guest(1), at)
    for number in (1, 2):
        with pytest.raises(InvalidInput) as refusal:
            book(db, event, guest(number), at)
        assert (refusal.value.field, refusal.value.message) == ("people", "This event is full")
    assert len(mailbox) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cancelled_at": True}, "This event has been cancelled"),
        ({"starts_at": True}, "This event has begun, so it cannot be booked any more"),
    ],
)
def test_what_does_not_lie_ahead_cannot_be_booked(db, at, changes, message):
    event = event_of(db, **dict.fromkeys(changes, at))
    with pytest.raises(InvalidInput) as refusal:
        book(db, event, guest(), at)
    assert refusal.value.message == message
    assert bookings(db) == []


def test_an_unknown_event_cannot_be_booked(db, at):
    with pytest.raises(NotFound):
        book(db, "EVT-NONE", guest(), at)


def test_the_confirmation_says_when_and_where_and_nothing_that_was_typed(db, mailbox, at):
    event = event_of(db, starts_at=at + timedelta(days=10, hours=8))
    book(
        db,
        event,
        guest(first_name="Buy", last_name="Pills", access_needs="http://evil.example", people=2),
        at,
    )
    [mail], [booking] = list(mailbox), bookings(db)
    assert mail.subject == "Your place on Thursday 3 December 2026"
    assert "foster" not in mail.subject.lower()
    assert not [word for word in ("Buy", "Pills", "evil") if word in mail.body + mail.subject]
    assert "2 places" in mail.body
    assert "6pm to 7:30pm" in mail.body
    assert f"https://portal.example.org/fostering/events/places/{booking.token}" in mail.body
    assert mail.expires_at == at + timedelta(days=10, hours=8)
    document = mail.calendar.encode()
    assert judge_calendar(document) == []
    [entry] = read_calendar(document).parts
    assert entry.value("SUMMARY") == "Information event\\, Southampton City Council"
    assert "foster" not in mail.calendar.lower().replace("evt", "")
    assert (entry.value("DTSTART"), entry.value("DTEND")) == ("20261203T180000Z", "20261203T193000Z")


def test_a_place_that_is_given_back_can_be_booked_by_somebody_else(db, at):
    event = event_of(db, capacity=1)
    book(db, event, guest(1), at)
    [mine] = bookings(db)
    for _press in range(2):
        with db.transaction() as session:
            give_up_by_link(session, mine.token, by=VISITOR, at=at)
    book(db, event, guest(2), at)
    assert [booking.is_live for booking in bookings(db)] == [False, True]
    with db.reading() as session:
        events = session.execute(select(AuditEvent.event, AuditEvent.facts).order_by(AuditEvent.id)).all()
    assert [name for name, _ in events].count("fostering.event_places_given_up") == 1
    assert not [facts for _, facts in events if "example.com" in str(facts) or "Kim" in str(facts)]


def test_a_form_that_is_sent_again_after_its_places_were_given_back_books_anew(db, mailbox, at):
    """As browsers do that go back to it; the page says “You have booked”."""
    event, key = event_of(db), new_token()
    book(db, event, guest(), at, key=key)
    with db.transaction() as session:
        give_up_by_link(session, session.scalars(select(EventBooking.token)).one(), by=VISITOR, at=at)
    book(db, event, guest(), at, key=key)
    assert [booking.is_live for booking in bookings(db)] == [False, True]
    assert [bookings(db)[1].token in mail.body for mail in mailbox] == [False, True]


def test_a_place_is_not_given_back_once_the_event_has_begun(db, at):
    with db.transaction() as session:
        mine = make_booking(session, make_event(session, starts_at=at))
    with db.transaction() as session:
        give_up_by_link(session, mine.token, by=VISITOR, at=at)
    assert bookings(db)[0].is_live


def test_the_public_pages_are_drawn_anew_only_when_what_they_say_changes(db, at):
    event = event_of(db, capacity=6)
    seen = []
    for number in range(6):
        before = published(db)
        book(db, event, guest(number), at)
        seen.append(published(db) - before)
    assert seen == [0, 0, 1, 0, 0, 1], "few places are left after the third, none after the sixth"


def household(db, **changes):
    with db.transaction() as session:
        return make_enquiry(session, **changes), make_staff(session)


def book_them(db, event, enquiry, person, at, **changes):
    by = Actor(id=person.id, name=person.name, kind="staff")
    facts = {"people": 2, "access_needs": None, "writes": True, "version": enquiry.version, **changes}
    with db.transaction() as session:
        book_for_enquiry(session, event, enquiry.public_ref, by=by, at=at, **facts)


def test_booking_for_a_household_stands_on_its_timeline_and_moves_nothing(db, mailbox, at):
    event, (enquiry, person) = event_of(db), household(db)
    book_them(db, event, enquiry, person, at)
    with db.reading() as session:
        [activity] = session.scalars(select(Activity)).all()
    assert (activity.kind, activity.by_name) == (ActivityKind.EVENT_INVITED, person.name)
    assert activity.note == "Booked 2 places: Information evening, 3 Dec 2026, 6pm"
    assert (mailbox[0].to, mailbox[0].about) == (enquiry.email, enquiry.public_ref)
    assert bookings(db)[0].enquiry_id == enquiry.id
    with pytest.raises(InvalidInput, match="422"):
        book_them(db, event, enquiry, person, at)


def test_no_mail_goes_to_a_household_where_staff_say_so(db, mailbox, at):
    event, (enquiry, person) = event_of(db), household(db)
    book_them(db, event, enquiry, person, at, writes=False)
    assert len(mailbox) == 0


def test_booking_for_a_household_is_refused_whole_where_it_cannot_be(db, at):
    full, (enquiry, person) = event_of(db, capacity=1), household(db)
    with pytest.raises(InvalidInput):
        book_them(db, full, enquiry, person, at)
    with pytest.raises(StaleEdit):
        book_them(db, event_of(db), enquiry, person, at, version=enquiry.version + 1)
    closed, _person = household(db, status=Status.APPROVED, due_at=None)
    with pytest.raises(InvalidInput):
        book_them(db, event_of(db), closed, person, at)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(EventBooking)) == 0
        assert session.scalar(select(func.count()).select_from(Activity)) == 0
