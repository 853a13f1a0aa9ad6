"""The reminder on the day before, once; and the end of what is kept of people who never enquired."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal.core import jobs
from portal.core.jobs import Job
from portal.core.retention import delete_everything_due, everything_due
from portal.fostering.information_events.jobs import REMIND, plan_reminders, remind
from portal.fostering.information_events.models import EventBooking
from tests.support.builders import make_enquiry
from tests.support.calendar_checker import judge_calendar
from tests.support.events import make_booking, make_event

LONDON = ZoneInfo("Europe/London")
EVENING = datetime(2026, 12, 3, 18, 0, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def with_guests(db, number=1, *, event=None, **changes):
    with db.transaction() as session:
        row = make_event(session, **{"starts_at": EVENING, **(event or {})})
        return [make_booking(session, row, **changes) for _ in range(number)]


def run(db, at):
    with db.transaction() as session:
        remind(session, {}, at)


def test_the_night_plans_the_reminders_for_when_the_team_opens(db):
    night = datetime(2026, 12, 2, 3, 5, tzinfo=LONDON)
    for _worker in range(2):
        with db.transaction() as session:
            plan_reminders(session, night)
    with db.reading() as session:
        [job] = session.scalars(select(Job).where(Job.kind == REMIND)).all()
    assert job.run_at == datetime(2026, 12, 2, 9, 0, tzinfo=LONDON)


def test_a_night_that_is_made_up_for_in_the_afternoon_reminds_at_once(db):
    afternoon = datetime(2026, 12, 2, 15, 0, tzinfo=LONDON)
    with db.transaction() as session:
        plan_reminders(session, afternoon)
    while jobs.run_next(afternoon):
        pass
    with db.reading() as session:
        assert session.scalars(select(Job).where(Job.kind == REMIND)).all() == []


def test_everybody_with_a_place_is_reminded_once_on_the_day_before(db, mailbox):
    guests = with_guests(db, 2)
    run(db, EVENING - timedelta(days=2))
    assert len(mailbox) == 0
    for hour in (0, 1):
        run(db, EVENING - timedelta(days=1, hours=9 - hour))
    assert [mail.to for mail in mailbox] == [guest.email for guest in guests]
    mail = mailbox[0]
    assert mail.subject == "Reminder: Thursday 3 December 2026, 6pm"
    assert guests[0].token in mail.body
    assert judge_calendar(mail.calendar.encode()) == []
    assert mail.expires_at == EVENING


def test_a_late_reminder_comes_on_the_day_itself_and_never_afterwards(db, mailbox):
    with_guests(db)
    run(db, EVENING)
    assert len(mailbox) == 0
    run(db, EVENING - timedelta(hours=5))
    assert len(mailbox) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"cancelled_at": EVENING - timedelta(days=3)},
        {"writes": False},
        {"email": None},
        {"booked_at": EVENING - timedelta(days=1, hours=10)},
        {"event": {"cancelled_at": EVENING - timedelta(days=3)}},
    ],
    ids=["gave the place back", "no mails", "no address", "booked that day", "called off"],
)
def test_who_needs_no_reminder_gets_none(db, mailbox, changes):
    with_guests(db, **changes)
    run(db, EVENING - timedelta(days=1, hours=9))
    assert len(mailbox) == 0


def test_whoever_never_enquired_is_forgotten_after_six_months_and_the_dry_run_says_so(db):
    with db.transaction() as session:
        event = make_event(session, starts_at=EVENING, came=2)
        gone, stays = make_booking(session, event), make_booking(session, event)
        stays.enquiry_id = make_enquiry(session).id
    reference, kept = gone.reference, stays.id
    ends_at = EVENING + timedelta(minutes=90)
    too_early, due_at = (ends_at.replace(year=2027, month=6, day=day, hour=0, minute=0) for day in (3, 4))
    for at, listed in ((too_early, []), (due_at, [reference])):
        with db.reading() as session:
            found = [due for due in everything_due(session, at) if due.kind == "event booking"]
        assert [due.reference for due in found] == listed
    assert found[0].goes_on.isoformat() == "2027-06-03"
    delete_everything_due(due_at)
    with db.reading() as session:
        assert session.scalars(select(EventBooking.id)).all() == [kept]
