"""Places at events follow a duplicate to the one that stays, and come back when the merge was a mistake."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.access import Actor
from portal.core.database import Database
from portal.council import load_council
from portal.fostering.follow_up.linking.options import Said
from portal.fostering.follow_up.linking.service import compare_households
from portal.fostering.information_events.models import EventBooking
from portal.fostering.models import Activity, Enquiry
from tests.support.builders import make_enquiry
from tests.support.events import make_booking, make_event
from tests.support.mailbox import Mailbox

COUNCIL = load_council()
Pair = tuple[Enquiry, Enquiry]


@pytest.fixture(autouse=True)
def context(app: Flask) -> object:
    with app.app_context():
        yield


@pytest.fixture
def pair(db: Database) -> Pair:
    """Two families, with one mailbox each; the second, which is merged into the first, has places."""
    with db.transaction() as session:
        one, two = (make_enquiry(session, email=f"{name}@example.com") for name in ("one", "two"))
        make_booking(session, make_event(session), enquiry_id=two.id, email="two@example.com")
    return one, two


def say(db: Database, pair: Pair, said: Said, by: Actor, at: datetime) -> None:
    one, two = pair
    with db.transaction() as session:
        facts = {
            "version": session.get_one(Enquiry, one.id).version,
            "note": "",
            "by": by,
            "council": COUNCIL,
        }
        compare_households(session, (one.public_ref, two.public_ref), said, at=at, **facts)


def bookings(db: Database) -> list[EventBooking]:
    with db.reading() as session:
        return list(session.scalars(select(EventBooking).order_by(EventBooking.id)))


def test_places_of_families_that_were_merged_by_mistake_are_the_second_ones_again(
    db: Database, pair: Pair, by: Actor, at: datetime, mailbox: Mailbox
) -> None:
    one, two = pair
    [before] = bookings(db)
    say(db, pair, Said.MERGE, by, at)
    assert (bookings(db)[0].enquiry_id, len(mailbox)) == (one.id, 0)
    say(db, pair, Said.DIFFERENT, by, at + timedelta(hours=1))
    [place] = bookings(db)
    assert (place.enquiry_id, place.is_live, place.token == before.token) == (two.id, True, False)
    assert [(mail.to, place.token in mail.body) for mail in mailbox] == [("two@example.com", True)]
    with db.reading() as session:
        notes = {
            row.enquiry_id: row.note for row in session.scalars(select(Activity).order_by(Activity.id)).all()
        }
    assert notes == {
        one.id: "Not this household’s any more: places at Information evening, 3 Dec 2026, 6pm",
        two.id: "This household’s again: places at Information evening, 3 Dec 2026, 6pm",
    }


def test_places_that_the_one_that_stays_has_itself_stay_with_it(
    db: Database, pair: Pair, by: Actor, at: datetime, mailbox: Mailbox
) -> None:
    one, two = pair
    with db.transaction() as session:
        own = make_booking(session, make_event(session), enquiry_id=one.id)
    say(db, pair, Said.MERGE, by, at)
    with db.transaction() as session:
        later = make_booking(session, make_event(session), enquiry_id=one.id)
    say(db, pair, Said.DIFFERENT, by, at + timedelta(hours=1))
    assert {place.id: place.enquiry_id for place in bookings(db)} == {
        bookings(db)[0].id: two.id,
        own.id: one.id,
        later.id: one.id,
    }
    assert {place.token for place in bookings(db)} >= {own.token, later.token}
    assert [mail.to for mail in mailbox] == ["two@example.com"]
