"""The household’s own link: who gets one, what it changes, what it never shows, when it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.retention import everything_due
from portal.fostering.closures import Closure
from portal.fostering.keeping.schedule import last_heard
from portal.fostering.models import Activity, Enquiry, HistoryEntry
from portal.fostering.options import (
    ActivityKind,
    CallOutcome,
    ContactMethod,
    HistoryKind,
    NextStep,
    Stage,
    Status,
)
from portal.fostering.own.links import delete_old_links
from portal.fostering.own.models import OwnLink
from portal.fostering.service import wants_no_call
from tests.support.builders import make_enquiry
from tests.support.client import JudgingClient
from tests.support.mailbox import Mailbox
from tests.support.people import SignIn

START = "/fostering/your-enquiry"
MINE = "zoe.specimen@example.com"
TEAM = "fostering-team@example.org"


@pytest.fixture(autouse=True)
def _clock(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


def make(db: Database, at: datetime, **changes: Any) -> Enquiry:
    with db.transaction() as session:
        values = {
            "received_at": at - timedelta(days=1),
            "due_at": at + timedelta(days=1),
            "email": MINE,
            "phone": "+447700900123",
            "first_name": "Zoë",
            "last_name": "Specimen",
            "snapshot": {"sections": []},
        }
        return make_enquiry(session, **{**values, **changes})


def stored(db: Database, enquiry: Enquiry) -> Enquiry:
    with db.reading() as session:
        found = session.get_one(Enquiry, enquiry.id)
        _ = found.activities
        return found


def ask(client: JudgingClient, mailbox: Mailbox, email: str = MINE) -> str:
    """The path of the newest link after asking for one."""
    answer = client.post_form(START, {"email": email})
    assert answer.headers["Location"] == f"{START}/link-sent"
    links = [mail for mail in mailbox if mail.purpose == "fostering.own_link"]
    found = re.search(r"/fostering/your-enquiry/[\w-]{43}", links[-1].body) if links else None
    return found[0] if found else ""


def test_whoever_asks_is_answered_alike_and_only_the_mailbox_learns_more(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    make(db, at)
    make(
        db,
        at,
        email="gone@example.com",
        status=Status.CLOSED,
        stage=Stage.CLOSED,
        closure_code=Closure.Q01,
        closed_at=at,
        due_at=None,
    )
    pages = set()
    for email in (MINE.upper(), "gone@example.com", "nobody@example.com"):
        answer = client.post_form(START, {"email": email})
        pages.add((answer.status_code, client.follow(answer).page.main.text))
    assert len(pages) == 1
    assert [mail.to for mail in mailbox] == [MINE]


def test_only_a_hash_is_kept_and_the_newest_link_works(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    make(db, at)
    first, second = ask(client, mailbox), ask(client, mailbox)
    with db.reading() as session:
        [link] = session.scalars(select(OwnLink)).all()
    assert second.rpartition("/")[2] not in link.token_hash
    assert [client.get(path).status_code for path in (first, second)] == [410, 200]
    with time_machine.travel(at + timedelta(hours=24), tick=False):
        assert client.get(second).status_code == 410


def test_a_mailbox_gets_three_links_an_hour_and_nobody_is_told(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    make(db, at)
    for _ in range(5):
        ask(client, mailbox)
    assert len(mailbox) == 3


def test_what_a_machine_seems_to_ask_for_is_soon_refused(
    client: JudgingClient, db: Database, at: datetime
) -> None:
    asked = {"email": "nobody@example.com", "website": "https://x.example"}
    answers = [client.post_form(START, asked).status_code for _ in range(3)]
    assert answers == [303, 303, 429]


def test_the_pages_show_nothing_and_looking_changes_nothing(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    enquiry = make(db, at, stage=Stage.VISIT_BOOKED, visit_booked_for=at + timedelta(days=3))
    link = ask(client, mailbox)
    told = (enquiry.public_ref, "Zoë", "Specimen", MINE, "7700900123", "07700 900123", "SO14", "isit booked")
    for page in ("", "/contact", "/another-day", "/withdraw"):
        answer = client.get(link + page)
        assert answer.status_code == 200
        assert not [word for word in told if word in answer.text]
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer.headers["Cache-Control"]
    assert stored(db, enquiry).version == 1


def test_new_details_are_used_and_the_old_mailbox_and_the_team_are_told(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    enquiry = make(db, at)
    link = ask(client, mailbox)
    typed = {"phone": "07700 900 456", "email": "new@example.com", "voicemail_ok": "no"}
    answer = client.follow(client.post_form(f"{link}/contact", typed))
    assert answer.page.h1 == "We have changed how we reach you"
    assert "it goes to the email address that you have just given us" in answer.page.main.text
    found = stored(db, enquiry)
    assert (found.phone, found.email_key, found.voicemail_ok) == ("+447700900456", "new@example.com", "no")
    assert [mail.to for mail in list(mailbox)[1:]] == [MINE, TEAM]
    assert not [mail for mail in mailbox if "900" in mail.body or "new@" in mail.body]
    assert client.get(link).status_code == 410, "it was the old mailbox’s"
    with db.reading() as session:
        entry = session.scalars(select(HistoryEntry)).one()
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "fostering.details_corrected")
        ).one()
    assert (entry.kind, entry.by_name) == (HistoryKind.DETAILS, "the household, by their link")
    assert event.facts == {"fields": ["phone", "email", "voicemail_ok"]}


def test_it_is_not_said_whether_something_was_the_same(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    enquiry = make(db, at)
    link = ask(client, mailbox)
    same = client.post_form(f"{link}/contact", {"phone": "07700 900 123"})
    assert "email address" not in client.follow(same).page.main.text
    assert (same.status_code, stored(db, enquiry).version) == (303, 1)
    assert len(mailbox) == 1


def test_new_details_are_word_from_the_household_from_which_its_time_runs(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    kept = {"stage": Stage.KEEP_IN_TOUCH, "status": Status.KEEP_IN_TOUCH}
    enquiry = make(db, at, received_at=at - timedelta(days=900), kit_review_on=at.date(), **kept)
    client.post_form(f"{ask(client, mailbox)}/contact", {"phone": "07700 900 456"})
    with db.reading() as session:
        assert last_heard(session.get_one(Enquiry, enquiry.id)) == at


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Enter what has changed"),
        ({"contact_method": "PHONE"}, "Enter the number that we should use"),
        ({"contact_method": "TEXT", "phone": "01632 960 001"}, "Enter a mobile number"),
        ({"phone": "12"}, "Enter a phone number, like"),
        ({"email": "nobody"}, "Enter an email address in the correct format"),
    ],
)
def test_details_that_cannot_be_come_back_as_typed(
    *,
    client: JudgingClient,
    db: Database,
    at: datetime,
    mailbox: Mailbox,
    typed: dict[str, str],
    message: str,
) -> None:
    enquiry = make(db, at)
    answer = client.post_form(f"{ask(client, mailbox)}/contact", typed)
    assert answer.status_code == 422
    assert answer.page.errors[0].startswith(message)
    assert stored(db, enquiry).version == 1


def test_what_staff_put_right_ends_the_link_in_the_old_mailbox(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox, sign_in: SignIn
) -> None:
    enquiry = make(db, at)
    link = ask(client, mailbox)
    officer = sign_in("fostering")
    page = f"/staff/fostering/{enquiry.public_ref}/details"
    assert officer.post_form(page, {"phone": "07700 900 456"}).status_code == 303
    assert client.get(link).status_code == 200
    assert officer.post_form(page, {"email": "new@example.com"}).status_code == 303
    assert client.get(link).status_code == 410


DAY = {"day-day": "3", "day-month": "12", "day-year": "2026"}


def test_another_day_moves_what_is_due_and_says_why(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    enquiry = make(db, at, next_step=NextStep.INFO_PACK_ONLY)
    promised = enquiry.sla_due_at
    link = ask(client, mailbox)
    answer = client.post_form(f"{link}/another-day", {**DAY, "part": "WD_MORNING"})
    assert client.follow(answer).page.h1 == "We have your day"
    found = stored(db, enquiry)
    assert (found.due_at, found.sla_due_at) == (datetime(2026, 12, 3, 12, tzinfo=UTC), promised)
    assert (found.attempts, found.first_contact_at) == (0, None)
    assert not wants_no_call(found), "they want to be called now"
    [asked] = found.activities
    assert (asked.call_back_at, asked.by_name) == (found.due_at, "the household, by their link")
    assert "They asked by their link" in (asked.note or "")
    assert client.get(link).status_code == 200
    told, team = list(mailbox)[1:]
    assert (told.to, team.to) == (MINE, TEAM)
    assert "called on Thursday 3 December 2026: morning, 9am to midday." in told.body
    assert "If it was not you" in told.body


def test_whoever_has_given_no_number_learns_that_a_call_needs_one(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    """The pages and the mail say it to everybody, for they tell nobody what we have."""
    make(db, at, phone=None, contact_method="EMAIL")
    link = ask(client, mailbox)
    number = next(a for a in client.get(f"{link}/another-day").page.main.all("a") if "number" in a.text)
    client.post_form(f"{link}/another-day", {**DAY, "part": "ANY"})
    assert "If you have not given us one, tell us" in list(mailbox)[1].body
    assert client.post_form(number["href"], {"phone": "07700 900 456"}).status_code == 303
    with db.reading() as session:
        assert session.scalars(select(Enquiry.phone)).one() == "+447700900456"


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("5 12 2026", "We are closed on that day. Choose another one"),
        ("25 12 2026", "We are closed on that day. Choose another one"),
        ("23 11 2026", "The day must be after today"),
        ("1 6 2027", "The day must be within 90 days"),
    ],
)
def test_a_day_on_which_nobody_works_is_refused(
    *, client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox, day: str, message: str
) -> None:
    enquiry = make(db, at)
    parts = dict(zip(DAY, day.split(), strict=True))
    answer = client.post_form(f"{ask(client, mailbox)}/another-day", {**parts, "part": "ANY"})
    assert answer.status_code == 422
    assert message in answer.page.errors
    assert stored(db, enquiry).due_at == at + timedelta(days=1)


def test_a_visit_is_not_put_off_by_a_wish_for_a_call(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    visit_at = at + timedelta(days=2)
    enquiry = make(db, at, stage=Stage.VISIT_BOOKED, visit_booked_for=visit_at, due_at=visit_at)
    client.post_form(f"{ask(client, mailbox)}/another-day", {**DAY, "part": "ANY"})
    assert "called on Thursday 3 December 2026, at any time." in list(mailbox)[1].body
    assert stored(db, enquiry).due_at == visit_at
    with db.reading() as session:
        assert len(session.scalars(select(Activity)).all()) == 1


def test_of_two_days_that_were_asked_for_the_last_one_counts(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    visit_at = at + timedelta(days=12)
    enquiry = make(db, at, stage=Stage.VISIT_BOOKED, visit_booked_for=visit_at, due_at=visit_at)
    link = ask(client, mailbox)
    for day in ("1", "3"):
        client.post_form(f"{link}/another-day", {**DAY, "day-day": day, "part": "WD_MORNING"})
    assert stored(db, enquiry).due_at == datetime(2026, 12, 3, 12, tzinfo=UTC)


def test_a_day_that_is_sent_twice_is_one_wish_and_one_mail(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    make(db, at)
    link = ask(client, mailbox)
    for part in ("WD_AFTERNOON", "WD_AFTERNOON", "ANY"):  # both end at five, and are two wishes
        assert client.post_form(f"{link}/another-day", {**DAY, "part": part}).status_code == 303
    assert [mail.to for mail in list(mailbox)[1:]] == [MINE, TEAM] * 2
    with time_machine.travel(at + timedelta(minutes=10), tick=False):
        client.post_form(f"{link}/another-day", {**DAY, "part": "ANY"})
    with db.reading() as session:
        assert len(session.scalars(select(Activity)).all()) == 3


def test_withdrawing_closes_is_confirmed_by_mail_and_ends_the_link(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    enquiry = make(db, at, contact_method=ContactMethod.PHONE)
    link = ask(client, mailbox)
    assert client.get(f"{link}/withdraw").status_code == 200
    assert stored(db, enquiry).is_open, "a GET asks"
    answer = client.follow(client.post_form(f"{link}/withdraw"))
    assert answer.page.h1 == "You have stopped your enquiry"
    found = stored(db, enquiry)
    assert (found.status, found.closure_code, found.due_at) == (Status.CLOSED, Closure.Q00, None)
    assert [mail.to for mail in list(mailbox)[1:]] == [MINE, TEAM]
    assert client.get(link).status_code == 410
    with db.reading() as session:
        wanted = select(AuditEvent).where(AuditEvent.event == "fostering.own_withdrawal")
        assert session.scalars(wanted).one().facts == {"closed": True}


@pytest.mark.parametrize("what", ["application", "held", "restricted", "unread"])
def test_what_the_team_has_to_close_is_due_at_once_and_answered_alike(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox, what: str
) -> None:
    changes: dict[str, Any] = {
        "application": {"stage": Stage.STAGE_ONE, "application_at": at},
        "held": {"hold_until": (at + timedelta(days=90)).date()},
        "restricted": {"restricted_at": at},
        "unread": {"motivation": "My neighbour’s child is often hungry"},
    }[what]
    enquiry = make(db, at, **changes)
    answer = client.follow(client.post_form(f"{ask(client, mailbox)}/withdraw"))
    assert answer.page.h1 == "You have stopped your enquiry"
    found = stored(db, enquiry)
    assert (found.status, found.due_at) == (Status.OPEN, at)
    with db.reading() as session:
        assert session.scalars(select(HistoryEntry.kind)).all() == [HistoryKind.ASKED_TO_STOP]
    assert "which you need to act on" in list(mailbox)[-1].body


def test_nobody_is_told_to_call_whoever_asked_to_stop(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox, sign_in: SignIn
) -> None:
    enquiry = make(db, at, hold_until=(at + timedelta(days=90)).date())
    client.post_form(f"{ask(client, mailbox)}/withdraw")
    officer, words = sign_in("fostering"), "Close: they asked to stop"
    for path in ("/staff/fostering", f"/staff/fostering/{enquiry.public_ref}"):
        text = officer.get(path).page.main.text
        assert words in text
        assert "Call or write to them" not in text
    assert "Log a call" not in officer.get("/staff/fostering").page.main.text
    with time_machine.travel(at + timedelta(minutes=5), tick=False):
        officer.post_form(f"/staff/fostering/{enquiry.public_ref}/owner", {"owner": str(officer.person.id)})
    assert stored(db, enquiry).stage is Stage.CONTACTING
    assert words in officer.get("/staff/fostering").page.main.text, "who takes it has still to close it"
    with db.transaction() as session:
        talk = {"kind": ActivityKind.CALL_IN, "outcome": CallOutcome.SPOKE, "by_name": "A colleague"}
        session.add(Activity(enquiry_id=enquiry.id, at=at, **talk))
    assert words not in officer.get("/staff/fostering").page.main.text


@pytest.mark.parametrize("what", ["contact", "address", "day", "withdrawn", "", "else"])
def test_what_was_done_leads_on(client: JudgingClient, what: str) -> None:
    links = {link["href"] for link in client.get(f"{START}/done?what={what}").page.main.all("a")}
    assert {"/fostering", "/fostering/events"} <= links
    assert (START in links) is (what != "withdrawn")


def test_a_restricted_household_can_change_its_details_too(
    client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    enquiry = make(db, at, restricted_at=at)
    client.post_form(f"{ask(client, mailbox)}/contact", {"voicemail_ok": "no"})
    assert stored(db, enquiry).voicemail_ok == "no"


def test_links_that_have_run_out_go_every_night(
    app: Any, client: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    make(db, at)
    ask(client, mailbox)
    later = at + timedelta(hours=24)
    with app.app_context(), db.reading() as session:
        listed = [due.kind for due in everything_due(session, later)]
    assert listed == ["fostering link"]
    with db.transaction() as session:
        assert delete_old_links(session, later - timedelta(seconds=1)) == 0
        assert delete_old_links(session, later) == 1
