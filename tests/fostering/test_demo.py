"""Demonstration households: every screen has something to show, all of it plainly made up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.core.audit import AuditEvent, verify
from portal.core.clock import london
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.council import load_council
from portal.fostering.demo import load_demo_enquiries
from portal.fostering.models import Activity, Enquiry, PossibleDuplicate
from portal.fostering.options import Area, Stage, Status
from portal.journeys.snapshot import sections_of

COUNCIL = load_council()


def loaded(db, at):
    with db.transaction() as session:
        load_demo_enquiries(session, at, COUNCIL)
    with db.reading() as session:
        return list(session.scalars(select(Enquiry).order_by(Enquiry.due_at)))


def count(db, table):
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_dozen_households_at_every_age(db, at):
    found = loaded(db, at)
    assert len(found) >= 12
    today = london(at).date()
    open_ = [enquiry for enquiry in found if enquiry.status is Status.OPEN]
    assert [enquiry for enquiry in open_ if enquiry.is_overdue(at)]
    assert [e for e in open_ if london(e.due_at).date() == today and not e.is_overdue(at)]
    assert [enquiry for enquiry in open_ if london(enquiry.due_at).date() > today]
    assert {enquiry.status for enquiry in found} >= {Status.OPEN, Status.KEEP_IN_TOUCH, Status.CLOSED}
    assert len({enquiry.stage for enquiry in found}) >= 7
    assert {e.area for e in found} == set(Area)
    assert {flag for e in found for flag in e.flags} == {"F_AGE", "F_ROOM", "F_RESIDENCY", "F_TRANSFER"}
    assert [enquiry for enquiry in found if enquiry.second_last_name]
    assert count(db, PossibleDuplicate) == 1
    assert count(db, Activity) > 10


def test_all_of_it_is_marked_made_up_and_silent(db, at):
    for enquiry in loaded(db, at):
        assert enquiry.demonstration
        assert enquiry.email is None or enquiry.email.endswith("@example.com")
        assert enquiry.phone is None or enquiry.phone.startswith("+447700900")
        assert enquiry.received_at <= at
        assert sections_of(enquiry.snapshot)[0].groups[0].rows[0].text in ("Yes", "No")
    assert (count(db, OutgoingMail), count(db, Job)) == (0, 0)
    with db.reading() as session:
        assert verify(session).intact


def test_loading_again_adds_nothing(db, at):
    first = loaded(db, at)
    assert len(loaded(db, at + timedelta(days=1))) == len(first)
    assert count(db, AuditEvent) == len(first)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 12, 27, 3, 0, tzinfo=UTC),  # between the holidays, at night
        datetime(2026, 11, 21, 12, 0, tzinfo=UTC),  # a Saturday
        datetime(2026, 11, 23, 0, 5, tzinfo=UTC),  # just after midnight
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),  # the night the clocks go forward
    ],
)
def test_it_can_be_loaded_at_any_time(db, moment):
    for enquiry in loaded(db, moment):
        assert enquiry.received_at <= moment
        assert enquiry.first_attempt_at is None or enquiry.received_at <= enquiry.first_attempt_at <= moment
        assert enquiry.closed_at is None or enquiry.first_attempt_at <= enquiry.closed_at <= moment
        assert enquiry.is_open == (enquiry.due_at is not None)
        assert (enquiry.stage is Stage.KEEP_IN_TOUCH) == (enquiry.kit_review_on is not None)
