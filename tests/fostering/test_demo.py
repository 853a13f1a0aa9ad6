"""Demonstration households: every screen has something to show, all of it plainly made up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.demo import load_demo_staff, prepare_demo_staff
from portal.accounts.models import StaffUser
from portal.accounts.queries import person_by_email
from portal.core.access import Actor
from portal.core.audit import AuditEvent, verify
from portal.core.clock import london
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.council import load_council
from portal.fostering.demo import load_demo_enquiries
from portal.fostering.guarded import Reader
from portal.fostering.keeping.models import RetentionList
from portal.fostering.keeping.options import Ending
from portal.fostering.keeping.queries import to_approve
from portal.fostering.models import Activity, Enquiry, PossibleDuplicate
from portal.fostering.options import Area, CallOutcome, Channel, Stage, Status
from portal.fostering.reporting.models import AnonymousEnquiry
from portal.fostering.reporting.outcomes import Reached
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


def test_its_past_comes_as_far_in_the_figures_of_households_as_in_those_of_applications(db, at):
    loaded(db, at)
    with db.reading() as session:
        rows = [kept.row for kept in session.scalars(select(AnonymousEnquiry))]
    told = [(row.reached_month, Reached.APPLICATION in row.reached) for row in rows]
    assert told == [(row.received_month, bool(row.applications)) for row in rows]
    approved = [row for row in rows if row.outcome is Status.APPROVED]
    assert approved == [row for row in rows if Reached.APPROVAL in row.reached] != []
    ended = [row.closed_month or row.applications[0].ended_month for row in rows]
    assert max(ended) <= f"{london(at):%Y-%m}", "nothing has ended in days to come"


def test_a_number_that_was_wrong_is_marked_as_it_is_when_a_call_is_recorded(db, at):
    loaded(db, at)
    with db.reading() as session:
        wrong = select(Activity.enquiry_id).where(Activity.outcome == CallOutcome.WRONG_NUMBER)
        (enquiry,) = session.scalars(select(Enquiry).where(Enquiry.id.in_(wrong)))
        assert enquiry.phone_wrong_at is not None


def test_all_of_it_is_marked_made_up_and_silent(db, at):
    for enquiry in loaded(db, at):
        assert enquiry.demonstration
        assert enquiry.email is None or enquiry.email.endswith("@example.com")
        assert enquiry.phone is None or enquiry.phone.startswith("+447700900")
        assert enquiry.received_at <= at
        first = sections_of(enquiry.snapshot)[0].groups[0].rows[0].text
        assert first in (("Yes", "No") if enquiry.channel is Channel.WEB else (enquiry.channel.label,))
    assert (count(db, OutgoingMail), count(db, Job)) == (0, 0)
    with db.reading() as session:
        assert verify(session).intact


def test_loading_again_adds_nothing(db, at):
    first = loaded(db, at)
    assert len(loaded(db, at + timedelta(days=1))) == len(first)
    assert count(db, AuditEvent) == len(first) + 1, "and one record was restricted"


def test_there_is_a_restricted_record_one_entered_by_staff_and_some_due_to_go(db, at):
    with db.transaction() as session:
        by = Actor.system("demonstration data")
        load_demo_staff(session, prepare_demo_staff("heron umbrella fjord 42"), by=by, at=at)
    found = loaded(db, at)
    with db.reading() as session:
        (restricted,) = [one for one in found if one.restricted_at]
        assert restricted.concern_at < restricted.concern_passed_at <= at
        readers = select(StaffUser.email).join(Reader, Reader.person_id == StaffUser.id)
        assert session.scalars(readers).all() == ["fostering.manager@example.org"]
        (entered,) = [one for one in found if one.channel is not Channel.WEB]
        officer = person_by_email(session, "fostering@example.org")
        assert (entered.channel, entered.entered_by_id) == (Channel.PHONE, officer.id)
        due = to_approve(session, at, COUNCIL.retention)
        assert {one.rule.ending for one in due} == set(Ending)
        assert session.scalars(select(RetentionList)).all() == [], "nobody has approved them"


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
