"""Who is taken up again is tried from the beginning: neither words nor marks come from the first round."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.council import load_council
from portal.fostering.follow_up.contacts import Contact
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.follow_up.next_actions import mark_of
from portal.fostering.follow_up.service import record_contact
from portal.fostering.models import Enquiry
from portal.fostering.options import ActivityKind, CallOutcome, Stage
from portal.fostering.queries import rounds_of
from tests.support.builders import make_enquiry

COUNCIL = load_council()
TEAM = COUNCIL.fostering


def winter(day, time="10:00"):
    return datetime.fromisoformat(f"2027-{day}T{time}").replace(tzinfo=UTC)


@pytest.fixture
def again(db, by, at):
    """Tried in November, kept in touch with, taken up again on Monday 11 January at ten."""
    with db.transaction() as session:
        make_enquiry(
            session,
            received_at=at - timedelta(days=3),
            stage=Stage.CONTACTING,
            stage_since=at - timedelta(days=2),
            first_attempt_at=at - timedelta(days=2),
            attempts=1,
        )
    for moment, to, facts in (
        (at, Stage.KEEP_IN_TOUCH, {"kit_review_on": date(2027, 1, 11)}),
        (winter("01-11"), Stage.CONTACTING, {}),
    ):
        with db.transaction() as session:
            one, step = session.scalars(select(Enquiry)).one(), Move(to=to, facts=facts)
            move_enquiry(
                session, one.public_ref, step, version=one.version, by=by, at=moment, council=COUNCIL
            )


def tried(db, by, moment, kind=ActivityKind.CALL_OUT):
    outcome = CallOutcome.NO_ANSWER if kind is ActivityKind.CALL_OUT else None
    with db.transaction() as session:
        one = session.scalars(select(Enquiry)).one()
        contact = Contact(kind=kind, outcome=outcome, happened_at=moment)
        record_contact(session, one.public_ref, contact, version=one.version, by=by, at=moment, team=TEAM)


def action(db, moment):
    with db.reading() as session:
        one = session.scalars(select(Enquiry)).one()
        return mark_of(one, TEAM, moment, rounds_of(session, [one])).action, one.due_at


def test_the_first_try_of_the_day_on_which_they_are_taken_up_again_counts(db, by, again):
    assert action(db, winter("01-11", "10:30")) == ("Call or write to them", winter("01-12", "17:00"))
    tried(db, by, winter("01-11", "11:00"))
    assert action(db, winter("01-11", "12:00")) == ("Try to reach them again", winter("01-12", "17:00"))


def test_once_tried_enough_again_it_is_closed_for_want_of_an_answer(db, by, again):
    tried(db, by, winter("01-11", "11:00"))
    tried(db, by, winter("01-12", "15:00"))
    tried(db, by, winter("01-13", "11:00"), ActivityKind.EMAIL)
    closing = ("Close for want of an answer", winter("02-01", "17:00"))
    assert action(db, winter("01-14")) == closing
    tried(db, by, winter("01-15"), ActivityKind.AMBASSADOR_CALL)
    assert action(db, winter("01-15", "11:00")) == ("Try to reach them again", winter("01-18", "17:00"))
