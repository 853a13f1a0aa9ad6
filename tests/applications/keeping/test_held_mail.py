"""Mail about what is on legal hold stays until the hold ends; the dry run and the run agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.keeping import service
from portal.applications.models import Application
from portal.core import retention
from portal.core.access import Actor
from portal.core.database import Database
from portal.core.mail import MailStatus, OutgoingMail
from portal.vacancies.models import Vacancy
from tests.support.applications import make_admission, make_application
from tests.support.builders import AT, make_vacancy
from tests.support.samples import make_mail

BY = Actor.system("tests")
OVER = AT + timedelta(days=100)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """What is registered."""
    with app.app_context():
        yield


def mail_about(session: Session, reference: str | None, status: MailStatus = MailStatus.SENT) -> str:
    mail = make_mail(AT)
    mail.about, mail.status = reference, status
    session.add(mail)
    session.flush()
    return f"MAIL-{mail.id}"


def listed(db: Database, at: datetime = OVER) -> set[str]:
    with db.reading() as session:
        return {due.reference for due in retention.everything_due(session, at)}


def left(db: Database) -> set[str]:
    with db.reading() as session:
        return {f"MAIL-{number}" for number in session.scalars(select(OutgoingMail.id))}


def test_mail_about_a_held_application_stays_until_the_hold_ends(db: Database) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        held, other = (make_application(session, vacancy) for _ in range(2))
        service.hold_application(session, held, "A claim", by=BY, at=AT)
        kept = {
            mail_about(session, held.reference, status) for status in (MailStatus.SENT, MailStatus.FAILED)
        }
        gone = {mail_about(session, about) for about in (other.reference, vacancy.reference, None)}
    assert listed(db) == gone
    assert retention.delete_everything_due(OVER) == len(gone)
    assert left(db) == kept
    assert listed(db) == set()
    with db.transaction() as session:
        service.end_application_hold(session, session.get_one(Application, held.id), by=BY, at=OVER)
    assert listed(db) == kept
    assert retention.delete_everything_due(OVER) == len(kept)
    assert left(db) == set()


def test_mail_about_a_held_vacancy_and_about_whoever_applied_to_it_stays(db: Database) -> None:
    with db.transaction() as session:
        vacancy, elsewhere = make_vacancy(session), make_vacancy(session)
        application, other = make_application(session, vacancy), make_application(session, elsewhere)
        service.hold_vacancy(session, vacancy, "A claim", by=BY, at=AT)
        kept = {mail_about(session, about) for about in (vacancy.reference, application.reference)}
        gone = {mail_about(session, about) for about in (elsewhere.reference, other.reference)}
        admitted = {make_admission(session, one, "a@example.com").id: one for one in (vacancy, elsewhere)}
        names = {one.id: f"ADMISSION-{id_} for {one.reference}" for id_, one in admitted.items()}
    assert listed(db) == gone | {names[elsewhere.id]}
    assert retention.delete_everything_due(OVER) == len(gone) + 1
    assert left(db) == kept
    with db.transaction() as session:
        service.end_vacancy_hold(session, session.get_one(Vacancy, vacancy.id), by=BY, at=OVER)
    assert listed(db) == kept | {names[vacancy.id]}
