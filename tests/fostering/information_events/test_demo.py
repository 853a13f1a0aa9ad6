"""Demonstration events: ahead and over, with room and full, plainly marked, and no mail."""

import pytest
import time_machine
from sqlalchemy import select

from portal.fostering.demo import load_demo_enquiries, load_demo_events
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.queries import events_of_staff
from tests.fostering.test_demo import COUNCIL


@pytest.fixture
def loaded(app, db, mailbox, at):
    with app.app_context():
        with db.transaction() as session:
            load_demo_enquiries(session, at, COUNCIL)
        before = len(mailbox)
        with db.transaction() as session:
            load_demo_events(session, at)
    assert len(mailbox) == before


@pytest.mark.usefixtures("loaded")
def test_each_state_of_an_event_can_be_seen(db, sign_in, client, at):
    with db.reading() as session:
        ahead, past = events_of_staff(session, at)
        assert all(session.scalars(select(InformationEvent.demonstration)))
        linked = session.scalars(select(EventBooking).where(EventBooking.enquiry_id.is_not(None))).all()
        assert len(linked) == 4
        assert [one.full_name for one in linked] == [one.enquiry.full_name for one in linked]
    assert [one.left for one in ahead] == [0, 29, 16]
    assert [one.event.came for one in past] == [4]
    with time_machine.travel(at, tick=False):
        assert client.get("/fostering/events").page.main.text.count("(demonstration)") == 3
        officer = sign_in("fostering")
        for one in (*ahead, *past):
            assert "Demonstration data" in officer.get(f"/staff/fostering/events/{one.event.reference}").text
