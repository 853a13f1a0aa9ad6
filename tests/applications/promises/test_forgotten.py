"""HR is told every month of applicants whom nobody decides about, and sees them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import MessageState
from portal.applications.promises.forgotten import AGAIN, LONG, remind_of_forgotten
from portal.applications.transitions import OFFERS
from portal.core import jobs
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.mail import OutgoingMail
from portal.council import load_council
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application, make_message
from tests.support.builders import AT, make_staff, make_vacancy
from tests.support.people import SignIn

COUNCIL = load_council()
CLOSED = AT - LONG
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """Mail is drawn with the application’s templates."""
    with app.app_context():
        yield


@pytest.fixture
def vacancy(db: Database) -> Vacancy:
    """It closed three months before AT; two of three applicants have no outcome."""
    with db.transaction() as session:
        owner = make_staff(session, email="owner@example.org")
        times = {"publish_at": CLOSED - timedelta(days=30), "closes_at": CLOSED}
        vacancy = make_vacancy(session, **times, hr_owner_id=owner.id)
        for status in (Status.SIFTING, Status.RESERVE_APPOINT, Status.NOT_SHORTLISTED):
            make_application(session, vacancy, status=status)
        make_application(session, make_vacancy(session, **times), status=Status.STARTED)
        return vacancy


def remind(db: Database, at: timedelta) -> int:
    with db.transaction() as session:
        return remind_of_forgotten(session, AT + at, COUNCIL)


def test_hr_is_told_once_a_month_until_it_is_decided(db: Database, vacancy: Vacancy) -> None:
    assert remind(db, -SECOND) == 0
    assert [remind(db, timedelta()), remind(db, SECOND), remind(db, AGAIN - SECOND), remind(db, AGAIN)] == [
        *(1, 0, 0, 1)
    ]
    with db.reading() as session:
        mails = session.scalars(select(OutgoingMail)).all()
        assert {mail.to for mail in mails} == {"owner@example.org"}
        assert mails[0].subject == f"2 applicants without an outcome: {vacancy.reference}"
        assert "ended on 24 August 2026" in mails[0].body
        facts = [event.facts for event in session.scalars(select(AuditEvent))]
        assert facts == [{"waiting": 2, "offers": 0, "untold": 0}] * 2


@pytest.mark.parametrize("status", sorted(OFFERS))
def test_an_offer_that_neither_starts_nor_ends_is_forgotten_too(
    db: Database, sign_in: SignIn, status: Status
) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        make_application(session, vacancy, status=status, status_since=CLOSED)
        make_application(session, vacancy, status=status, status_since=CLOSED + SECOND)
        agreed = {"status_since": CLOSED, "starts_on": CLOSED.date() + timedelta(days=1)}
        make_application(session, vacancy, status=status, **agreed)
        make_application(session, vacancy, status=Status.STARTED, status_since=CLOSED)
    assert (remind(db, -SECOND), remind(db, timedelta())) == (0, 1)
    with db.reading() as session:
        mail = session.scalars(select(OutgoingMail)).one()
    assert mail.subject == f"1 offer with neither a start nor an end: {vacancy.reference}"
    assert "ends on" in mail.body
    with time_machine.travel(AT, tick=False):
        page = sign_in("hr").get("/staff/applications/keeping").page
    assert "1 offer with neither a start nor an end" in page.main.text


def test_an_outcome_that_was_not_sent_by_the_promised_day_is_asked_after(db: Database) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session, decision_promised_on=AT.date())
        for state in (MessageState.DRAFT, MessageState.HELD, MessageState.SENT):
            row = make_application(session, vacancy, status=Status.NOT_SHORTLISTED)
            make_message(session, row, state=state)
        make_message(session, make_application(session, vacancy, status=Status.RESERVE))
    day = timedelta(days=1)
    assert [remind(db, timedelta()), remind(db, day), remind(db, day * 2)] == [0, 1, 0]
    with db.reading() as session:
        mail = session.scalars(select(OutgoingMail)).one()
    assert mail.subject == f"2 outcomes decided and not sent: {vacancy.reference}"
    assert f"/staff/applications/answers/{vacancy.reference}" in mail.body


def test_the_morning_does_it(db: Database, vacancy: Vacancy) -> None:
    jobs.start_nightly(AT)
    later = AT + timedelta(days=1)
    while jobs.run_next(later):
        pass
    with db.reading() as session:
        purposes = [mail.purpose for mail in session.scalars(select(OutgoingMail))]
    assert purposes.count("application.undecided_reminder") == 1


def test_the_page_of_keeping_shows_them(sign_in: SignIn, vacancy: Vacancy) -> None:
    with time_machine.travel(AT, tick=False):
        page = sign_in("hr").get("/staff/applications/keeping").page
    assert f"/staff/applications/{vacancy.reference}" in page.links()
    assert "2 applicants without an outcome" in page.main.text
