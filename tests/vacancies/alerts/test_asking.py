"""Asking for an alert and confirming it: the same answer for all, and nothing to a stranger but one link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from sqlalchemy import func, select

from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.database import Database
from portal.core.forms import signer
from portal.vacancies.alerts.models import Alert, AlertMailbox, AlertStatus, Frequency
from portal.vacancies.alerts.service import MOST_ALERTS
from tests.support.alerts import alert_confirmation, make_alert
from tests.support.builders import make_vacancy
from tests.support.client import Answer, JudgingClient
from tests.support.mailbox import Mailbox

Travel = Any
NEW = "/alerts/new"
WHO = "asha@example.com"
TYPED = {"email": WHO, "frequency": "daily"}
LINK = re.compile(r"https://portal\.example\.org(/alerts/confirm/[\w-]+)")


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[Travel]:
    with time_machine.travel(at, tick=False) as travel:
        yield travel


def ask(client: JudgingClient, query: str = "", **typed: str) -> Answer:
    return client.post_form(NEW + query, {**TYPED, "shown_at": a_while_ago(client), **typed})


def a_while_ago(client: JudgingClient) -> str:
    """The stamp of a form that somebody took half a minute to fill in."""
    with client.application.app_context():
        return signer().sign(str(int(now().timestamp()) - 30)).decode()


def confirmation(mailbox: Mailbox) -> str:
    """The address in the newest mail."""
    found = LINK.search(mailbox[len(mailbox) - 1].body)
    assert found is not None
    return found[1]


def alerts(db: Database) -> list[Alert]:
    with db.reading() as session:
        return list(session.scalars(select(Alert).order_by(Alert.id)))


def test_from_a_search_to_an_alert(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    with db.transaction() as session:
        make_vacancy(session, title="Educational psychologist")
    page = client.get(f"{NEW}?q=psychologist&contract=permanent&sort=salary&page=9")
    assert "“psychologist”" in page.text
    assert "Permanent" in page.text
    answer = ask(client, "?q=psychologist&contract=permanent&sort=salary&page=9", frequency="weekly")
    assert client.follow(answer).page.h1 == "Check your email"
    waiting = alerts(db)[0]
    assert (waiting.search, waiting.status) == ("q=psychologist&contract=permanent", AlertStatus.UNCONFIRMED)

    link = confirmation(mailbox)
    assert "“psychologist”" in client.get(link).text
    answer = client.post_form(link)
    page = client.follow(answer)
    assert "Your alert has started" in page.text
    begun = alerts(db)[0]
    assert (begun.status, begun.frequency, begun.confirm_hash) == (AlertStatus.ACTIVE, Frequency.WEEKLY, None)
    assert begun.told_until == at
    assert begun.next_look_at == datetime.fromisoformat("2026-11-30T07:00:00+00:00")
    assert len(mailbox) == 1


def test_the_confirmation_holds_nothing_that_was_typed(client: JudgingClient, mailbox: Mailbox) -> None:
    ask(client, f"?q={quote('I know where you live evil.example')}&family=social_work&team=no-such-team")
    mail = mailbox[0]
    assert mail.subject == "Confirm your vacancy alert"
    assert not re.search("live|evil|no-such", mail.body)
    assert "What we would look for: the words that were typed, Social work" in mail.body
    assert mail.unsubscribe_url is None
    assert mail.to == WHO


def test_opening_the_link_changes_nothing(client: JudgingClient, db: Database, mailbox: Mailbox) -> None:
    ask(client)
    link = confirmation(mailbox)
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.open(link, method="HEAD").status_code == 200
    assert alerts(db)[0].status is AlertStatus.UNCONFIRMED


def test_a_link_works_once_and_says_where_to_ask_again(
    client: JudgingClient, make_client: Callable[[], JudgingClient], mailbox: Mailbox, clock: Travel
) -> None:
    ask(client)
    link = confirmation(mailbox)
    other = make_client()
    shown = other.get(link)
    assert shown.status_code == 200
    assert client.post_form(link).status_code == 303
    for answer in (client.get(link), client.get("/alerts/confirm/" + "x" * 43)):
        assert answer.status_code == 410
        assert answer.page.h1 == "This link no longer works"
        assert answer.page.first("a", href="/alerts/new") is not None

    ask(client, "?q=families")
    late = confirmation(mailbox)
    clock.shift(timedelta(days=7) - timedelta(seconds=1))
    assert client.get(late).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert client.get(late).status_code == 410


def test_a_late_post_of_an_open_page_is_told_so(client: JudgingClient, db: Database, clock: Travel) -> None:
    with db.transaction() as session:
        alert = make_alert(session, status=AlertStatus.UNCONFIRMED)
    link = f"/alerts/confirm/{alert_confirmation(alert)}"
    token = client.get(link).page.first("input", name="csrf_token")
    assert token is not None
    clock.shift(timedelta(days=7))
    fresh = client.get(NEW).page.first("input", name="csrf_token")
    assert fresh is not None
    body = {"csrf_token": fresh["value"], "form_end": "1"}
    assert client.post(link, data=body, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 410
    assert alerts(db)[0].status is AlertStatus.UNCONFIRMED


def test_the_answer_is_the_same_whatever_is_known(
    client: JudgingClient, db: Database, mailbox: Mailbox
) -> None:
    with db.transaction() as session:
        make_alert(session, email="known@example.com")
        make_alert(session, email="waiting@example.com", status=AlertStatus.UNCONFIRMED)
        for _ in range(MOST_ALERTS):
            make_alert(session, email="full@example.com")
    texts = set()
    for who in ("known@example.com", "KNOWN@example.com", "waiting@example.com", "full@example.com", WHO):
        answer = ask(client, "?q=families", email=who)
        texts.add((answer.status_code, answer.location, client.follow(answer).text))
    assert len(texts) == 1
    assert {mail.to for mail in mailbox if mail.purpose == "alerts.confirm"} == {
        "known@example.com",
        "waiting@example.com",
        WHO,
    }
    assert [mail.purpose for mail in mailbox.to("full@example.com")] == ["alerts.list"]


def test_a_mailbox_gets_three_an_hour_and_six_a_day(
    client: JudgingClient, mailbox: Mailbox, db: Database, clock: Travel
) -> None:
    for number in range(5):
        answer = ask(client, email="Asha@example.com" if number % 2 else WHO)
        assert client.follow(answer).page.h1 == "Check your email"
    assert len(mailbox) == 3
    client.post_form("/alerts/find", {"email": WHO, "shown_at": a_while_ago(client)})
    assert len(mailbox) == 3
    for _ in range(3):
        clock.shift(timedelta(hours=1))
        for _ in range(3):
            ask(client)
    assert len(mailbox) == 6
    assert len(alerts(db)) == 6


def test_a_network_that_asks_for_too_much_is_refused_aloud(client: JudgingClient, mailbox: Mailbox) -> None:
    for number in range(20):
        assert ask(client, email=f"candidate{number}@example.com").status_code == 303
    answer = ask(client, email="candidate20@example.com")
    assert answer.status_code == 429
    assert len(mailbox) == 20
    assert client.get("/vacancies").status_code == 200


def test_machines_get_less_and_are_noted(client: JudgingClient, db: Database, mailbox: Mailbox) -> None:
    for number in range(2):
        ask(client, email=f"victim{number}@example.com", website="https://spam.example")
    assert ask(client, email="victim2@example.com", website="x").status_code == 429
    assert len(mailbox) == 2
    with db.reading() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.event == "alerts.asked")).all()
    assert all("trap" in event.facts["signs"] for event in events)


def test_the_audit_knows_no_address_and_no_keyword(
    client: JudgingClient, db: Database, mailbox: Mailbox
) -> None:
    ask(client, "?q=private")
    client.post_form(confirmation(mailbox))
    with db.reading() as session:
        for event in session.scalars(select(AuditEvent)):
            kept = f"{event.subject} {event.facts} {event.actor}"
            assert not re.search("asha|private", kept), kept


LOOK_ALIKES = ["аsha@example.com", "asha@ехample.com", "asha@example.com\u200b.evil.org", "ａsha@example.com"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "asha",
        "asha@example.com, other@example.com",
        "asha@example.com\r\nBcc: all@example.org",
        "asha@example.com%0ABcc: all@example.org",
        "Asha <asha@example.com>",
        "asha@example.com\x00",
        "a" * 250 + "@example.com",
        *LOOK_ALIKES,
    ],
)
def test_what_is_no_ordinary_address_goes_back_on_the_form(
    typed: str, client: JudgingClient, mailbox: Mailbox
) -> None:
    answer = ask(client, "?q=families", email=typed)
    assert answer.status_code == 422
    assert answer.page.errors
    assert "“families”" in answer.text
    assert len(mailbox) == 0


def test_capitals_are_the_same_mailbox_and_mail_goes_to_the_confirmed_spelling(
    client: JudgingClient, db: Database, mailbox: Mailbox
) -> None:
    ask(client, email="Asha@Example.com")
    client.post_form(confirmation(mailbox))
    ask(client, "?q=families", email="ASHA@EXAMPLE.COM")
    assert [mail.to for mail in mailbox] == ["Asha@example.com", "Asha@example.com"]
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(AlertMailbox)) == 1


def test_the_same_search_again_changes_the_alert_there_is(
    client: JudgingClient, db: Database, mailbox: Mailbox
) -> None:
    for frequency in ("daily", "weekly"):
        ask(client, "?q=families", frequency=frequency)
        client.post_form(confirmation(mailbox))
    assert [(alert.frequency, alert.status) for alert in alerts(db)] == [("weekly", "active")]


def test_two_links_of_one_mailbox_both_work(client: JudgingClient, db: Database, mailbox: Mailbox) -> None:
    ask(client, "?q=families")
    first = confirmation(mailbox)
    ask(client, "?q=psychologist")
    assert client.post_form(confirmation(mailbox)).status_code == 303
    assert client.post_form(first).status_code == 303
    assert [alert.status for alert in alerts(db)] == [AlertStatus.ACTIVE] * 2


def test_what_cannot_be_searched_is_not_kept(client: JudgingClient, db: Database) -> None:
    ask(client, "?q=%21%21%21&salary_from=99999999999999999999&family=none&page=1000000000")
    assert alerts(db)[0].search == "salary_from=250000"


def test_waiting_alerts_of_a_mailbox_are_few(client: JudgingClient, db: Database) -> None:
    with db.transaction() as session:
        for _ in range(MOST_ALERTS):
            make_alert(session, email=WHO, status=AlertStatus.UNCONFIRMED)
    ask(client, "?q=newest")
    kept = alerts(db)
    assert len(kept) == MOST_ALERTS
    assert kept[-1].search == "q=newest"
