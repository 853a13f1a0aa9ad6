"""What migrations make of the households that were there before: they are told no more than is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import migrating
from portal.core.database import Database
from portal.fostering.closures import Closure
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.options import MessageKind, MessageState
from portal.fostering.models import Activity, Enquiry, HistoryEntry
from portal.fostering.options import ActivityKind, HistoryKind, Stage, Status
from tests.support.builders import make_enquiry

BEFORE = "0018"
DAY = timedelta(days=1)


@pytest.fixture
def migrated(spare_database: str) -> Iterator[Database]:
    """A database of the newest kind."""
    found = Database(spare_database)
    migrating.upgrade(found)
    yield found
    found.dispose()


def again(database: Database) -> None:
    """Back to how it was before these columns, and forward with what was there then."""
    migrating.downgrade(database, BEFORE)
    migrating.upgrade(database)


def found(database: Database, column: Any) -> dict[str, datetime | None]:
    with database.reading() as session:
        return dict(iter(session.execute(select(Enquiry.last_name, column))))


def closed(session: Session, at: datetime, name: str, code: Closure) -> Enquiry:
    stands = {"stage": Stage.CLOSED, "status": Status.CLOSED, "due_at": None}
    return make_enquiry(session, last_name=name, closed_at=at, closure_code=code, **stands)


def letter(enquiry: Enquiry, at: datetime, **changes: Any) -> FamilyMessage:
    tells = {"kind": MessageKind.CLOSING, "closure_code": enquiry.closure_code, "about_at": enquiry.closed_at}
    words = {"subject": "Your enquiry", "body": "Hello", "written_at": at, "written_by_name": "Robin"}
    return FamilyMessage(enquiry_id=enquiry.id, **{**tells, **words, **changes})


def kept(session: Session, at: datetime, name: str) -> Enquiry:
    """Kept in touch with since the day after the visit."""
    stands = {"stage": Stage.KEEP_IN_TOUCH, "status": Status.KEEP_IN_TOUCH, "kit_review_on": at.date()}
    enquiry = make_enquiry(session, last_name=name, visit_done_at=at, **stands)
    moved = {"kind": HistoryKind.MOVED, "from_stage": Stage.VISIT_DONE, "to_stage": Stage.KEEP_IN_TOUCH}
    session.add(HistoryEntry(enquiry_id=enquiry.id, at=at + DAY, **moved))
    return enquiry


def test_a_pack_that_was_recorded_as_sent_is_settled_since_the_first_time(
    migrated: Database, at: datetime
) -> None:
    with migrated.transaction() as session:
        for name, kinds in {"Sent": ("CALL_OUT", "INFO_PACK", "INFO_PACK"), "Called": ("CALL_OUT",)}.items():
            enquiry = make_enquiry(session, last_name=name)
            for days, kind in enumerate(kinds):
                session.add(Activity(enquiry_id=enquiry.id, at=at + days * DAY, kind=ActivityKind(kind)))
    again(migrated)
    assert found(migrated, Enquiry.pack_settled_at) == {"Sent": at + DAY, "Called": None}


def test_a_letter_after_a_closing_is_owed_where_its_draft_waits_or_nobody_can_know(
    migrated: Database, at: datetime
) -> None:
    with migrated.transaction() as session:
        session.add(letter(closed(session, at, "Draft", Closure.S02), at))
        sent = {"state": MessageState.SENT, "sent_at": at}
        session.add(letter(closed(session, at, "Sent", Closure.S02), at, **sent))
        closed(session, at, "Deleted", Closure.S02)
        session.add(letter(closed(session, at, "Earlier", Closure.S02), at, about_at=at - DAY))
        closed(session, at, "Hand", Closure.S10)
        session.add(letter(closed(session, at, "Theirs", Closure.Q01), at))
    again(migrated)
    owed = {name for name, since in found(migrated, Enquiry.letter_owed_since).items() if since == at}
    assert owed == {"Draft", "Hand"}
    assert set(found(migrated, Enquiry.letter_owed_since).values()) == {at, None}


def test_a_letter_after_a_visit_is_owed_until_something_was_written(migrated: Database, at: datetime) -> None:
    with migrated.transaction() as session:
        kept(session, at, "Waits")
        called, written = kept(session, at, "Called"), kept(session, at, "Written")
        messaged, before = kept(session, at, "Messaged"), kept(session, at, "Before")
        for enquiry, kind, when in (
            (called, ActivityKind.CALL_OUT, at + DAY),
            (written, ActivityKind.EMAIL, at + DAY),
            (before, ActivityKind.EMAIL, at - DAY),
        ):
            session.add(Activity(enquiry_id=enquiry.id, at=when, kind=kind))
        left = {"kind": MessageKind.KEEP_IN_TOUCH, "state": MessageState.SENT, "sent_at": at + DAY}
        session.add(letter(messaged, at, about_at=None, **left))
    again(migrated)
    owed = {name for name, since in found(migrated, Enquiry.letter_owed_since).items() if since == at}
    assert owed == {"Waits", "Called", "Before"}
