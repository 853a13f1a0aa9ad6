"""Reminders: in time, once for one closing time, true, without authority, never of what was sent."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from portal.applications.admissions.models import LateAdmission
from portal.applications.candidates import reminders
from portal.applications.candidates.jobs import PACE, REMIND, tidy
from portal.applications.candidates.models import ApplicationDraft
from portal.applications.candidates.reminders import remind
from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.jobs import Job, enqueue, run_next
from portal.council import load_council
from portal.vacancies.life.service import ENDS_MOVED, close_vacancy_early
from portal.vacancies.models import Vacancy
from tests.support.applications import (
    make_admission,
    make_application,
    make_application_draft,
    make_candidate,
)
from tests.support.builders import make_staff, make_vacancy

CLOSES = datetime(2026, 12, 13, 23, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TEN, THREE = datetime(2026, 12, 3, tzinfo=UTC), datetime(2026, 12, 10, tzinfo=UTC)
"""The midnights from which no more than ten and three days are left."""


@pytest.fixture
def vacancy(db):
    with db.transaction() as session:
        return make_vacancy(session, closes_at=CLOSES)


@pytest.fixture
def draft(db, candidate, vacancy):
    with db.transaction() as session:
        return make_application_draft(session, candidate, vacancy)


@pytest.fixture
def subjects(app, db, mailbox):
    """Run the reminders at these moments; gives the subjects of all mails until then."""

    def run(*moments):
        with app.app_context():
            for moment in moments:
                with db.transaction() as session:
                    remind(session, moment, load_council().retention)
        return [mail.subject for mail in mailbox]

    return run


def change(db, vacancy, **changes):
    with db.transaction() as session:
        found = session.get_one(Vacancy, vacancy.id)
        for name, value in changes.items():
            setattr(found, name, value)


@pytest.mark.parametrize(("mark", "left"), [(TEN, "10 days left"), (THREE, "3 days left")])
def test_each_reminder_comes_on_its_day_and_not_a_second_before(draft, subjects, mark, left):
    before = subjects(mark - SECOND)
    assert not [subject for subject in before if left in subject]
    assert f"Your application is not sent yet: {left}" in subjects(mark, mark + timedelta(hours=8))


def test_each_goes_once_however_often_it_is_looked(draft, subjects):
    hours = [TEN + timedelta(hours=6 * number) for number in range(60)]
    assert subjects(*hours) == [
        "Your application is not sent yet: 10 days left",
        "Your application is not sent yet: 3 days left",
    ]


def test_nobody_is_reminded_of_a_day_that_had_passed_when_they_began(db, draft, subjects):
    with db.transaction() as session:
        session.get_one(ApplicationDraft, draft.id).started_at = TEN + SECOND
    assert subjects(TEN + timedelta(hours=8)) == []
    assert len(subjects(THREE)) == 1


def test_a_worker_that_was_down_tells_the_truth_later(draft, subjects):
    assert subjects(THREE + timedelta(days=1)) == ["Your application is not sent yet: 2 days left"]


def test_nothing_is_written_after_closing_or_of_what_was_sent(db, candidate, draft, subjects, vacancy):
    assert subjects(CLOSES, CLOSES + timedelta(days=1)) == []
    with db.transaction() as session:
        session.execute(delete(ApplicationDraft))
        make_application(session, vacancy, candidate=candidate)
    assert subjects(THREE) == []


def test_days_are_counted_on_a_london_clock(db, candidate, subjects):
    """Closing on the last minute of 28 October: the clocks go back on the 25th."""
    with db.transaction() as session:
        vacancy = make_vacancy(
            session,
            publish_at=datetime(2026, 10, 1, tzinfo=UTC),
            closes_at=datetime(2026, 10, 28, 23, 59, tzinfo=UTC),
        )
        started = datetime(2026, 10, 2, tzinfo=UTC)
        make_application_draft(session, candidate, vacancy, started_at=started)
    ten = datetime(2026, 10, 17, 23, tzinfo=UTC)  # midnight of British Summer Time
    assert subjects(ten - SECOND) == []
    assert subjects(ten) == ["Your application is not sent yet: 10 days left"]
    three = datetime(2026, 10, 24, 23, tzinfo=UTC)
    assert len(subjects(three - SECOND)) == 1
    assert len(subjects(three)) == 2


ENDS = {
    "closed_early_at": ("closed early", "A vacancy that you began to apply for has closed early"),
    "cancelled_at": ("cancelled the vacancy", "A vacancy that you began to apply for was cancelled"),
}


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize("column", ENDS)
def test_an_end_before_its_time_is_told_once(db, vacancy, subjects, mailbox, column):
    ended_at = TEN - timedelta(days=10)
    said, subject = ENDS[column]
    change(db, vacancy, **{column: ended_at})
    assert subjects(ended_at, ended_at + SECOND, THREE) == [subject]
    assert said in mailbox[0].body
    assert "is deleted on 23 December 2026" in mailbox[0].body


def test_who_is_admitted_late_is_not_told_that_nothing_can_be_sent(db, candidate, draft, vacancy, subjects):
    """Neither somebody who had begun nor, once it is over, somebody who begins after the end."""
    ended_at, until = TEN - timedelta(days=10), TEN + timedelta(days=3)
    change(db, vacancy, closed_early_at=ended_at)
    with db.transaction() as session:
        make_admission(session, vacancy, candidate.email.upper(), until=until)
        other = make_application_draft(session, make_candidate(session), vacancy).candidate_id
    told = subjects(ended_at, TEN)
    assert told == ["A vacancy that you began to apply for has closed early"], f"candidate {other} alone"
    with db.transaction() as session:
        session.get_one(ApplicationDraft, draft.id).started_at = ended_at + SECOND
    assert subjects(until + SECOND) == told


UNTIL = datetime(2026, 12, 18, 23, 59, tzinfo=UTC)
DAY_BEFORE = datetime(2026, 12, 17, tzinfo=UTC)
LATE_SUBJECT = "Your application is not sent yet: send it before 11:59pm on Friday 18 December 2026"


def admit(db, vacancy, candidate, **changes):
    with db.transaction() as session:
        facts = {"admitted_at": CLOSES + timedelta(days=1), "until": UNTIL}
        return make_admission(session, vacancy, candidate.email, **{**facts, **changes})


@pytest.mark.usefixtures("draft")
def test_who_is_admitted_late_is_reminded_once_from_the_day_before_their_own_last_day(
    db, candidate, vacancy, subjects, mailbox
):
    admit(db, vacancy, candidate)
    with db.transaction() as session:
        make_application_draft(session, make_candidate(session), vacancy)
    assert subjects(DAY_BEFORE - SECOND) == []
    hours = [DAY_BEFORE + timedelta(hours=number) for number in range(49)]
    assert subjects(*hours) == [LATE_SUBJECT]
    assert (mailbox[0].to, mailbox[0].expires_at) == (candidate.email, UNTIL)
    assert "send it before 11:59pm on Friday 18 December 2026. After that" in mailbox[0].body
    assert "closes at" not in mailbox[0].body


def test_an_advert_that_closed_early_has_told_whoever_is_admitted_late(
    db, candidate, draft, vacancy, subjects
):
    change(db, vacancy, closed_early_at=TEN - timedelta(days=5))
    admit(db, vacancy, candidate, admitted_at=TEN)
    assert subjects(DAY_BEFORE, DAY_BEFORE + SECOND) == [LATE_SUBJECT]


def test_another_last_day_is_another_reminder(db, candidate, draft, vacancy, subjects):
    admission = admit(db, vacancy, candidate)
    assert len(subjects(DAY_BEFORE)) == 1
    with db.transaction() as session:
        session.get_one(LateAdmission, admission.id).until = UNTIL + timedelta(days=7)
    assert len(subjects(DAY_BEFORE + timedelta(days=1))) == 1
    assert len(subjects(DAY_BEFORE + timedelta(days=7), DAY_BEFORE + timedelta(days=8))) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"admitted_at": DAY_BEFORE},
        {"used_at": CLOSES + timedelta(days=2)},
        {"until": DAY_BEFORE},
        {"email_key": "somebody.else@example.com"},
    ],
)
@pytest.mark.usefixtures("draft")
def test_no_late_reminder_to_who_was_just_told_or_cannot_send(db, candidate, vacancy, subjects, changes):
    admit(db, vacancy, candidate, **changes)
    assert subjects(DAY_BEFORE, DAY_BEFORE + timedelta(hours=8)) == []


def test_no_late_reminder_once_sent_taken_back_or_begun_that_day(db, candidate, draft, vacancy, subjects):
    admission = admit(db, vacancy, candidate)
    with db.transaction() as session:
        session.get_one(ApplicationDraft, draft.id).started_at = DAY_BEFORE
    assert subjects(DAY_BEFORE + SECOND) == []
    with db.transaction() as session:
        session.get_one(ApplicationDraft, draft.id).started_at = CLOSES
        session.delete(session.get_one(LateAdmission, admission.id))
    assert subjects(DAY_BEFORE) == []
    admit(db, vacancy, candidate)
    with db.transaction() as session:
        session.execute(delete(ApplicationDraft))
    assert subjects(DAY_BEFORE) == []


@pytest.mark.parametrize("gone", ["cancelled_at", "archived_at"])
@pytest.mark.usefixtures("draft")
def test_no_late_reminder_of_a_vacancy_that_is_gone(db, candidate, vacancy, subjects, gone):
    admit(db, vacancy, candidate)
    change(db, vacancy, **{gone: DAY_BEFORE - timedelta(hours=1)})
    assert LATE_SUBJECT not in subjects(DAY_BEFORE)


@pytest.mark.usefixtures("draft")
def test_an_extension_is_told_once_and_reminders_begin_anew(db, vacancy, subjects, mailbox):
    subjects(TEN)
    later = CLOSES + timedelta(days=14)
    change(db, vacancy, closes_at=later)
    assert subjects(TEN + SECOND, TEN + timedelta(days=1))[1:] == [
        f"You have longer to apply: {vacancy.reference}"
    ]
    assert "until 11:59pm on Sunday 27 December 2026" in mailbox[1].body
    assert subjects(TEN + timedelta(days=14))[2:] == ["Your application is not sent yet: 10 days left"]


def test_one_that_was_closed_and_opens_again_is_told(db, draft, vacancy, subjects, at):
    change(db, vacancy, closed_early_at=at)
    subjects(at)
    change(db, vacancy, closed_early_at=None)
    assert subjects(at + SECOND, at + 2 * SECOND)[1:] == [f"You have longer to apply: {vacancy.reference}"]


def test_the_link_carries_no_authority_and_the_mail_no_words_of_anybody(draft, subjects, mailbox, client):
    subjects(TEN)
    links = re.findall(r"https://portal\.example\.org(\S*)", mailbox[0].body)
    assert links == ["/applications"]
    assert client.get("/applications").status_code == 303
    assert "Amina" not in mailbox[0].body


def test_two_workers_write_one_mail(app, db, draft, mailbox):
    def run(_number):
        with app.app_context(), db.transaction() as session:
            remind(session, TEN, load_council().retention)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    assert len(mailbox) == 1


def test_closing_early_tells_those_who_have_begun_and_nobody_else(app, db, draft, vacancy, mailbox):
    at = CLOSES - timedelta(days=15)
    with app.app_context():
        with db.transaction() as session:
            make_application_draft(session, make_candidate(session), make_vacancy(session))
            found = session.get_one(Vacancy, vacancy.id)
            officer = make_staff(session, role="hr")
            close_vacancy_early(
                session, found, "Filled from a pool", version=found.version, by=actor(officer), at=at
            )
        with db.reading() as session:
            assert session.scalars(select(Job.kind)).all() == [ENDS_MOVED]
        while run_next(at):
            pass
    assert [mail.subject for mail in mailbox] == ["A vacancy that you began to apply for has closed early"]
    with db.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.event == "candidate.reminded")).one()
    assert event.facts == {"what": "closed", "mails": 1}


@pytest.mark.parametrize("kind", [REMIND, ENDS_MOVED])
def test_reminders_go_in_batches_each_a_job_of_its_own(app, db, vacancy, mailbox, monkeypatch, *, kind):
    """SQLite has one writer, who must never be kept for long."""
    monkeypatch.setattr(reminders, "BATCH", 2)
    payload = {} if kind == REMIND else {"vacancy_id": vacancy.id}
    with app.app_context():
        with db.transaction() as session:
            for _one in range(5):
                make_application_draft(session, make_candidate(session), vacancy)
            enqueue(session, kind, payload, run_at=THREE)
        found = []
        for batch in range(4):
            while run_next(THREE + batch * PACE):
                pass
            found.append(len(mailbox))
    assert found == [2, 4, 5, 5]
    assert len({mail.to for mail in mailbox}) == 5


def test_the_morning_looks_only_at_what_may_be_due(app, db, candidate, subjects):
    """Neither at what closes much later, nor at what was said."""
    with db.transaction() as session:
        for days in (0, 40, 50):
            later = make_vacancy(session, closes_at=CLOSES + timedelta(days=days))
            make_application_draft(session, candidate, later)
        assert len(reminders.to_look_at(session, THREE, None, 0)) == 1
    assert len(subjects(THREE)) == 1
    with db.reading() as session:
        assert reminders.to_look_at(session, THREE, None, 0) == []


def actor(person):
    return Actor(id=person.id, name=person.name, kind="staff")


def test_the_night_plans_the_morning(app, db):
    with app.app_context(), db.transaction() as session:
        tidy(session, datetime(2026, 7, 1, 2, 30, tzinfo=UTC))
    with db.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == REMIND)).one()
    assert job.run_at == datetime(2026, 7, 1, 7, tzinfo=UTC), "eight o’clock of a summer’s morning"
