"""Mail that a real server refuses becomes what is due next, until the address is put right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.mail import OutgoingMail, queue_mail, retry_mail
from portal.core.worker import Worker
from portal.fostering.closures import Closure
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.models import Activity, Enquiry, HistoryEntry
from portal.fostering.options import ActivityKind, HistoryKind, Stage, Status
from portal.settings import Smtp
from tests.support.builders import make_enquiry
from tests.support.client import JudgingClient
from tests.support.smtp import SmtpServer

Work = Callable[[], None]
Deliver = Callable[[datetime, str], None]
FIELDS = ("email_failed_at", "due_at", "due_before_failure")


REFUSED = "550 5.1.1 no such user"


@pytest.fixture
def deliver(make_app: Callable[..., Flask], smtp: SmtpServer) -> Deliver:
    """Do all that is due then, with a server that says this."""
    worker = Worker(make_app(smtp=Smtp(host=smtp.host, port=smtp.port, tls="none")))

    def run(at: datetime, answer: str) -> None:
        smtp.inbox.answer = answer
        while worker.round(at):
            pass
        worker.transport.close()

    return run


@pytest.fixture
def work(deliver: Deliver, at: datetime) -> Work:
    """Do all that is due with a server that refuses every letter for good."""
    return lambda: deliver(at, REFUSED)


def make(db: Database, at: datetime, **changes: object) -> Enquiry:
    with db.transaction() as session:
        due = {"received_at": at - timedelta(days=1), "due_at": at + timedelta(days=4)}
        return make_enquiry(session, **{**due, "snapshot": {"sections": []}, **changes})


def stored(db: Database, enquiry: Enquiry) -> Enquiry:
    with db.reading() as session:
        return session.get_one(Enquiry, enquiry.id)


def mail_about(
    app: Flask, db: Database, enquiry: Enquiry, purpose: str, *, at: datetime, to: str = ""
) -> None:
    with app.app_context(), db.transaction() as session:
        queue_mail(
            session,
            to=to or enquiry.email or "",
            template="fostering_follow_up",
            facts={"reference": enquiry.public_ref},
            at=at,
            purpose=purpose,
            about=enquiry.public_ref,
        )


def write_to(officer: JudgingClient, enquiry: Enquiry, kind: str) -> str:
    answer = officer.post_form(f"/staff/fostering/{enquiry.public_ref}/messages/new", {"kind": kind})
    return str(answer.headers["Location"])


def test_a_message_that_comes_back_is_due_at_once_and_is_said_everywhere(
    officer: JudgingClient, db: Database, work: Work, at: datetime
) -> None:
    enquiry = make(db, at, stage=Stage.CALL_DONE)
    home = f"/staff/fostering/{enquiry.public_ref}"
    message = write_to(officer, enquiry, "INFO_PACK")
    assert officer.post_form(message, action=message).status_code == 303
    work()
    found = stored(db, enquiry)
    assert (found.email_failed_at, found.due_at) == (at, at)
    assert found.due_before_failure == at + timedelta(days=4)
    text = officer.get(home).page.main.text
    assert "Mail has not arrived since 23 Nov 2026: reach them another way" in text
    assert "Information pack: could not be delivered" in text
    assert "Message “Information pack”: could not be delivered" in text
    assert "Mail does not arrive at this address" in text
    assert enquiry.public_ref in officer.get("/staff/fostering/messages").page.main.text
    assert "could not be delivered" in officer.get(message).page.main.text
    with db.reading() as session:
        assert session.scalars(select(FamilyMessage.undelivered_at)).all() == [at]
        wanted = select(AuditEvent).where(AuditEvent.event == "fostering.mail_undelivered")
        assert session.scalars(wanted).one().facts == {"purpose": "fostering.message"}


def test_a_pack_that_came_back_is_owed_again_unless_it_reached_them_another_way(
    app: Flask, db: Database, work: Work, at: datetime
) -> None:
    lost, found = make(db, at, pack_settled_at=at), make(db, at, pack_settled_at=at)
    with db.transaction() as session:
        given = Activity(enquiry_id=found.id, at=at + timedelta(hours=1), kind=ActivityKind.INFO_PACK)
        session.add(given)
    for enquiry in (lost, found):
        mail_about(app, db, enquiry, "fostering.acknowledgement", at=at)
    work()
    assert stored(db, lost).pack_settled_at is None
    assert stored(db, found).pack_settled_at == at + timedelta(hours=1)


def test_a_mail_with_the_number_of_one_that_was_deleted_says_nothing_of_that_one(
    app: Flask, officer: JudgingClient, db: Database, work: Work, at: datetime
) -> None:
    """SQLite numbers anew once nothing is left; a message of long ago arrived all the same."""
    first, other = make(db, at, stage=Stage.CALL_DONE), make(db, at)
    message = write_to(officer, first, "INFO_PACK")
    assert officer.post_form(message, action=message).status_code == 303
    with db.transaction() as session:
        session.execute(delete(OutgoingMail))
    for enquiry in (other, first):
        mail_about(app, db, enquiry, "fostering.follow_up", at=at + timedelta(minutes=-5))
        with db.transaction() as session:
            session.scalars(select(FamilyMessage)).one().mail_id = session.scalar(
                select(func.max(OutgoingMail.id))
            )
        work()
    with db.reading() as session:
        assert session.scalars(select(FamilyMessage.undelivered_at)).all() == [None]


def test_many_mails_that_come_back_are_one_task(app: Flask, db: Database, work: Work, at: datetime) -> None:
    enquiry = make(db, at)
    for purpose in ("fostering.acknowledgement", "fostering.follow_up"):
        mail_about(app, db, enquiry, purpose, at=at)
    work()
    assert stored(db, enquiry).due_before_failure == at + timedelta(days=4)
    with db.reading() as session:
        wanted = select(HistoryEntry).where(HistoryEntry.kind == HistoryKind.UNDELIVERED)
        assert len(session.scalars(wanted).all()) == 1


def test_mail_to_others_and_to_an_older_address_says_nothing_of_this_one(
    app: Flask, db: Database, work: Work, at: datetime
) -> None:
    enquiry = make(db, at, pack_settled_at=at)
    mail_about(app, db, enquiry, "fostering.alert", at=at, to="team@example.org")
    mail_about(app, db, enquiry, "fostering.follow_up", at=at, to="old@example.org")
    work()
    found = stored(db, enquiry)
    assert (found.email_failed_at, found.due_at) == (None, at + timedelta(days=4))
    assert found.pack_settled_at == at, "it went with the acknowledgement, which did arrive"


def test_the_corrected_address_takes_the_task_away_and_what_was_due_comes_back(
    app: Flask, officer: JudgingClient, db: Database, work: Work, at: datetime
) -> None:
    enquiry = make(db, at, stage=Stage.CALL_DONE)
    mail_about(app, db, enquiry, "fostering.follow_up", at=at)
    work()
    details = f"/staff/fostering/{enquiry.public_ref}/details"
    officer.post_form(details, {"email": "new@example.com", "email_wrong": "yes"})
    found = stored(db, enquiry)
    assert [getattr(found, name) for name in FIELDS] == [None, at + timedelta(days=4), None]


def test_staff_who_see_it_come_back_can_say_so_themselves(
    officer: JudgingClient, db: Database, at: datetime
) -> None:
    enquiry = make(db, at)
    details = f"/staff/fostering/{enquiry.public_ref}/details"
    assert officer.post_form(details, {"email_wrong": "yes"}).status_code == 303
    assert (stored(db, enquiry).email_failed_at, stored(db, enquiry).due_at) == (at, at)
    message = officer.get(f"/staff/fostering/{enquiry.public_ref}/messages/new").page.main.text
    assert "Mail does not arrive at this email address" in message
    officer.post_form(details, {"email_wrong": None})
    assert (stored(db, enquiry).email_failed_at, stored(db, enquiry).due_at) == (None, at + timedelta(days=4))


def test_what_has_come_since_stays_when_the_address_is_corrected(
    officer: JudgingClient, db: Database, at: datetime
) -> None:
    later = at + timedelta(days=9)
    failing = {"email_failed_at": at - timedelta(days=1), "due_before_failure": at}
    enquiry = make(db, at, due_at=later, **failing)
    officer.post_form(f"/staff/fostering/{enquiry.public_ref}/details", {"email_wrong": None})
    assert stored(db, enquiry).due_at == later


def closed(db: Database, at: datetime) -> Enquiry:
    ended = {"stage": Stage.CLOSED, "status": Status.CLOSED, "closed_at": at, "due_at": None}
    return make(db, at, **ended, closure_code=Closure.S02, letter_owed_since=at)


def send_letter(officer: JudgingClient, enquiry: Enquiry) -> None:
    letter = write_to(officer, enquiry, "CLOSING")
    assert officer.post_form(letter, action=letter).status_code == 303


def test_a_letter_given_up_late_is_owed_no_more_where_another_has_arrived(
    officer: JudgingClient, db: Database, deliver: Deliver, at: datetime
) -> None:
    """A mail is tried for three days; meanwhile the address was put right and the letter sent there."""
    enquiry = closed(db, at)
    send_letter(officer, enquiry)
    deliver(at, "450 4.2.1 try again later")
    officer.post_form(f"/staff/fostering/{enquiry.public_ref}/details", {"email": "new@example.com"})
    send_letter(officer, enquiry)
    deliver(at, "250 OK")
    deliver(at + timedelta(hours=1), REFUSED)
    with db.reading() as session:
        lost = session.scalars(select(FamilyMessage.undelivered_at).order_by(FamilyMessage.id)).all()
    assert lost == [at + timedelta(hours=1), None]
    assert stored(db, enquiry).letter_owed_since is None


def test_both_letters_lost_it_is_owed_since_the_closing(
    officer: JudgingClient, db: Database, work: Work, at: datetime
) -> None:
    enquiry = closed(db, at)
    for _ in range(2):
        send_letter(officer, enquiry)
    assert stored(db, enquiry).letter_owed_since is None
    work()
    assert stored(db, enquiry).letter_owed_since == at


def test_a_letter_that_comes_back_once_more_is_not_owed_to_who_was_told_another_way(
    officer: JudgingClient, db: Database, work: Work, at: datetime
) -> None:
    enquiry = closed(db, at)
    send_letter(officer, enquiry)
    work()
    on = {"told_on-day": "23", "told_on-month": "11", "told_on-year": "2026"}
    told = {"told_how": "PHONE", **on}
    assert officer.post_form(f"/staff/fostering/{enquiry.public_ref}/told", told).status_code == 303
    with db.transaction() as session:
        [mail] = session.scalars(select(OutgoingMail.id)).all()
        retry_mail(session, mail, by=Actor.system("an administrator"), at=at)
    work()
    assert stored(db, enquiry).letter_owed_since is None


def test_a_closing_letter_that_comes_back_is_listed_though_nothing_is_due(
    app: Flask, officer: JudgingClient, db: Database, work: Work, at: datetime
) -> None:
    enquiry = make(
        db, at, stage=Stage.CLOSED, status=Status.CLOSED, closure_code=Closure.S02, closed_at=at, due_at=None
    )
    mail_about(app, db, enquiry, "fostering.message", at=at)
    work()
    assert stored(db, enquiry).due_at is None
    assert enquiry.public_ref in officer.get("/staff/fostering/messages").page.main.text
    with db.reading() as session:
        assert session.scalars(select(OutgoingMail.last_error)).all() == ["smtp-550"]
