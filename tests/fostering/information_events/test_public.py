"""What the public meets: the dates, booking without an account, the link that gives places back."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import page_cache
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.options import EventMode
from tests.fostering.households import PAGES, SEND
from tests.support.calendar_checker import judge_calendar
from tests.support.events import make_booking, make_event

LIST = "/fostering/events"
WHO = {"first_name": "Zoë", "last_name": "Specimen", "email": "zoe@example.com", "people": "2"}


@pytest.fixture(autouse=True)
def today(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


def event_of(db, **changes):
    with db.transaction() as session:
        return make_event(session, **changes)


def address(event, page=""):
    return f"{LIST}/{event.reference}{page}"


def test_the_list_has_what_lies_ahead_in_order_and_is_kept_until_the_next_begins(client, db, at):
    event_of(db, title="The second", starts_at=at + timedelta(days=12))
    event_of(db, title="The first", starts_at=at + timedelta(days=2))
    event_of(db, title="Has been", starts_at=at - timedelta(days=1))
    event_of(db, title="Was cancelled", starts_at=at + timedelta(days=3), cancelled_at=at)
    answer = client.get(LIST)
    text = answer.page.main.text
    assert text.index("The first") < text.index("The second")
    assert not [words for words in ("Has been", "Was cancelled") if words in text]
    assert "no-store" not in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_without_a_date_the_list_says_so_and_what_to_do(client):
    assert "There is no date at the moment" in client.get(LIST).page.main.text


def test_a_kept_page_is_drawn_anew_when_the_event_fills_up(make_app, make_client, db, monkeypatch):
    monkeypatch.setattr(page_cache, "LOOK_EVERY", 0.0)
    visitor = make_client(make_app(page_cache_seconds=60))
    event = event_of(db, capacity=2)
    assert "Few places left" in visitor.get(LIST).page.main.text
    visitor.post_form(address(event, "/book"), WHO)
    assert "Full" in visitor.get(LIST).page.main.text


def test_a_kept_page_is_true_only_until_the_next_event_begins(make_app, make_client, db, at, today):
    visitor = make_client(make_app(page_cache_seconds=3600))
    event = event_of(db, starts_at=at + timedelta(minutes=10))
    assert "Book a place" in visitor.get(address(event)).page.main.text
    today.shift(timedelta(minutes=10))
    assert "has begun" in visitor.get(address(event)).page.main.text
    assert event.title not in visitor.get(LIST).page.main.text


def test_another_date_is_named_only_until_it_begins(make_app, make_client, db, at, today):
    visitor = make_client(make_app(page_cache_seconds=3600))
    event, soon = event_of(db), event_of(db, starts_at=at + timedelta(minutes=10))
    called_off = event_of(db, cancelled_at=at)
    for page in (address(event), address(called_off)):
        assert address(soon) in visitor.get(page).text
    today.shift(timedelta(minutes=10))
    for page in (address(event), address(called_off)):
        assert address(soon) not in visitor.get(page).text


def test_booking_needs_no_account_and_its_page_says_nothing_of_who_booked(client, db, mailbox):
    event = event_of(db)
    answer = client.post_form(address(event, "/book"), {**WHO, "access_needs": "Step-free"})
    page = client.follow(answer)
    assert page.page.h1 == "You have booked"
    assert not [words for words in ("Zoë", "Specimen", "zoe@", "Step-free") if words in page.text]
    with db.reading() as session:
        [booking] = session.scalars(select(EventBooking)).all()
    assert (booking.full_name, booking.people, booking.access_needs) == ("Zoë Specimen", 2, "Step-free")
    assert [mail.to for mail in mailbox] == ["zoe@example.com"]


def test_what_is_missing_or_cannot_be_is_said_and_nothing_is_booked(client, db):
    event = event_of(db)
    answer = client.post_form(address(event, "/book"), {"people": "9", "email": "zoe"})
    assert answer.status_code == 422
    assert answer.page.errors == [
        "Enter your first name",
        "Enter your last name",
        "Enter an email address in the correct format, like name@example.com",
        "Number of people must be 4 or less",
    ]
    with db.reading() as session:
        assert session.scalars(select(EventBooking)).all() == []


def test_more_people_than_fit_are_refused_with_what_was_typed_kept(client, db):
    event = event_of(db, capacity=1)
    answer = client.post_form(address(event, "/book"), WHO)
    assert answer.status_code == 422
    assert answer.page.errors == ["There is only 1 place left"]
    assert answer.page.first("input", name="first_name")["value"] == "Zoë"


def test_a_full_event_is_honest_and_names_the_other_dates(client, db, at):
    event = event_of(db, capacity=1)
    other = event_of(db, starts_at=at + timedelta(days=20))
    with db.transaction() as session:
        make_booking(session, event)
    page = client.follow(client.get(address(event, "/book"))).page
    assert "This event is full. There is no waiting list." in page.main.text
    assert address(other) in [link["href"] for link in page.all("a")]
    assert "Book a place" not in page.main.text
    assert "calendar" not in page.main.text


def test_the_link_of_an_online_meeting_is_in_the_mail_and_on_no_public_page(client, db, mailbox):
    link = "https://meet.example.org/secret"
    event = event_of(db, mode=EventMode.ONLINE, place=None, join_link=link)
    client.post_form(address(event, "/book"), WHO)
    pages = [LIST, address(event), address(event, "/book"), address(event, "/booked"), address(event, ".ics")]
    assert not [page for page in pages if link in client.get(page).text]
    assert "You get the link by email when you book" in client.get(address(event)).page.main.text
    assert "Online. The link is in the email to you" in client.get(address(event, "/booked")).page.main.text
    assert link in mailbox[0].body
    assert link in mailbox[0].calendar.replace("\r\n ", "")


def test_the_calendar_file_of_an_event_is_in_order(client, db):
    answer = client.get(address(event_of(db), ".ics"))
    assert answer.mimetype == "text/calendar"
    assert judge_calendar(answer.data) == []


def own(db, event, **changes):
    with db.transaction() as session:
        row = session.get_one(InformationEvent, event.id)
        return f"{LIST}/places/{make_booking(session, row, **changes).token}"


def test_opening_the_link_changes_nothing_and_names_nobody_pressing_gives_the_places_back(client, db):
    event = event_of(db)
    link = own(db, event, people=2, first_name="Zoë", last_name="Specimen")
    for _look in range(2):
        page = client.get(link)
        assert "Cancel my booking" in page.text
        assert not [words for words in ("Zoë", "Specimen", "@example.com") if words in page.page.main.text]
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    after = client.follow(client.post_form(link))
    assert "Your booking is cancelled." in after.page.main.text
    assert "Cancel my booking" not in after.text
    with db.reading() as session:
        assert session.scalar(select(EventBooking.given_up_by)) == "GUEST"


def test_the_link_still_says_how_things_stand_when_the_event_is_over_or_cancelled(client, db, at):
    assert "has begun" in client.get(own(db, event_of(db, starts_at=at))).page.main.text
    called_off = event_of(db, cancelled_at=at, cancel_note="The hall is closed.")
    assert "The hall is closed." in client.get(own(db, called_off)).page.main.text


def test_a_link_that_is_none_says_so(client):
    gone = client.get(f"{LIST}/places/{'x' * 43}")
    assert (gone.status_code, gone.page.h1) == (410, "This link no longer works")
    assert gone.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get(f"{LIST}/EVT-NONE").status_code == 404


@pytest.mark.parametrize("written", ["zoe@example.com", "z.o.e+{}@gmail.com"])
def test_a_mailbox_gets_three_mails_an_hour_and_the_places_all_the_same(client, db, mailbox, written):
    for number in range(5):
        client.post_form(address(event_of(db), "/book"), {**WHO, "email": written.format(number)})
    with db.reading() as session:
        assert len(session.scalars(select(EventBooking)).all()) == 5
    assert len(mailbox) == 3


def test_a_form_that_a_machine_filled_in_is_marked_and_soon_refused(client, db):
    event = event_of(db)
    for number in range(3):
        answer = client.post_form(
            address(event, "/book"),
            {**WHO, "email": f"m{number}@example.com", "website": "https://x.example"},
        )
    assert answer.status_code == 429
    with db.reading() as session:
        assert session.scalars(select(EventBooking.quarantined)).all() == [True, True]


# From the enquiry


def send_enquiry(client, next_step):
    """Walk the enquiry; gives the page that asks what happens next, and the confirmation."""
    asked = {}
    for slug, typed in PAGES:
        address = f"/fostering/enquire/{slug}"
        asked[slug] = client.get(address).page
        chosen = {"next_step": next_step} if slug == "next-step" else {}
        assert client.post_form(address, {**typed, **chosen}).status_code == 303
    sent = client.post_form("/fostering/enquire/check-answers", SEND)
    return asked["next-step"], client.follow(sent).page


def test_whoever_asks_for_an_event_sees_the_dates_and_books_at_once(client, db):
    event = event_of(db)
    full = event_of(db, capacity=1)
    with db.transaction() as session:
        make_booking(session, full)
    asked, sent = send_enquiry(client, "EVENT")
    for page in (asked, sent):
        links = [link["href"] for link in page.main.all("a")]
        assert address(event) in links
        assert address(full) not in links
    assert "You can book an information event now" in sent.main.text


def test_without_a_date_the_promise_of_an_event_stays_what_it_was(client, db):
    asked, sent = send_enquiry(client, "EVENT")
    assert "When the next information events are" not in asked.main.text
    assert "will tell you about our information events by Tuesday 24 November 2026" in sent.main.text


def test_whoever_asks_for_a_call_is_told_of_the_call(client, db):
    event_of(db)
    _asked, sent = send_enquiry(client, "CALL")
    assert "You can book an information event" not in sent.main.text
