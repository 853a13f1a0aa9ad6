"""Places that are given back while somebody else changes the household: what then still counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.database import Database
from portal.fostering.information_events.giving_up import give_up_by_link, give_up_by_staff
from portal.fostering.information_events.models import EventBooking
from portal.fostering.information_events.renewing import renew_links
from portal.fostering.models import Enquiry
from tests.fostering.beside import Beside, locked
from tests.support.builders import make_enquiry
from tests.support.databases import ON_POSTGRESQL
from tests.support.events import make_booking, make_event

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
