"""What is sent in the morning: only what is new, still open and wanted, each advert once, one mail a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.database import Database
from portal.core.mail import MailStatus, OutgoingMail
from portal.council import load_council
from portal.vacancies.alerts.models import Alert, AlertMailbox, AlertStatus, Frequency
from portal.vacancies.alerts.sending import send_batch
from portal.vacancies.models import Vacancy
from portal.vacancies.options import JobFamily, WorkingPattern
from tests.support.alerts import make_alert
from tests.support.builders import make_vacancy
from tests.support.mailbox import Mailbox
from tests.vacancies.alerts.conftest import Send

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WHO = "asha@example.com"


@pytest.fixture
def morning(at: datetime) -> datetime:
    """Seven on the Tuesday after `at`, when alerts begin."""
    return at + 21 * HOUR


def publish(db: Database, at: datetime, **changes: Any) -> None:
    """An advert that the public can read from this instant on."""
    values = {"publish_at": at, "approved_at": at, "closes_at": at + 20 * DAY}
    with db.transaction() as session:
        make_vacancy(session, **{**values, **changes})


def subscribe(db: Database, *, at: datetime, email: str = WHO, **changes: Any) -> Alert:
    with db.transaction() as session:
        return make_alert(session, email=email, at=at, **changes)


def one(mailbox: Mailbox) -> OutgoingMail:
    assert len(mailbox) == 1
    return mailbox[0]


def test_a_new_advert_is_told_with_what_matters(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    alert = subscribe(db, at=at)
    publish(db, at + HOUR, title="Senior social worker", slug="senior-social-worker-7")
    assert send(morning) == (1, 1)
    mail = one(mailbox)
    assert mail.to == WHO
    assert mail.subject == "A new vacancy: Senior social worker"
    for words in (
        "Senior social worker\nAssessment, Civic Centre, Southampton\n£41,000 to £45,000 a year\n",
        "Closes at 11am on Sunday 13 December 2026\nhttps://portal.example.org/vacancies/senior-social-worker-7",
        "You asked to hear of: Every new vacancy",
        f"https://portal.example.org/alerts/{alert.token}\n",
        f"https://portal.example.org/alerts/{alert.token}/stop\n",
    ):
        assert words in mail.body
    assert "demonstration" not in mail.body


def test_nothing_new_no_mail(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    publish(db, at - HOUR)
    subscribe(db, at=at)
    assert send(morning) == (1, 0)
    assert len(mailbox) == 0


def test_each_advert_is_told_once(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    subscribe(db, at=at)
    publish(db, at + HOUR)
    assert send(morning).mails == 1
    assert send(morning) == (0, 0)
    assert send(morning + DAY) == (1, 0)
    assert len(mailbox) == 1


NOT_TOLD: dict[str, dict[str, timedelta | None]] = {
    "closed early": {"closed_early_at": 3 * HOUR},
    "cancelled": {"cancelled_at": 3 * HOUR},
    "over": {"closes_at": 20 * HOUR},
    "not approved": {"approved_at": None},
    "not published yet": {"publish_at": 3 * DAY},
    "saved at this very moment": {"publish_at": 21 * HOUR - timedelta(minutes=4)},
}


@pytest.mark.parametrize("what", NOT_TOLD)
def test_what_cannot_be_applied_for_is_not_told(
    what: str, db: Database, at: datetime, morning: datetime, send: Send
) -> None:
    subscribe(db, at=at)
    changes = {name: None if value is None else at + value for name, value in NOT_TOLD[what].items()}
    publish(db, at + HOUR, **changes)
    assert send(morning) == (1, 0)


def test_what_was_being_saved_is_told_the_next_time(
    db: Database, at: datetime, morning: datetime, send: Send
) -> None:
    subscribe(db, at=at)
    publish(db, morning - timedelta(minutes=4))
    assert send(morning).mails == 0
    assert send(morning + DAY).mails == 1


def test_an_advert_approved_late_is_new_when_it_can_be_read(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    subscribe(db, at=at)
    publish(db, at - 3 * DAY, approved_at=at + 2 * HOUR, title="Approved after its day")
    assert send(morning).mails == 1
    assert "Approved after its day" in one(mailbox).subject


def test_an_extended_or_reopened_advert_is_not_new_again(
    db: Database, at: datetime, morning: datetime, send: Send
) -> None:
    subscribe(db, at=at)
    publish(db, at - 5 * DAY, closes_at=at + 60 * DAY, title="Known before")
    publish(db, at + HOUR, title="Told once", closed_early_at=None)
    assert send(morning).mails == 1
    with db.transaction() as session:
        for vacancy in session.scalars(select(Vacancy)):
            vacancy.closes_at += 30 * DAY
            vacancy.updated_at = morning + HOUR
    assert send(morning + DAY) == (1, 0)


def test_only_what_the_search_finds(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    searches = {
        "q=psychologist": "psychologist@example.com",
        "family=psychology": "family@example.com",
        "pattern=part_time": "pattern@example.com",
        "salary_from=60000": "rich@example.com",
        "team=assessment&family=social_work": "team@example.com",
        "team=no-such-team": "unknown-team@example.com",
        "family=no-such-family": "unknown-family@example.com",
        "q=ballet": "nobody@example.com",
    }
    for search, email in searches.items():
        subscribe(db, at=at, email=email, search=search)
    publish(
        db,
        at + HOUR,
        title="Educational psychologist",
        family=JobFamily.PSYCHOLOGY,
        working_patterns=[WorkingPattern.PART_TIME.value],
        salary_max=62_000,
    )
    publish(db, at + 2 * HOUR, title="Social worker")
    send(morning)
    assert {mail.to: mail.subject for mail in mailbox} == {
        "psychologist@example.com": "A new vacancy: Educational psychologist",
        "family@example.com": "A new vacancy: Educational psychologist",
        "pattern@example.com": "A new vacancy: Educational psychologist",
        "rich@example.com": "A new vacancy: Educational psychologist",
        "team@example.com": "A new vacancy: Social worker",
        "unknown-team@example.com": "A new vacancy: Social worker, and 1 more",
        "unknown-family@example.com": "A new vacancy: Social worker, and 1 more",
    }


def test_several_alerts_make_one_mail_and_name_each_advert_once(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    for search in ("q=social+worker", "family=social_work", "q=ballet"):
        subscribe(db, at=at, search=search)
    subscribe(db, at=at, email="ASHA@EXAMPLE.COM")
    publish(db, at + HOUR, title="Social worker A")
    publish(db, at + 2 * HOUR, title="Social worker B")
    assert send(morning) == (4, 1)
    mail = one(mailbox)
    assert mail.subject == "A new vacancy: Social worker B, and 1 more"
    assert mail.body.count("\nSocial worker A\n") == mail.body.count("\nSocial worker B\n") == 1
    assert mail.body.count("You asked to hear of:") == 3
    assert "“social worker”" in mail.body
    assert "ballet" not in mail.body
    assert mail.to == WHO


def test_a_weekly_alert_does_not_repeat_what_a_daily_one_told(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    monday = morning + 6 * DAY
    subscribe(db, at=at, search="family=psychology")
    subscribe(db, at=at, frequency=Frequency.WEEKLY, next_look_at=monday)
    publish(db, at + HOUR, title="Educational psychologist", family=JobFamily.PSYCHOLOGY)
    publish(db, at + HOUR, title="Team manager")
    assert send(morning).mails == 1
    set_status(db, MailStatus.SENT)
    assert send(monday - timedelta(seconds=1)).mails == 0
    assert send(monday).mails == 1
    assert [mail.subject for mail in mailbox] == [
        "A new vacancy: Educational psychologist",
        "A new vacancy: Team manager",
    ]


def test_a_worker_that_was_away_loses_nothing(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    subscribe(db, at=at, frequency=Frequency.WEEKLY, next_look_at=morning)
    publish(db, at + HOUR)
    assert send(morning + 2 * DAY).mails == 1
    with db.reading() as session:
        alert = session.scalars(select(Alert)).one()
    assert alert.next_look_at == morning + 6 * DAY


def test_at_most_one_mail_a_day_whatever_happens(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    subscribe(db, at=at)
    publish(db, at + HOUR)
    assert send(morning).mails == 1
    subscribe(db, at=at, search="q=social", next_look_at=morning + HOUR)
    publish(db, morning + HOUR)
    assert send(morning + 5 * HOUR) == (1, 0)
    set_status(db, MailStatus.SENT)
    assert send(morning + DAY) == (2, 1)
    assert len(mailbox) == 2


def test_while_a_mail_waits_no_second_is_written_and_nothing_is_lost(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    subscribe(db, at=at)
    publish(db, at + HOUR, title="First")
    send(morning)
    publish(db, morning + HOUR, title="Second")
    assert send(morning + DAY) == (1, 0)
    set_status(db, MailStatus.SENT)
    publish(db, morning + DAY + HOUR, title="Third")
    assert send(morning + 2 * DAY) == (1, 1)
    assert mailbox[1].subject == "A new vacancy: Third, and 1 more"


def set_status(db: Database, status: MailStatus, error: str | None = None) -> None:
    with db.transaction() as session:
        for mail in session.scalars(select(OutgoingMail)):
            mail.status, mail.last_error = status, error


@pytest.mark.parametrize(("error", "paused"), [("smtp-550", True), ("timeout", False), ("smtp-451", False)])
def test_a_dead_mailbox_is_left_in_peace_after_three_refusals(
    error: str, paused: bool, db: Database, at: datetime, send: Send
) -> None:
    subscribe(db, at=at)
    written = []
    for morning in (at + number * DAY for number in range(1, 5)):
        publish(db, morning - 2 * HOUR)
        written.append(send(morning).mails)
        set_status(db, MailStatus.FAILED, error)
    assert written == [1, 1, 1, 0 if paused else 1]
    with db.reading() as session:
        status = session.scalars(select(Alert.status)).one()
    assert (status is AlertStatus.PAUSED) == paused


@pytest.mark.parametrize("status", [AlertStatus.UNCONFIRMED, AlertStatus.PAUSED])
def test_who_has_not_confirmed_or_has_paused_gets_nothing(
    status: AlertStatus, db: Database, at: datetime, morning: datetime, send: Send
) -> None:
    subscribe(db, at=at, status=status)
    publish(db, at + HOUR)
    assert send(morning) == (0, 0)


def test_demonstration_adverts_say_so_and_many_are_counted(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    subscribe(db, at=at)
    for number in range(23):
        publish(db, at + HOUR, title=f"Post {number}", is_demo=True)
    assert send(morning).mails == 1
    body = one(mailbox).body
    assert body.count("(This is a demonstration, not a real vacancy.)") == 20
    assert "There are 3 more. See all open vacancies: https://portal.example.org/vacancies\n" in body


def test_pay_of_part_time_posts_is_honest(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    subscribe(db, at=at)
    publish(db, at + HOUR, hours_per_week="18.5")
    send(morning)
    assert (
        "£41,000 to £45,000 a year full time, £20,500 to £22,500 a year for the hours of this post"
        in one(mailbox).body
    )


def test_no_title_breaks_out_of_a_header_and_no_keyword_becomes_a_link(
    db: Database, at: datetime, morning: datetime, send: Send, mailbox: Mailbox
) -> None:
    subscribe(db, at=at, search="q=worker+http%3A%2F%2Fevil.example%2Fwin%0D%0ABcc%3A+x%40y.z")
    publish(db, at + HOUR, title="Worker evil example win http bcc x y z\r\nBcc: all@example.org")
    send(morning)
    mail = one(mailbox)
    assert mail.subject == "A new vacancy: Worker evil example win http bcc x y z Bcc: all@example.org"
    assert "evil.example" not in mail.body
    assert "“worker http evil example win bcc x y”" in mail.body


def test_few_statements_whatever_the_number_of_alerts(
    db: Database, at: datetime, morning: datetime, context: None, statements: Callable[[], Any]
) -> None:
    """Sixty alerts of thirty mailboxes with two searches: as many statements as for two alerts."""
    publish(db, at + HOUR)

    def cost(mailboxes: int, when: datetime) -> int:
        with db.transaction() as session:
            for number in range(mailboxes):
                for search in ("q=social", "family=social_work"):
                    make_alert(session, email=f"{when:%d}-{number}@example.com", at=at, search=search)
        with statements() as found, db.transaction() as session:
            done = send_batch(session, when, load_council().alerts)
        assert done == (2 * mailboxes, mailboxes)
        return len([one for one in found if not one.startswith("INSERT INTO outgoing_mails")])

    few = cost(1, morning)
    with db.transaction() as session:
        for mailbox in session.scalars(select(AlertMailbox)):
            session.delete(mailbox)
    assert cost(30, morning + DAY) <= few + 2


def test_a_morning_without_news_asks_no_search(
    db: Database, at: datetime, morning: datetime, context: None, statements: Callable[[], Any]
) -> None:
    with db.transaction() as session:
        for number in range(150):
            make_alert(session, at=at, search=f"q=word{number}")
    with statements() as found, db.transaction() as session:
        assert send_batch(session, morning, load_council().alerts) == (150, 0)
    assert len(found) < 12
