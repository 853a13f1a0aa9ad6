"""The watch over the day by which everyone hears: reminders, news of a delay, and the figure."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.promises import service
from portal.applications.promises.queries import OnTime, answered_on_time
from portal.core import clock, jobs
from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.mail import OutgoingMail
from portal.council import load_council
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application
from tests.support.builders import AT, make_staff, make_vacancy
from tests.support.people import SignIn

COUNCIL = load_council()
PROMISED = date(2026, 12, 1)  # a Tuesday
NEXT_MORNING = datetime(2026, 12, 2, 9, tzinfo=UTC)
HR = Actor(id=None, kind="staff", permissions=ROLE_PERMISSIONS["hr"])


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """Mail is drawn with the application’s templates."""
    with app.app_context():
        yield


def promise(session: Session, *statuses: Status, **changes: Any) -> Vacancy:
    """A vacancy whose day is PROMISED, with an application at each status."""
    vacancy = make_vacancy(session, **{"decision_promised_on": PROMISED, **changes})
    for status in statuses:
        make_application(session, vacancy, status=status)
    return vacancy


def mails(db: Database) -> list[tuple[str, str]]:
    with db.reading() as session:
        wanted = select(OutgoingMail).order_by(OutgoingMail.id)
        return [(mail.to, mail.purpose) for mail in session.scalars(wanted)]


def remind(db: Database, at: datetime) -> int:
    with db.transaction() as session:
        return service.remind_of_promises(session, at, COUNCIL)


def tell(db: Database, at: datetime) -> int:
    with db.transaction() as session:
        return service.tell_of_delay(session, at)


def test_hr_and_the_manager_are_reminded_once_three_working_days_before(db: Database) -> None:
    with db.transaction() as session:
        owner, manager = make_staff(session, role="hr"), make_staff(session, role="hiring_manager")
        people = {"hr_owner_id": owner.id, "hiring_manager_id": manager.id}
        promise(session, Status.SIFTING, Status.NOT_SHORTLISTED, Status.WITHDRAWN, **people)
        promise(session)
        promise(session, Status.WITHDRAWN)
    assert remind(db, datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC)) == 0
    assert remind(db, datetime(2026, 11, 26, tzinfo=UTC)) == 1  # Thursday: Friday, Monday, Tuesday
    assert remind(db, datetime(2026, 11, 27, 9, tzinfo=UTC)) == 0
    purpose = "application.decision_reminder"
    assert mails(db) == [(owner.email, purpose), (manager.email, purpose)]
    with db.reading() as session:
        mail = session.scalars(select(OutgoingMail)).first()
        assert mail is not None
        assert mail.subject.startswith("2 applicants to answer by 1 December 2026")


def test_a_day_that_is_moved_is_another_promise_and_nobody_left_means_the_team(db: Database) -> None:
    with db.transaction() as session:
        gone = make_staff(session, role="hr", active=False)
        vacancy = promise(session, Status.SIFTING, hr_owner_id=gone.id)
    assert remind(db, datetime(2026, 11, 30, 9, tzinfo=UTC)) == 1
    with db.transaction() as session:
        session.get_one(Vacancy, vacancy.id).decision_promised_on = PROMISED + timedelta(days=7)
    assert remind(db, datetime(2026, 12, 7, 9, tzinfo=UTC)) == 1
    assert [to for to, _purpose in mails(db)] == [COUNCIL.recruitment.email] * 2


@pytest.mark.parametrize("status", list(Status))
def test_whoever_still_waits_is_told_once_that_it_takes_longer(db: Database, status: Status) -> None:
    with db.transaction() as session:
        vacancy = promise(session, status)
        make_application(session, vacancy, status=Status.OFFERED, answered_at=AT, answered_on=AT.date())
        row = session.scalars(select(Application).where(Application.status == status)).first()
        assert row is not None
    last = datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC)
    assert tell(db, last) == 0
    left = (Status.WITHDRAWN, Status.OFFER_DECLINED)
    owed = status not in (*left, Status.OFFERED, Status.CHECKS, Status.CLEARED, Status.STARTED)
    assert tell(db, last + timedelta(seconds=1)) == int(owed)
    assert tell(db, NEXT_MORNING) == 0
    assert mails(db) == ([(row.email, "application.delayed")] if owed else [])
    with db.reading() as session:
        again = session.get_one(Application, row.id)
        assert (again.version, again.answered_at) == (row.version, None)


def test_nobody_is_told_that_a_cancelled_vacancy_takes_longer(db: Database) -> None:
    with db.transaction() as session:
        promise(session, Status.SIFTING, cancelled_at=AT)
    assert tell(db, NEXT_MORNING) == 0
    with db.transaction() as session:
        session.scalars(select(Vacancy)).one().cancelled_at = None
    assert tell(db, NEXT_MORNING) == 1


def test_the_mail_of_a_delay_calls_its_reader_by_name(db: Database) -> None:
    with db.transaction() as session:
        vacancy = promise(session)
        make_application(session, vacancy, preferred_name="Mina")
        make_application(session, vacancy, given_names="www.example.org")
    assert tell(db, NEXT_MORNING) == 2
    with db.reading() as session:
        bodies = session.scalars(select(OutgoingMail.body).order_by(OutgoingMail.id)).all()
        subjects = set(session.scalars(select(OutgoingMail.subject)))
    assert [body.partition("\n")[0] for body in bodies] == ["Dear Mina", "Dear applicant"]
    assert "by Tuesday 1 December 2026" in bodies[0]
    assert subjects == {f"Your application for {vacancy.title}"}


def test_an_address_that_cannot_be_used_keeps_nobody_else_from_being_told(db: Database) -> None:
    with db.transaction() as session:
        vacancy = promise(session)
        bad = make_application(session, vacancy, email="two@example.org, addresses@example.org")
        good = make_application(session, vacancy)
    assert tell(db, NEXT_MORNING) == 2
    assert tell(db, NEXT_MORNING) == 0
    assert mails(db) == [(good.email, "application.delayed")]
    with db.reading() as session:
        wanted = select(AuditEvent.subject, AuditEvent.event).order_by(AuditEvent.id)
        noted = [(row.subject, row.event) for row in session.execute(wanted)]
    assert noted == [
        (bad.reference, "application.delay_not_told"),
        (good.reference, "application.delay_told"),
    ]


@pytest.mark.parametrize(
    ("promised", "last"),
    [
        (date(2027, 3, 27), datetime(2027, 3, 27, 23, 59, 59, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 22, 59, 59, tzinfo=UTC)),  # the clocks went forward
        (date(2027, 10, 31), datetime(2027, 10, 31, 23, 59, 59, tzinfo=UTC)),  # and back
    ],
)
def test_the_day_is_londons(db: Database, promised: date, last: datetime) -> None:
    with db.transaction() as session:
        promise(session, Status.SIFTING, decision_promised_on=promised)
    assert tell(db, last) == 0
    assert tell(db, last + timedelta(seconds=1)) == 1


def test_workers_side_by_side_tell_each_once(app: Flask, db: Database) -> None:
    with db.transaction() as session:
        promise(session, *[Status.SIFTING] * 12)

    def run(_number: int) -> int:
        with app.app_context(), db.transaction() as session:
            service.remind_of_promises(session, datetime(2026, 11, 30, 9, tzinfo=UTC), COUNCIL)
            return service.tell_of_delay(session, NEXT_MORNING)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 12
    found = mails(db)
    assert (len(found), len(set(found))) == (13, 13)


def test_a_worker_that_comes_while_another_tells_waits_and_tells_nobody_again(
    app: Flask, db: Database
) -> None:
    with db.transaction() as session:
        promise(session, *[Status.SIFTING] * 3)

    def second() -> int:
        with app.app_context():
            return tell(db, NEXT_MORNING)

    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as session:
            assert service.tell_of_delay(session, NEXT_MORNING) == 3
            waiting = pool.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        assert waiting.result(timeout=30) == 0
    assert len(mails(db)) == 3


def test_the_night_plans_the_morning_and_batches_follow(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    with db.transaction() as session:
        promise(session, *[Status.SIFTING] * 5)
    jobs.start_nightly(NEXT_MORNING - timedelta(hours=5))
    while jobs.run_next(NEXT_MORNING - timedelta(seconds=1)):
        pass
    assert mails(db) == []
    for minute in range(4):
        while jobs.run_next(NEXT_MORNING + timedelta(minutes=minute)):
            pass
    assert len(mails(db)) == 5


def told(session: Session, vacancy: Vacancy, status: Status, on: date | None) -> None:
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC) if on else None
    make_application(session, vacancy, status=status, answered_at=at, answered_on=on)


def test_answered_on_time_counts_whom_it_says_it_counts(db: Database, sign_in: SignIn) -> None:
    today = date(2026, 12, 2)
    with db.transaction() as session:
        manager = make_staff(session, role="hiring_manager")
        vacancy = promise(session)
        told(session, vacancy, Status.NOT_SHORTLISTED, PROMISED)
        told(session, vacancy, Status.OFFERED, PROMISED - timedelta(days=9))
        told(session, vacancy, Status.NOT_SHORTLISTED, PROMISED + timedelta(days=1))
        told(session, vacancy, Status.SIFTING, None)
        told(session, vacancy, Status.WITHDRAWN, None)
        told(session, vacancy, Status.OFFER_DECLINED, PROMISED)
        own = promise(session, hiring_manager_id=manager.id)
        told(session, own, Status.NOT_SHORTLISTED, None)
        told(session, promise(session, decision_promised_on=today), Status.SIFTING, None)
        told(session, promise(session, decision_promised_on=date(2025, 12, 1)), Status.SIFTING, None)
        by = Actor(id=manager.id, kind="staff", permissions=ROLE_PERMISSIONS["hiring_manager"])
        assert answered_on_time(session, HR, today) == OnTime(on_time=3, owed=6)
        assert answered_on_time(session, by, today) == OnTime(on_time=0, owed=1)
        assert answered_on_time(session, HR, date(2026, 11, 30)).owed == 1  # of the year before
    assert OnTime(on_time=199, owed=200).share == 99
    assert OnTime(on_time=0, owed=0).share == 0


def test_the_staff_home_says_it_with_counts_and_what_is_counted(db: Database, sign_in: SignIn) -> None:
    with db.transaction() as session:
        day = clock.today() - timedelta(days=20)
        vacancy = promise(session, decision_promised_on=day)
        told(session, vacancy, Status.NOT_SHORTLISTED, day)
        told(session, vacancy, Status.SIFTING, None)
    text = sign_in("hr").get("/staff/").page.first("main").text
    assert "Answered on time: 50%" in text
    assert "1 of 2 applicants was told an outcome" in text
    assert "Answered on time" not in sign_in("fostering").get("/staff/").text
