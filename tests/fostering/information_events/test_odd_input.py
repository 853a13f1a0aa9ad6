"""Times that the clock skips, keys made by strangers, names that are read and noted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.fostering.models import Enquiry
from tests.support.events import make_booking, make_event

LIST = "/staff/fostering/events"


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        ("1:30am", "2:15am", "The clocks go forward on that day, so there is no such time"),
        ("12:30am", "1:15am", "The clocks go forward on that day, so there is no such time"),
        ("2:15am", "2:05am", "The event must end later in the day than it begins"),
    ],
)
def test_a_time_that_the_clock_skips_is_refused_at_its_field(officer, begins, ends, words):
    typed = {
        "title": "Night",
        "day-day": "28",
        "day-month": "3",
        "day-year": "2027",
        "capacity": "4",
        "begins": begins,
        "ends": ends,
        "mode": "VENUE",
        "place": "Hall",
    }
    answer = officer.post_form(f"{LIST}/new", typed)
    assert answer.status_code == 422
    assert words in answer.page.main.text


def test_two_bookings_whose_keys_begin_alike_are_two_enquiries(officer, db):
    with db.transaction() as session:
        event = make_event(session)
        pair = [make_booking(session, event, submission_key="k" * 63 + end) for end in "ab"]
    for booking in pair:
        officer.post_form(f"{LIST}/{event.reference}/bookings/{booking.id}/enquiry", {"enquiry": "NEW"})
    with db.reading() as session:
        assert len(session.scalars(select(Enquiry)).all()) == 2


@pytest.mark.parametrize("page", ["attendance", "bookings/{}/cancel", "bookings/{}/enquiry"])
def test_whoever_reads_a_guests_name_is_noted(officer, db, at, page):
    with db.transaction() as session:
        event = make_event(session, starts_at=at - timedelta(hours=1))
        booking = make_booking(session, event)
    assert (
        booking.full_name in officer.get(f"{LIST}/{event.reference}/{page.format(booking.id)}").page.main.text
    )
    with db.reading() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.event == "fostering.event_read")).one()
