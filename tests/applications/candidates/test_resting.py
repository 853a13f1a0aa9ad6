"""How long accounts and drafts are kept, to the second."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from portal.applications.candidates import jobs as work
from portal.applications.candidates import resting as resting_accounts
from portal.applications.candidates.jobs import tidy
from portal.applications.candidates.links import ask_for_link, use_link
from portal.applications.candidates.models import Candidate, SignInLink
from portal.applications.candidates.resting import LEAST_NOTICE, months_after
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.jobs import run_next
from portal.core.retention import delete_everything_due, everything_due
from tests.support.applications import make_application, make_candidate

SIGNED_IN = datetime(2026, 1, 31, 12, tzinfo=UTC)
WARNED = datetime(2026, 12, 31, 12, tzinfo=UTC)
GONE = datetime(2027, 1, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def night(app, db):
    """Run the nightly work at this moment."""

    def run(moment):
        with app.app_context():
            with db.transaction() as session:
                tidy(session, moment)
            with db.reading() as session:
                listed = [due.reference for due in everything_due(session, moment)]
            assert delete_everything_due(moment) == len(listed)

    return run


@pytest.fixture
def resting(db):
    with db.transaction() as session:
        return make_candidate(session, email="resting@example.com", signed_in_at=SIGNED_IN)


def count(db, kind):
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(kind))


def test_the_owner_is_warned_at_eleven_months_once(resting, night, mailbox):
    night(WARNED - SECOND)
    assert len(mailbox) == 0
    night(WARNED)
    night(WARNED + timedelta(days=1))
    (mail,) = mailbox
    assert mail.subject == "Your account will be deleted on 31 January 2027"


def test_the_account_goes_at_twelve_months(resting, night, db, mailbox):
    night(WARNED)
    night(GONE - SECOND)
    assert count(db, Candidate) == 1
    night(GONE)
    night(GONE + SECOND)
    assert count(db, Candidate) == 0
    assert [mail.purpose for mail in mailbox] == ["candidate.account_warning", "candidate.account_deleted"]
    with db.reading() as session:
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "candidate.account_deleted")
        ).one()
    assert (event.actor, event.facts["how"]) == ("applications", "schedule")


def test_nobody_goes_without_two_weeks_notice(resting, night, db, mailbox):
    """The work did not run for a year."""
    late = GONE + timedelta(days=40)
    night(late)
    assert count(db, Candidate) == 1
    assert mailbox[0].subject == "Your account will be deleted on 26 March 2027"
    night(late + LEAST_NOTICE - SECOND)
    assert count(db, Candidate) == 1
    night(late + LEAST_NOTICE)
    assert count(db, Candidate) == 0


def test_no_account_goes_while_an_application_of_it_is_running(resting, night, db, mailbox):
    """HR takes more than a year; an outcome is told, and taken back."""
    ended = GONE + timedelta(days=30)
    running = {"status": Status.SIFTING, "told_status": Status.SIFTING}
    over = {"status": Status.NOT_SHORTLISTED, "told_status": Status.NOT_SHORTLISTED, "decided_at": ended}
    with db.transaction() as session:
        reference = make_application(session, candidate=resting, submitted_at=SIGNED_IN, **running).reference
    night(WARNED)
    night(GONE + timedelta(days=20))
    assert (count(db, Candidate), len(mailbox)) == (1, 0)
    change(db, reference, **over)
    night(ended)
    change(db, reference, **running)
    night(ended + LEAST_NOTICE)
    assert count(db, Candidate) == 1, "warned, and its application goes on"
    change(db, reference, **over)
    night(ended + LEAST_NOTICE)
    assert count(db, Candidate) == 0


def change(db, reference, **changes):
    with db.transaction() as session:
        session.execute(update(Application).where(Application.reference == reference).values(**changes))


def test_owners_are_warned_batch_by_batch(app, db, mailbox, monkeypatch):
    monkeypatch.setattr(resting_accounts, "BATCH", 2)
    with app.app_context():
        with db.transaction() as session:
            for _one in range(5):
                make_candidate(session, signed_in_at=SIGNED_IN)
            tidy(session, WARNED)
        found = [len(mailbox)]
        for batch in range(1, 4):
            while run_next(WARNED + batch * work.PACE):
                pass
            found.append(len(mailbox))
    assert found == [2, 4, 5, 5]


def test_signing_in_begins_a_new_year(app, resting, night, db, mailbox):
    night(WARNED)
    again = WARNED + timedelta(days=10)
    with app.app_context(), db.transaction() as session:
        ask_for_link(session, resting.email, onwards=None, at=again)
    token = mailbox[-1].body.partition("/applications/sign-in/")[2].split()[0]
    with app.app_context(), db.transaction() as session:
        use_link(session, token, by=Actor.visitor(), at=again)
    night(GONE + timedelta(days=300) - timedelta(days=30))
    assert count(db, Candidate) == 1
    with db.reading() as session:
        assert session.get_one(Candidate, resting.id).warned_at is None


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (datetime(2026, 3, 31, 9, tzinfo=UTC), 11, datetime(2027, 2, 28, 10, tzinfo=UTC)),
        (datetime(2024, 2, 29, 9, tzinfo=UTC), 12, datetime(2025, 2, 28, 9, tzinfo=UTC)),
        (datetime(2026, 7, 25, 11, 0, 0, 5, tzinfo=UTC), 3, datetime(2026, 10, 25, 12, 0, 0, 5, tzinfo=UTC)),
    ],
)
def test_months_are_those_of_the_calendar_in_london(start, months, end):
    assert months_after(start, months) == end


def test_links_and_the_addresses_typed_for_them_go_a_day_after_they_ran_out(app, db, at, night):
    with app.app_context(), db.transaction() as session:
        ask_for_link(session, "somebody@example.com", onwards=None, at=at)
    end = at + timedelta(minutes=10, days=1)
    night(end - SECOND)
    assert count(db, SignInLink) == 1
    night(end)
    assert count(db, SignInLink) == 0
