"""Who has left hears of no event by itself and keeps no place; who has moved is written to where they are."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.mail import OutgoingMail
from portal.core.page_cache import Publication
from portal.core.worker import Worker
from portal.council import load_council
from portal.fostering.closing import close_enquiry
from portal.fostering.closures import Closure
from portal.fostering.follow_up.corrections.forms import COLUMNS
from portal.fostering.follow_up.corrections.service import apply_details
from portal.fostering.information_events import telling
from portal.fostering.information_events.attending import link_to_enquiry
from portal.fostering.information_events.booking import book_for_enquiry, book_places
from portal.fostering.information_events.facts import EventFacts, Guest
from portal.fostering.information_events.jobs import remind
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.options import GivenUpBy
from portal.fostering.information_events.service import cancel_event, change_event
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import Stage, Status
from portal.settings import Smtp
from tests.support.builders import make_enquiry
from tests.support.events import make_booking, make_event

BY = Actor(name="Robin Example", kind="staff")
OLD = "left-behind@example.com"
DAY_BEFORE = timedelta(days=9)
COUNCIL = load_council()


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def event(db):
    with db.transaction() as session:
        return make_event(session).reference


def the_event(session, reference):
    return session.scalars(select(InformationEvent).where(InformationEvent.reference == reference)).one()


def household(db, event, *, booked=None, **changes):
    """An enquiry with a place."""
    with db.transaction() as session:
        enquiry = make_enquiry(session, snapshot={"sections": []}, **changes)
        facts = {"email": OLD, "people": 2, **(booked or {})}
        make_booking(session, the_event(session, event), enquiry_id=enquiry.id, **facts)
    return enquiry


def close(db, enquiry, code, at, *, original=None):
    with db.transaction() as session:
        row = session.get_one(Enquiry, enquiry.id)
        row.duplicate_of_id = original.id if original else None
        close_enquiry(session, row, code, by=BY, at=at, council=COUNCIL)


def bookings(db):
    with db.reading() as session:
        return session.scalars(select(EventBooking).order_by(EventBooking.id)).all()


def notes(db, enquiry):
    with db.reading() as session:
        return list(session.scalars(select(Activity.note).where(Activity.enquiry_id == enquiry.id)))


def reminded(db, at):
    with db.transaction() as session:
        remind(session, {}, at + DAY_BEFORE)


def moved(db, event, at):
    """Another time; how many mails that made."""
    with db.transaction() as session:
        row = the_event(session, event)
        names = EventFacts.__dataclass_fields__
        facts = {name: getattr(row, name) for name in names} | {"ends_at": row.ends_at + timedelta(hours=1)}
        return change_event(session, event, EventFacts(**facts), version=row.version, by=BY, at=at)


def called_off(db, event, at):
    with db.transaction() as session:
        return cancel_event(session, event, "", version=the_event(session, event).version, by=BY, at=at)


@pytest.mark.parametrize("code", [Closure.Q00, Closure.Q09, Closure.X01, Closure.S10, Closure.X10])
def test_closing_frees_the_places_at_events_that_lie_ahead(db, event, at, mailbox, code):
    enquiry = household(db, event)
    with db.reading() as session:
        before = session.scalar(select(Publication.version)) or 0
    close(db, enquiry, code, at)
    [booking] = bookings(db)
    assert (booking.cancelled_at, booking.given_up_by) == (at, GivenUpBy.CLOSED)
    assert "Places given back (the enquiry was closed)" in notes(db, enquiry)[0]
    reminded(db, at)
    assert [moved(db, event, at), called_off(db, event, at), len(mailbox)] == [0, 0, 0]
    with db.reading() as session:
        assert session.scalar(select(Publication.version)) > before
        given = session.scalars(select(AuditEvent).where(AuditEvent.event.endswith("places_given_up"))).one()
    assert given.facts == {"booking": booking.reference, "people": 2, "how": "CLOSED"}


def test_what_has_been_stays_as_it_was(db, event, at):
    enquiry = household(db, event)
    close(db, enquiry, Closure.Q00, at + timedelta(days=11))
    assert bookings(db)[0].is_live


def test_the_places_of_a_duplicate_are_the_originals(db, event, at):
    with db.transaction() as session:
        other = make_event(session).reference
    original = household(db, other)
    enquiry = household(db, event)
    with db.transaction() as session:
        make_booking(session, the_event(session, other), enquiry_id=enquiry.id, email=None)
    close(db, enquiry, Closure.X02, at, original=original)
    kept, handed_on, second = bookings(db)
    assert [one.enquiry_id for one in (kept, handed_on)] == [original.id, original.id]
    assert [one.is_live for one in (kept, handed_on, second)] == [True, True, False]
    assert any("Places of a duplicate" in note for note in notes(db, original))
    assert enquiry.public_ref not in str(notes(db, original))


@pytest.mark.parametrize("left", ["restricted", "closed"])
def test_the_portal_writes_nothing_by_itself_to_who_is_closed_or_restricted(db, event, at, mailbox, left):
    closed = {"closed_at": at, "stage": Stage.CLOSED, "status": Status.CLOSED, "closure_code": Closure.Q09}
    household(db, event, **(closed if left == "closed" else {"restricted_at": at}))
    with db.transaction() as session:
        guest = Guest(first_name="Kim", last_name="Guest", email=OLD)
        book_places(session, event, guest, key="k" * 43, by=Actor.system("somebody"), at=at)
    reminded(db, at)
    assert [moved(db, event, at), called_off(db, event, at), len(mailbox)] == [0, 0, 0]


@pytest.mark.parametrize(("restricted", "mails"), [(False, 3), (True, 0)])
def test_who_books_after_the_closing_hears_of_the_event_once_linked(
    *, db, event, at, mailbox, restricted, mails
):
    closed = {"closed_at": at - timedelta(days=90), "stage": Stage.CLOSED, "status": Status.CLOSED}
    secret = {"restricted_at": at - timedelta(days=90)} if restricted else {}
    with db.transaction() as session:
        enquiry = make_enquiry(session, **closed, **secret, closure_code=Closure.Q09, due_at=None)
        make_booking(session, the_event(session, event), enquiry_id=enquiry.id)
    reminded(db, at)
    moved(db, event, at)
    called_off(db, event, at)
    assert [mail.to for mail in mailbox] == [enquiry.email] * mails


def test_a_restricted_household_keeps_its_place_and_staff_may_choose_to_write(db, event, at, mailbox):
    with db.transaction() as session:
        enquiry = make_enquiry(session)
    with db.transaction() as session:
        facts = {"people": 1, "access_needs": None, "writes": True, "version": enquiry.version}
        book_for_enquiry(session, event, enquiry.public_ref, **facts, by=BY, at=at)
    assert [mail.to for mail in mailbox] == [enquiry.email]
    with db.transaction() as session:
        session.get_one(Enquiry, enquiry.id).restricted_at = at
    reminded(db, at)
    assert (len(mailbox), bookings(db)[0].is_live) == (1, True)


def test_mails_go_to_the_address_that_the_household_has_now(db, event, at, mailbox):
    enquiry = household(db, event)
    reminded(db, at)
    moved(db, event, at)
    called_off(db, event, at)
    assert [mail.to for mail in mailbox] == [enquiry.email] * 3


def test_asking_again_from_the_old_mailbox_sends_nothing_there(db, event, at, mailbox):
    enquiry = household(db, event)
    with db.transaction() as session:
        guest = Guest(first_name="Kim", last_name="Guest", email=OLD)
        book_places(session, event, guest, key="k" * 43, by=Actor.system("somebody"), at=at)
    assert [mail.to for mail in mailbox] == [enquiry.email]


def test_an_address_that_was_taken_out_of_the_enquiry_gets_nothing(db, event, at, mailbox):
    household(db, event, email=None)
    reminded(db, at)
    assert len(mailbox) == 0


def corrected(db, enquiry, at, **changes):
    """What staff have put right."""
    with db.transaction() as session:
        row = session.get_one(Enquiry, enquiry.id)
        details = {name: getattr(row, name) for name in COLUMNS} | changes
        said = {"phone_wrong": False, "email_wrong": False, "note": ""}
        apply_details(session, row, details, **said, by=BY, at=at, team=COUNCIL.fostering)


def test_the_links_in_the_mailbox_they_have_left_give_nothing_up_and_the_new_one_gets_its_own(
    client, db, event, at, mailbox
):
    enquiry = household(db, event)
    links = "/fostering/events/places"
    before = bookings(db)[0].token
    corrected(db, enquiry, at, email="moved@example.com")
    assert client.get(f"{links}/{before}").status_code == 410
    assert client.get(f"{links}/{bookings(db)[0].token}").status_code == 200
    assert [(mail.to, bookings(db)[0].token in mail.body) for mail in mailbox] == [
        ("moved@example.com", True)
    ]


@pytest.mark.parametrize(
    ("restricted", "put_right", "renewed"),
    [
        (False, {"phone": "+447700900456"}, False),
        (False, {"email": None}, True),
        (True, {"email": "moved@example.com"}, True),
    ],
    ids=["another number", "no address any more", "restricted"],
)
def test_links_end_with_the_address_alone_and_no_mail_goes_where_none_may(
    *, db, event, at, mailbox, restricted, put_right, renewed
):
    enquiry = household(db, event, restricted_at=at if restricted else None)
    before = bookings(db)[0].token
    corrected(db, enquiry, at, **put_right)
    assert (bookings(db)[0].token != before, len(mailbox)) == (renewed, 0)


@pytest.fixture
def deliver(make_app, smtp):
    """Have everything sent that waits, to a server that says this."""

    def run(at, answer="550 5.1.1 no such user"):
        smtp.inbox.answer = answer
        worker = Worker(make_app(smtp=Smtp(host=smtp.host, port=smtp.port, tls="none")))
        while worker.round(at):
            pass
        worker.transport.close()

    return run


def test_a_mail_about_an_event_that_does_not_arrive_becomes_the_next_action(deliver, db, event, at):
    enquiry = household(db, event, due_at=at + timedelta(days=20))
    moved(db, event, at)
    deliver(at)
    with db.reading() as session:
        row = session.get_one(Enquiry, enquiry.id)
    assert (row.email_failed_at, row.due_at) == (at, at)


NOT_REACHED = "Mail does not arrive: reach them another way"


def test_the_events_page_shows_whom_mail_does_not_reach_until_it_does(deliver, sign_in, db, event, at):
    with time_machine.travel(at, tick=False):
        page, officer = f"/staff/fostering/events/{event}", sign_in("fostering")
        with db.transaction() as session:
            lost, _other = (make_booking(session, the_event(session, event)) for _ in range(2))
            telling.write_to(session, telling.BOOKED, the_event(session, event), [lost], at=at)
        assert NOT_REACHED not in officer.get(page).page.main.text
        deliver(at)
        rows = [row.text for row in officer.get(page).page.all("tr")]
        assert [row for row in rows if NOT_REACHED in row] == [row for row in rows if lost.full_name in row]
        with db.transaction() as session:
            guest = session.get_one(EventBooking, lost.id)
            telling.write_to(session, telling.REMINDER, guest.event, [guest], at=at)
        deliver(at, "250 OK")
        assert NOT_REACHED not in officer.get(page).page.main.text


def test_mail_to_a_guest_whose_enquiry_is_found_stands_on_its_timeline(db, event, at):
    with db.transaction() as session:
        guest, enquiry = make_booking(session, the_event(session, event)), make_enquiry(session)
        telling.write_to(session, telling.BOOKED, the_event(session, event), [guest], at=at)
        link_to_enquiry(session, event, guest.id, enquiry.public_ref, by=BY, at=at)
    with db.reading() as session:
        assert session.scalars(select(OutgoingMail.about)).all() == [enquiry.public_ref]


@pytest.mark.parametrize("change", [moved, called_off])
def test_a_mail_that_was_put_off_does_not_say_how_the_event_was_once_it_is_changed(
    *, deliver, smtp, db, event, at, change
):
    """Mailboxes put mail of strangers off; what is written later may then arrive first."""
    with db.transaction() as session:
        guest, other = (make_booking(session, the_event(session, event)) for _ in range(2))
        elsewhere = make_booking(session, make_event(session))
        for booking in (guest, elsewhere):
            telling.write_to(session, telling.BOOKED, booking.event, [booking], at=at)
    deliver(at, "450 4.2.0 try again later")
    change(db, event, at)
    deliver(at + timedelta(hours=1), "250 OK")
    last = "Cancelled" if change is called_off else "A change"
    wanted = [(one.email, last, "sent") for one in (guest, other)]
    wanted += [(guest.email, "Your place", "expired"), (elsewhere.email, "Your place", "sent")]
    with db.reading() as session:
        left = session.execute(select(OutgoingMail.to, OutgoingMail.subject, OutgoingMail.status)).all()
    found = [(mail.to, mail.subject.split(" on ")[0].split(":")[0], mail.status) for mail in left]
    assert sorted(found) == sorted(wanted)
