"""Recording a contact: what it changes, what it refuses, what the audit keeps."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.errors import InvalidInput, InvalidTransition, NotFound, StaleEdit
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up.contacts import Contact, is_at_night
from portal.fostering.follow_up.service import record_contact
from portal.fostering.jobs import PORTAL
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind, CallOutcome, NextStep, Stage, Status
from portal.fostering.service import close_unanswered
from tests.support.builders import make_enquiry, make_staff

TEAM = load_council().fostering
CALL = ActivityKind.CALL_OUT


@pytest.fixture
def world(db, at):
    """An enquiry, and the member of staff who works it."""
    with db.transaction() as session:
        person = make_staff(session, role="fostering")
        enquiry = make_enquiry(session, received_at=at - timedelta(hours=1))
    return enquiry.public_ref, Actor(id=person.id, name=person.name, email=person.email, kind="staff")


def record(db, world, at, kind=CALL, outcome=CallOutcome.NO_ANSWER, *, version=1, **details):
    reference, actor = world
    contact = Contact(kind=kind, outcome=outcome, happened_at=details.pop("happened_at", at), **details)
    with db.transaction() as session:
        return record_contact(session, reference, contact, version=version, by=actor, at=at, team=TEAM)


def stored(db, world):
    with db.reading() as session:
        return session.scalars(select(Enquiry).where(Enquiry.public_ref == world[0])).one()


def test_a_first_try_takes_the_enquiry_and_starts_contacting(db, world, at):
    record(db, world, at)
    enquiry = stored(db, world)
    assert (enquiry.stage, enquiry.attempts, enquiry.first_attempt_at) == (Stage.CONTACTING, 1, at)
    assert enquiry.owner_id == world[1].id
    assert enquiry.first_contact_at is None
    # Received Monday 9am, so the initial call's target is Thursday 5pm London.
    assert enquiry.due_at == datetime(2026, 11, 26, 17, 0, tzinfo=UTC)


def test_speaking_is_the_first_contact_and_the_initial_call(db, world, at):
    record(db, world, at, outcome=CallOutcome.SPOKE)
    enquiry = stored(db, world)
    assert enquiry.stage is Stage.CALL_DONE
    assert enquiry.first_contact_at == enquiry.initial_call_at == at
    # Ten working days to a visit: Monday 7 December, 5pm London.
    assert enquiry.due_at == datetime(2026, 12, 7, 17, 0, tzinfo=UTC)


def test_their_own_call_counts_as_contact_but_not_as_our_attempt(db, world, at):
    record(db, world, at, kind=ActivityKind.CALL_IN, outcome=CallOutcome.SPOKE)
    enquiry = stored(db, world)
    assert (enquiry.attempts, enquiry.first_attempt_at) == (0, None)
    assert enquiry.first_contact_at == at


def test_a_wish_to_be_called_later_moves_the_due_time(db, world, at):
    later = at + timedelta(days=90)
    record(db, world, at, outcome=CallOutcome.CALL_BACK_AT, call_back_at=later)
    assert stored(db, world).due_at == later


WRITTEN_NOW = {"kind": ActivityKind.EMAIL, "outcome": None}
TRIED = {"outcome": CallOutcome.NO_ANSWER}


@pytest.mark.parametrize(
    ("days", "between"),
    [(0, WRITTEN_NOW), (3, WRITTEN_NOW), (3, {"kind": ActivityKind.SMS, "outcome": None}), (3, TRIED)],
)
def test_the_call_they_asked_for_stays_due_when_they_are_written_to_or_tried_before(
    db, world, at, days, between
):
    asked = at + timedelta(days=days, hours=4)
    record(db, world, at, outcome=CallOutcome.CALL_BACK_AT, call_back_at=asked)
    for version in (2, 3, 4):  # enough for their want of an answer to be waited for
        record(db, world, at, version=version, **between)
    assert stored(db, world).due_at == asked


@pytest.mark.parametrize(
    ("days", "outcome"),
    [
        (0, CallOutcome.NO_ANSWER),
        (0, CallOutcome.SPOKE),
        (3, CallOutcome.SPOKE),
        (3, CallOutcome.WRONG_NUMBER),
    ],
)
def test_the_call_they_asked_for_is_over_when_it_was_made_or_cannot_be(db, world, at, days, outcome):
    asked = at + timedelta(days=days, hours=4)
    record(db, world, at, outcome=CallOutcome.CALL_BACK_AT, call_back_at=asked)
    record(db, world, at, version=2, outcome=outcome)
    assert stored(db, world).due_at != asked


PACK_SENT = {"kind": ActivityKind.INFO_PACK, "outcome": None}
COURTESY = datetime(2026, 12, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def pack_only(db, world):
    """The household wanted the information pack, and nothing else for now."""
    with db.transaction() as session:
        session.scalars(select(Enquiry)).one().next_step = NextStep.INFO_PACK_ONLY
    return world


def test_once_the_pack_is_sent_nothing_is_due_until_the_courtesy_message(db, pack_only, at):
    record(db, pack_only, at, version=2, **PACK_SENT)
    assert stored(db, pack_only).due_at == COURTESY
    a_week_on = at + timedelta(days=7)
    record(db, pack_only, a_week_on, version=3, **PACK_SENT)
    enquiry = stored(db, pack_only)
    assert enquiry.due_at == COURTESY
    assert not enquiry.is_overdue(a_week_on)


def test_the_pack_is_no_attempt_to_reach_whoever_asked_for_a_call(db, world, at):
    due = stored(db, world).due_at
    record(db, world, at, **PACK_SENT)
    enquiry = stored(db, world)
    assert (enquiry.attempts, enquiry.first_attempt_at, enquiry.due_at) == (0, None, due)


def test_after_the_courtesy_message_a_contact_is_not_followed_day_by_day(db, pack_only, at):
    record(db, pack_only, COURTESY, version=2, **PACK_SENT)
    # Fifteen working days, Christmas and New Year between them: Monday 18 January, 5pm London.
    assert stored(db, pack_only).due_at == datetime(2027, 1, 18, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "details"),
    [(CallOutcome.SPOKE, {}), (CallOutcome.CALL_BACK_AT, {"call_back_at": timedelta(days=2)})],
)
def test_whoever_wanted_the_pack_and_then_talked_is_due_like_anybody(db, pack_only, at, outcome, details):
    moments = {name: at + ahead for name, ahead in details.items()}
    record(db, pack_only, at, version=2, outcome=outcome, **moments)
    talked = datetime(2026, 12, 7, 17, 0, tzinfo=UTC)
    assert stored(db, pack_only).due_at == moments.get("call_back_at", talked)


def test_contacts_may_be_written_down_out_of_order(db, world, at):
    record(db, world, at)
    earlier = at - timedelta(minutes=30)
    record(db, world, at, version=2, happened_at=earlier)
    enquiry = stored(db, world)
    assert (enquiry.first_attempt_at, enquiry.attempts) == (earlier, 2)


def test_the_first_owner_stays(db, world, at):
    record(db, world, at)
    with db.transaction() as session:
        other = make_staff(session)
    record(db, (world[0], Actor(id=other.id, name="Other", kind="staff")), at, version=2)
    assert stored(db, world).owner_id == world[1].id


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"happened_at": timedelta(hours=1)}, "happened_on"),
        ({"happened_at": -timedelta(hours=2)}, "happened_on"),
        ({"outcome": CallOutcome.CALL_BACK_AT, "call_back_at": -timedelta(hours=1)}, "call_back_on"),
        ({"outcome": CallOutcome.CALL_BACK_AT, "call_back_at": timedelta(days=91)}, "call_back_on"),
        (
            {"outcome": CallOutcome.CALL_BACK_AT, "call_back_at": datetime(9999, 12, 31, tzinfo=UTC)},
            "call_back_on",
        ),
        ({"outcome": CallOutcome.CALL_BACK_AT}, "call_back_on"),
        ({"outcome": CallOutcome.CALL_BACK_AT, "call_back_at": timedelta(hours=17)}, "call_back_time"),
    ],
)
def test_times_that_cannot_be_are_refused(db, world, at, details, field):
    moments = {name: at + value if isinstance(value, timedelta) else value for name, value in details.items()}
    with pytest.raises(InvalidInput) as refusal:
        record(db, world, at, **moments)
    assert refusal.value.field == field
    assert stored(db, world).attempts == 0


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        (datetime(2026, 11, 23, 6, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 7, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 22, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 22, 1, tzinfo=UTC), True),
        (datetime(2026, 7, 23, 6, 0, tzinfo=UTC), False),  # seven o’clock in London’s summer
        (datetime(2026, 7, 23, 21, 30, tzinfo=UTC), True),
    ],
)
def test_the_night_is_londons(moment, night):
    assert is_at_night(moment) is night


def test_a_page_that_is_out_of_date_records_nothing(db, world, at):
    record(db, world, at)
    with pytest.raises(StaleEdit):
        record(db, world, at, version=1)
    with db.reading() as session:
        assert len(session.scalars(select(Activity)).all()) == 1


def test_a_closed_enquiry_takes_no_contact(db, world, at):
    with db.transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        enquiry.status, enquiry.stage, enquiry.closure_code = Status.CLOSED, Stage.CLOSED, Closure.Q00
        enquiry.closed_at, enquiry.due_at = at, None
    with pytest.raises(InvalidTransition):
        record(db, world, at, version=2)


@pytest.fixture
def unanswered(db, pack_only, at):
    """Closed by the portal because nobody answered."""
    with db.transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        close_unanswered(session, enquiry, by=PORTAL, at=at, council=load_council())
    return pack_only


def test_who_calls_after_all_is_taken_up_again(db, unanswered, at):
    record(db, unanswered, at, version=3, kind=ActivityKind.CALL_IN, outcome=CallOutcome.SPOKE)
    enquiry = stored(db, unanswered)
    assert (enquiry.status, enquiry.stage) == (Status.OPEN, Stage.CALL_DONE)
    assert (enquiry.closed_at, enquiry.closure_code, enquiry.retention_due_on) == (None, None, None)
    assert enquiry.due_at == datetime(2026, 12, 7, 17, 0, tzinfo=UTC)
    with db.reading() as session:
        assert "fostering.reopened" in session.scalars(select(AuditEvent.event)).all()


def test_what_is_closed_unanswered_takes_no_further_attempt(db, unanswered, at):
    with pytest.raises(InvalidInput) as refusal:
        record(db, unanswered, at, version=3)
    assert refusal.value.field == "kind"
    assert stored(db, unanswered).status is Status.CLOSED


def test_an_unknown_reference_is_not_found(db, world, at):
    with pytest.raises(NotFound):
        record(db, ("FOS-26-00000", world[1]), at)


def test_the_audit_has_codes_and_no_note(db, world, at):
    record(db, world, at, note="Prefers Urdu")
    with db.reading() as session:
        event = session.scalars(select(AuditEvent)).one()
    assert (event.event, event.subject, event.actor_id) == (
        "fostering.contact_recorded",
        world[0],
        world[1].id,
    )
    assert event.facts == {"kind": "CALL_OUT", "outcome": "NO_ANSWER", "attempts": 1, "stage": ["E10", "E20"]}
