"""Places that a household booked before anybody knew it: they are named before its records are erased."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.database import Database
from portal.core.mail import OutgoingMail, queue_mail
from portal.fostering.information_events.models import EventBooking
from portal.fostering.models import Enquiry
from tests.fostering.keeping.conftest import NOW
from tests.fostering.walking import send, walk
from tests.support.builders import make_enquiry
from tests.support.client import JudgingClient
from tests.support.events import make_booking, make_event
from tests.support.people import SignIn

KEY = "k" * 32
MINE = "zoe.specimen@example.com"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_places_that_may_be_theirs_are_named_and_go_once_they_are_linked(
    db: Database, sign_in: SignIn, context: None
) -> None:
    """Ahead, past or given back; found by the address or number of any enquiry that can go."""
    ahead, past = NOW + timedelta(days=9), NOW - timedelta(days=9)
    with db.transaction() as session:
        asked = make_enquiry(session, household_key=KEY, email=MINE, phone=None)
        make_enquiry(session, household_key=KEY, email=None, phone="+447700900123")
        known, other = {"email": MINE}, {"email": "else@example.com"}
        theirs = [
            make_booking(session, make_event(session, starts_at=ahead), **known),
            make_booking(session, make_event(session, starts_at=past), phone="+447700900123"),
            make_booking(session, make_event(session, starts_at=ahead), **known, cancelled_at=NOW),
        ]
        stays = make_booking(session, make_event(session, starts_at=ahead), **other, phone="+447700900456")
        for booking in theirs:
            facts = {"reference": asked.public_ref}
            to_send = {"to": MINE, "template": "fostering_follow_up", "facts": facts, "at": NOW}
            queue_mail(session, **to_send, purpose="fostering.event.booked", about=booking.reference)
        path, reference = f"/staff/fostering/{asked.public_ref}/erase", asked.public_ref
        events = {one.id: one.event.reference for one in (*theirs, stays)}
    manager = sign_in("fostering_manager")
    page = manager.get(path).page.main
    links = [f"/staff/fostering/events/{events[one.id]}/bookings/{one.id}/enquiry" for one in theirs]
    named = [link["href"] for link in page.all("a") if "/bookings/" in str(link["href"])]
    assert sorted(named) == sorted(links)
    for link in links:
        whose = {"enquiry": "OTHER", "reference": reference}
        assert manager.post_form(link, whose).status_code == 303
    assert "Places at events that may be theirs" not in manager.get(path).text
    assert manager.post_form(path, {"checked": "yes", "scope": "ALL"}).status_code == 303
    with db.reading() as session:
        assert session.scalars(select(EventBooking.id)).all() == [stays.id]
        assert session.scalars(select(OutgoingMail.id)).all() == []


@pytest.mark.parametrize("booked", [{"email": "ZOE.specimen@example.com"}, {"phone": "+447700900123"}])
def test_places_booked_with_what_was_put_right_since_are_named_too(
    db: Database, client: JudgingClient, sign_in: SignIn, booked: dict[str, str]
) -> None:
    """The answers as they were sent keep the first address and number; corrections change what is used."""
    walk(client)
    assert send(client).status_code == 303
    with db.transaction() as session:
        reference = session.scalars(select(Enquiry.public_ref)).one()
        event = make_event(session, starts_at=NOW + timedelta(days=9))
        place = make_booking(session, event, **booked)
    manager, page = sign_in("fostering_manager"), f"/staff/fostering/{reference}"
    corrected = {"email": "moved@example.com", "phone": "07700 900 456"}
    assert manager.post_form(f"{page}/details", corrected).status_code == 303
    link = f"/staff/fostering/events/{event.reference}/bookings/{place.id}/enquiry"
    for shown in (page, f"{page}/erase"):
        assert link in [a["href"] for a in manager.get(shown).page.main.all("a")]
