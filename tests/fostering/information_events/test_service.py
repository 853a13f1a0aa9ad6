"""Announcing, changing and cancelling an event: whoever has booked hears of what matters to them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.errors import InvalidInput, InvalidTransition, StaleEdit
from portal.core.page_cache import Publication
from portal.fostering.information_events.facts import EventFacts
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.options import EventMode, GivenUpBy
from portal.fostering.information_events.service import cancel_event, change_event, create_event
from portal.fostering.models import Activity
from tests.support.builders import make_enquiry
from tests.support.calendar_checker import judge_calendar, read_calendar
from tests.support.events import make_booking

BY = Actor(name="Robin Example", kind="staff")


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def facts(at):
    starts_at = at + timedelta(days=10, hours=8)
    return EventFacts(
        title="Information evening",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        mode=EventMode.VENUE,
        place="Central Library, Southampton SO14 7LW",
        join_link=None,
        about=None,
        capacity=12,
    )


@pytest.fixture
def event(db, facts, at):
    with db.transaction() as session:
        return create_event(session, facts, by=BY, at=at).reference


def stored(db):
    with db.reading() as session:
        return session.scalars(select(InformationEvent)).one()


def guests(db, event, *people, **changes):
    with db.transaction() as session:
        row = session.scalars(select(InformationEvent)).one()
        return [make_booking(session, row, people=number, **changes) for number in people]


def change(db, event, facts, at, *, version=1):
    with db.transaction() as session:
        return change_event(session, event, facts, version=version, by=BY, at=at)


def cancel(db, event, at, *, version=1, note=""):
    with db.transaction() as session:
        return cancel_event(session, event, note, version=version, by=BY, at=at)


def test_a_new_event_is_public_at_once_and_has_a_reference_that_counts_nothing(db, event):
    assert stored(db).reference.startswith("EVT-")
    with db.reading() as session:
        assert session.scalar(select(Publication.version)) == 1
        assert session.scalars(select(AuditEvent.event)).all() == ["fostering.event_created"]


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(0, "The event must be in the future"), (10_000, "The event must be within the next two years")],
)
def test_an_event_lies_ahead_and_a_slip_in_the_year_is_not_announced(db, facts, at, ahead, words):
    with pytest.raises(InvalidInput) as refusal, db.transaction() as session:
        create_event(session, replace(facts, starts_at=at + timedelta(days=ahead)), by=BY, at=at)
    assert (refusal.value.field, refusal.value.message) == ("day", words)


def test_a_new_time_is_told_to_everybody_who_has_a_place_and_to_nobody_else(db, event, facts, mailbox, at):
    [stays, gone, silent] = guests(db, event, 1, 1, 2, reminded_at=at)
    with db.transaction() as session:
        session.get_one(EventBooking, gone.id).cancelled_at = at
        session.get_one(EventBooking, silent.id).writes = False
    later = replace(
        facts, starts_at=facts.starts_at + timedelta(hours=1), ends_at=facts.ends_at + timedelta(hours=1)
    )
    assert change(db, event, later, at) == 1
    [mail] = mailbox
    assert mail.to == stays.email
    assert mail.subject == "A change: Thursday 3 December 2026, 7pm"
    assert judge_calendar(mail.calendar.encode()) == []
    [entry] = read_calendar(mail.calendar.encode()).parts
    assert (entry.value("SEQUENCE"), entry.value("DTSTART")) == ("2", "20261203T190000Z")
    with db.reading() as session:
        assert session.get_one(EventBooking, stays.id).reminded_at is None, "they are reminded of the new day"


def test_more_room_is_told_to_nobody(db, event, facts, mailbox, at):
    guests(db, event, 1)
    assert change(db, event, replace(facts, capacity=20, title="Come and ask"), at) == 0
    assert (len(mailbox), stored(db).capacity, stored(db).version) == (0, 20, 2)


def test_nothing_changed_is_no_change(db, event, facts, at):
    assert change(db, event, facts, at) == 0
    assert stored(db).version == 1


def test_there_are_never_fewer_places_than_are_booked(db, event, facts, at):
    guests(db, event, 2, 3)
    with pytest.raises(InvalidInput) as refusal:
        change(db, event, replace(facts, capacity=4), at)
    assert refusal.value.message == "5 places are booked already. Enter 5 or more"
    change(db, event, replace(facts, capacity=5), at)


def test_cancelling_tells_everybody_frees_the_places_and_stands_on_the_timeline(db, event, mailbox, at):
    with db.transaction() as session:
        enquiry = make_enquiry(session)
    guests(db, event, 2, enquiry_id=enquiry.id)
    assert cancel(db, event, at, note="The hall is closed.") == 1
    [mail] = mailbox
    assert mail.subject == "Cancelled: Thursday 3 December 2026, 6pm"
    assert "The hall is closed." in mail.body
    assert mail.about == enquiry.public_ref
    [entry] = read_calendar(mail.calendar.encode()).parts
    assert (entry.value("STATUS"), entry.value("SEQUENCE")) == ("CANCELLED", "2")
    with db.reading() as session:
        assert session.scalars(select(EventBooking.given_up_by)).one() is GivenUpBy.EVENT
        [activity] = session.scalars(select(Activity)).all()
    assert (
        activity.note == "Places given back (the event was cancelled): Information evening, 3 Dec 2026, 6pm"
    )


def test_what_has_begun_or_was_cancelled_is_changed_no_more(db, event, facts, at):
    with pytest.raises(InvalidTransition):
        change(db, event, facts, facts.starts_at)
    cancel(db, event, at)
    for act in (lambda: change(db, event, facts, at, version=2), lambda: cancel(db, event, at, version=2)):
        with pytest.raises(InvalidTransition):
            act()


def test_the_second_of_two_who_change_it_is_told(db, event, facts, at):
    change(db, event, replace(facts, capacity=20), at)
    with pytest.raises(StaleEdit):
        change(db, event, replace(facts, capacity=30), at)
    with pytest.raises(StaleEdit):
        cancel(db, event, at)
    assert stored(db).capacity == 20
