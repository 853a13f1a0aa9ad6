"""Places, while somebody else changes or erases the household whose they are: who waits, what counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.database import Database
from portal.fostering.information_events.attending import record_attendance
from portal.fostering.information_events.facts import EventFacts
from portal.fostering.information_events.giving_up import give_up_by_link, give_up_by_staff
from portal.fostering.information_events.jobs import remind
from portal.fostering.information_events.models import EventBooking, InformationEvent
from portal.fostering.information_events.renewing import renew_links
from portal.fostering.information_events.service import change_event
from portal.fostering.models import Enquiry
from tests.fostering.beside import Beside, locked
from tests.support.builders import make_enquiry
from tests.support.databases import ON_POSTGRESQL
from tests.support.events import make_booking, make_event
from tests.support.mailbox import Mailbox

BY = Actor(name="Robin Example", kind="staff")
VISITOR = Actor.visitor()
Meanwhile = Callable[[Session, Enquiry, datetime], None]


def corrected(session: Session, enquiry: Enquiry, at: datetime) -> None:
    enquiry.email = enquiry.email_key = "moved@example.com"
    renew_links(session, enquiry, at)


def erased(session: Session, enquiry: Enquiry, at: datetime) -> None:
    session.delete(enquiry)


@ON_POSTGRESQL
@pytest.mark.parametrize(
    ("by_staff", "meanwhile", "ended", "live"),
    [
        (False, corrected, "PlaceLinkGone", [True]),
        (False, erased, "PlaceLinkGone", []),
        (True, erased, "done", []),
    ],
    ids=["link, address corrected", "link, record erased", "staff, record erased"],
)
def test_giving_back_waits_and_looks_again(
    *,
    app: Flask,
    db: Database,
    at: datetime,
    by_staff: bool,
    meanwhile: Meanwhile,
    ended: str,
    live: list[bool],
) -> None:
    with db.transaction() as session:
        enquiry, event = make_enquiry(session), make_event(session)
        place = make_booking(session, event, enquiry_id=enquiry.id)

    def give_back(writer: Session) -> None:
        if by_staff:
            give_up_by_staff(writer, event.reference, place.id, by=VISITOR, at=at)
        else:
            give_up_by_link(writer, place.token, by=VISITOR, at=at)

    with app.app_context(), db.transaction() as session:
        found = locked(session, enquiry)
        press = Beside(app, db, give_back)
        meanwhile(session, found, at)
    assert press.end() == ended
    with db.reading() as session:
        assert [booking.is_live for booking in session.scalars(select(EventBooking))] == live


def say_who_came(session: Session, event: InformationEvent, place: int) -> None:
    late = event.starts_at + timedelta(hours=2)
    record_attendance(session, event.reference, {place}, version=1, by=BY, at=late)


def move_it(session: Session, event: InformationEvent, _place: int) -> None:
    facts = {name: getattr(event, name) for name in EventFacts.__dataclass_fields__}
    later = EventFacts(**facts | {"starts_at": event.starts_at + timedelta(minutes=30)})
    change_event(session, event.reference, later, version=1, by=BY, at=event.starts_at - timedelta(days=1))


def remind_them(session: Session, event: InformationEvent, _place: int) -> None:
    remind(session, {}, event.starts_at - timedelta(hours=20))


@ON_POSTGRESQL
@pytest.mark.parametrize("deed", [say_who_came, move_it, remind_them])
def test_nothing_is_said_to_or_of_a_household_that_is_erased_meanwhile(
    app: Flask, db: Database, mailbox: Mailbox, deed: Callable[[Session, InformationEvent, int], None]
) -> None:
    with db.transaction() as session:
        enquiry, event = make_enquiry(session), make_event(session)
        place = make_booking(session, event, enquiry_id=enquiry.id, reminded_at=None)
    with db.transaction() as session:
        found = locked(session, enquiry)
        doing = Beside(app, db, lambda writer: deed(writer, event, place.id))
        session.delete(found)
    assert (doing.end(), len(mailbox)) == ("done", 0)
    with db.reading() as session:
        assert session.scalars(select(EventBooking)).all() == []
