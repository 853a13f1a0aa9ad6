"""A message that lies ready is not true any more once what it tells of was changed: the day, or the place."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.access import Actor
from portal.core.database import Database
from portal.core.errors import InvalidTransition
from portal.council import load_council
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.offers import MOVED_ON, offered
from portal.fostering.messages.options import MessageKind
from portal.fostering.messages.service import edit_message, send_message, write_message
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind, CallOutcome, Stage, Status, VisitMode
from tests.support.builders import make_enquiry
from tests.support.client import JudgingClient

COUNCIL = load_council()
PAUSED = {"stage": Stage.KEEP_IN_TOUCH, "status": Status.KEEP_IN_TOUCH}


def write(app: Flask, db: Database, kind: MessageKind, by: Actor, at: datetime) -> FamilyMessage:
    with app.app_context(), db.transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        return write_message(session, enquiry, kind, by=by, at=at, council=COUNCIL)


def send(app: Flask, db: Database, message: FamilyMessage, by: Actor, at: datetime) -> str:
    with app.app_context(), db.transaction() as session:
        enquiry, said = session.scalars(select(Enquiry)).one(), {"by": by, "at": at, "council": COUNCIL}
        return send_message(session, enquiry, message.id, version=message.version, **said)


def test_a_review_on_another_day_is_told_by_another_message(
    app: Flask, db: Database, by: Actor, at: datetime
) -> None:
    with db.transaction() as session:
        make_enquiry(session, **PAUSED, kit_review_on=date(2027, 1, 5))
    first = write(app, db, MessageKind.KEEP_IN_TOUCH, by, at)
    with db.transaction() as session:
        words = (first.subject, f"{first.body}\nSee you soon.")
        enquiry = session.scalars(select(Enquiry)).one()
        edit_message(session, enquiry, first.id, words, version=first.version, by=by, at=at)
        enquiry.kit_review_on = date(2027, 7, 5)
    first.version += 1
    with pytest.raises(InvalidTransition) as refused:
        send(app, db, first, by, at)
    assert refused.value.facts["why"] == MOVED_ON
    second = write(app, db, MessageKind.KEEP_IN_TOUCH, by, at)
    assert second.id != first.id
    assert "5 July 2027" in second.body
    assert send(app, db, second, by, at) == ""


@pytest.mark.parametrize(("days", "offers"), [(-1, False), (0, True), (1, True)])
def test_a_review_that_should_have_been_is_announced_to_nobody(
    *, app: Flask, db: Database, by: Actor, at: datetime, days: int, offers: bool
) -> None:
    """Not to who is written to now, nor by a draft that has lain since before."""
    with db.transaction() as session:
        make_enquiry(session, **PAUSED, kit_review_on=(at + timedelta(days=days)).date())
    draft = write(app, db, MessageKind.KEEP_IN_TOUCH, by, at - timedelta(days=9))
    with db.reading() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        assert (MessageKind.KEEP_IN_TOUCH in offered(enquiry, at)) is offers
    if not offers:
        with pytest.raises(InvalidTransition) as refused:
            send(app, db, draft, by, at)
        assert refused.value.facts["why"] == MOVED_ON


def test_a_draft_says_of_the_last_call_whether_a_message_was_left(
    app: Flask, db: Database, by: Actor, at: datetime
) -> None:
    with db.transaction() as session:
        reference = make_enquiry(session, stage=Stage.CONTACTING).public_ref

    def call(outcome: CallOutcome, moment: datetime) -> None:
        with db.transaction() as session:
            enquiry = session.scalars(select(Enquiry)).one()
            facts = {"kind": ActivityKind.CALL_OUT, "outcome": outcome, "at": moment}
            session.add(Activity(enquiry_id=enquiry.id, **facts))

    call(CallOutcome.NO_ANSWER, at)
    draft = write(app, db, MessageKind.CALL_TRIED, by, at)
    call(CallOutcome.VOICEMAIL, at + timedelta(hours=1))
    with pytest.raises(InvalidTransition) as refused:
        send(app, db, draft, by, at + timedelta(hours=2))
    assert refused.value.facts == {"reference": reference, "why": MOVED_ON}
    again = write(app, db, MessageKind.CALL_TRIED, by, at + timedelta(hours=2))
    assert (again.id, "We left a short message." in again.body) == (draft.id, True)
    assert send(app, db, again, by, at + timedelta(hours=2)) == ""


def test_the_same_visit_held_another_way_is_told_in_other_words(
    app: Flask, db: Database, by: Actor, officer: JudgingClient, at: datetime
) -> None:
    visit_at = at + timedelta(days=3)
    with db.transaction() as session:
        booked = {"visit_booked_for": visit_at, "visit_mode": VisitMode.HOME}
        reference = make_enquiry(session, stage=Stage.VISIT_BOOKED, **booked).public_ref
    draft = write(app, db, MessageKind.VISIT_BOOKED, by, at)
    page = f"/staff/fostering/{reference}/messages/{draft.id}"
    assert MOVED_ON not in officer.get(page).page.main.text
    with db.transaction() as session:
        session.scalars(select(Enquiry)).one().visit_mode = VisitMode.VIRTUAL
    assert MOVED_ON in officer.get(page).page.main.text
    with pytest.raises(InvalidTransition) as refused:
        send(app, db, draft, by, at)
    assert refused.value.facts["why"] == MOVED_ON
    again = write(app, db, MessageKind.VISIT_BOOKED, by, at)
    assert (again.id, "By video" in again.body, "At your home" in again.body) == (draft.id, True, False)
    assert send(app, db, again, by, at) == ""
