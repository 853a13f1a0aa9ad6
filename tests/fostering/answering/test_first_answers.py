"""Acknowledgements that do not leave and packs that nobody sends are seen, counted and chased (domain §6)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core.access import Actor
from portal.core.database import Database
from portal.core.mail import MailStatus, OutgoingMail, queue_mail
from portal.council import load_council
from portal.fostering.answering.queries import Count, acknowledgements_sent, first_answers, packs
from portal.fostering.guarded import Reader
from portal.fostering.history import enter_stage
from portal.fostering.models import Enquiry
from portal.fostering.options import Channel, NextStep, Stage, Status
from portal.fostering.service import queue_answers
from tests.support.builders import make_enquiry
from tests.support.client import JudgingClient
from tests.support.people import SignIn

COUNCIL = load_council()
TEAM = COUNCIL.fostering
ONLINE = dataclasses.replace(
    COUNCIL,
    fostering=dataclasses.replace(TEAM, information_pack_url="https://pack.example.org/fostering.pdf"),
)
PAGE = "/staff/fostering/first-answers"
PACK_LIMIT = datetime(2026, 11, 30, 17, tzinfo=UTC)
"""The fifth working day after the moment of the tests."""
SOON = timedelta(minutes=1)
NOTHING = Count(0, 0)

Answer = Callable[..., Enquiry]


@pytest.fixture
def answer(app: Flask, db: Database, at: datetime) -> Answer:
    """A household of this moment, answered as accepting it does."""

    def make(council: Any = COUNCIL, **changes: Any) -> Enquiry:
        with app.app_context(), db.transaction() as session:
            enquiry = make_enquiry(session, received_at=at, pack_settled_at=None, **changes)
            queue_answers(session, enquiry, council, at=at)
        return enquiry

    return make


def waits(db: Database, officer: JudgingClient, now: datetime) -> tuple[Count, Count]:
    with db.reading() as session:
        found = first_answers(session, TEAM, now, by=Actor(id=officer.person.id, kind="staff"))
    return found.acknowledgements, found.packs


def settled(db: Database, enquiry: Enquiry) -> datetime | None:
    with db.reading() as session:
        return session.get_one(Enquiry, enquiry.id).pack_settled_at


def said(sign_in: SignIn, officer: JudgingClient, now: datetime, path: str) -> str:
    with time_machine.travel(now, tick=False):
        return str(sign_in(person=officer.person).get(path).page.main.text)


def contact(officer: JudgingClient, enquiry: Enquiry, kind: str) -> None:
    path = f"/staff/fostering/{enquiry.public_ref}"
    typed = {"kind": kind, "happened": "now"}
    assert officer.post_form(path, typed, action=f"{path}/contact").status_code == 303


def test_an_acknowledgement_that_has_not_left_is_listed_after_five_minutes(
    sign_in: SignIn, officer: JudgingClient, db: Database, answer: Answer, at: datetime
) -> None:
    enquiry = answer(ONLINE)
    for minutes, count in ((5, NOTHING), (6, Count(1, 0)), (60, Count(1, 0)), (61, Count(1, 1))):
        assert waits(db, officer, at + timedelta(minutes=minutes))[0] == count, minutes
    assert enquiry.public_ref not in said(sign_in, officer, at + timedelta(minutes=5), PAGE)
    late = said(sign_in, officer, at + timedelta(minutes=6), PAGE)
    assert enquiry.public_ref in late
    assert "Overdue, 23 Nov 2026, 10:05am" in late
    assert "Overdue, past its limit, 23 Nov 2026, 10:05am" in said(
        sign_in, officer, at + timedelta(minutes=61), PAGE
    )
    today = said(sign_in, officer, at + timedelta(minutes=61), "/staff/fostering/today")
    assert "1 acknowledgement not sent yet, 1 past the limit" in today
    assert "1 acknowledgement overdue" in said(sign_in, officer, at + timedelta(minutes=61), "/staff/")


@pytest.mark.parametrize("status", [MailStatus.SENT, MailStatus.FAILED])
def test_one_that_has_left_or_was_given_up_waits_no_more(
    officer: JudgingClient, db: Database, answer: Answer, at: datetime, status: MailStatus
) -> None:
    answer(ONLINE)
    with db.transaction() as session:
        session.scalars(select(OutgoingMail).where(OutgoingMail.to.like("household%"))).one().status = status
    assert waits(db, officer, at + timedelta(hours=2))[0] == NOTHING


def test_how_soon_they_left_is_a_share_and_a_median(
    officer: JudgingClient, app: Flask, db: Database, at: datetime
) -> None:
    for seconds in (4, 20, 301, None):
        with app.app_context(), db.transaction() as session:
            mail = queue_mail(
                session,
                to="household@example.com",
                template="fostering_follow_up",
                facts={"reference": "FOS-26-00001"},
                at=at - timedelta(days=29),
                purpose="fostering.acknowledgement",
            )
            if seconds is not None:
                mail.status, mail.sent_at = MailStatus.SENT, mail.created_at + timedelta(seconds=seconds)
    with db.reading() as session:
        found = acknowledgements_sent(session, TEAM, at)
        later = acknowledgements_sent(session, TEAM, at + timedelta(days=2))
    assert (found.in_time.percent, found.seconds.median, later.seconds.of) == (50.0, 20, 0), (
        "what waits is not in time"
    )
    text = officer.get(PAGE).page.main.text
    assert "Acknowledgements sent 3" in text
    assert "Sent within 5 minutes 50.0%" in text
    assert "Half of them within 20 seconds" in text


def test_the_acknowledgement_brings_the_pack_where_the_council_has_one_online(
    officer: JudgingClient, db: Database, answer: Answer, at: datetime
) -> None:
    assert settled(db, answer(ONLINE)) == at
    assert settled(db, answer(COUNCIL)) is None
    assert settled(db, answer(ONLINE, email=None)) is None
    assert settled(db, answer(ONLINE, channel=Channel.PHONE)) is None
    assert waits(db, officer, at)[1] == Count(3, 0)
    page = officer.get(PAGE).page.main.text
    assert "Phone only" in page


def test_a_pack_is_owed_for_five_working_days_and_then_said_everywhere(
    sign_in: SignIn, officer: JudgingClient, db: Database, answer: Answer
) -> None:
    enquiry = answer(stage=Stage.CALL_DONE, next_step=None)
    home, words = (
        f"/staff/fostering/{enquiry.public_ref}",
        "Information pack Overdue, past its limit, due 30 Nov 2026, 5pm",
    )
    assert waits(db, officer, PACK_LIMIT)[1] == Count(1, 0)
    assert waits(db, officer, PACK_LIMIT + SOON)[1] == Count(1, 1)
    assert "Information pack To send, due 30 Nov 2026, 5pm" in said(sign_in, officer, PACK_LIMIT, home)
    assert words in said(sign_in, officer, PACK_LIMIT + SOON, home)
    assert "1 information pack to send, 1 overdue" in said(
        sign_in, officer, PACK_LIMIT + SOON, "/staff/fostering/today"
    )
    assert "1 information pack overdue" in said(sign_in, officer, PACK_LIMIT + SOON, "/staff/")
    assert "Overdue, past its limit, 30 Nov 2026, 5pm" in said(sign_in, officer, PACK_LIMIT + SOON, PAGE)


@pytest.mark.parametrize("kind", ["INFO_PACK", "PACK_DECLINED"])
def test_sent_or_not_wanted_it_is_owed_no_more(
    officer: JudgingClient, db: Database, answer: Answer, at: datetime, kind: str
) -> None:
    enquiry = answer(stage=Stage.CALL_DONE)
    before = enquiry.attempts, enquiry.due_at
    contact(officer, enquiry, kind)
    assert settled(db, enquiry) == at
    with db.reading() as session:
        after = session.get_one(Enquiry, enquiry.id)
        assert (after.attempts, after.due_at) == before, "it is no attempt to reach them"
    assert waits(db, officer, PACK_LIMIT + SOON)[1] == NOTHING


def test_whoever_has_it_and_wants_no_call_is_written_to(
    sign_in: SignIn, officer: JudgingClient, answer: Answer, at: datetime
) -> None:
    asked = {"stage": Stage.NEW, "next_step": NextStep.INFO_PACK_ONLY}
    homes = [f"/staff/fostering/{answer(council, **asked).public_ref}" for council in (COUNCIL, ONLINE)]
    found = [said(sign_in, officer, at, home) for home in homes]
    words = ("Send the information pack", "Next action Write to them")
    assert [[word in text for word in words] for text in found] == [[True, False], [False, True]]


@pytest.mark.parametrize(
    "stands",
    [
        {"stage": Stage.VISIT_BOOKED},
        {"stage": Stage.KEEP_IN_TOUCH, "status": Status.KEEP_IN_TOUCH, "kit_review_on": PACK_LIMIT.date()},
    ],
)
def test_later_it_is_no_clock_of_its_own(
    officer: JudgingClient, db: Database, answer: Answer, stands: dict[str, Any]
) -> None:
    answer(**stands)
    assert waits(db, officer, PACK_LIMIT + SOON)[1] == NOTHING


def test_restricted_records_are_counted_and_listed_for_named_people_only(
    officer: JudgingClient, db: Database, answer: Answer, at: datetime
) -> None:
    enquiry = answer(restricted_at=at)
    later = at + timedelta(hours=2)
    assert waits(db, officer, later) == (NOTHING, NOTHING)
    assert enquiry.public_ref not in officer.get(PAGE).page.main.text
    with db.transaction() as session:
        session.add(Reader(enquiry_id=enquiry.id, person_id=officer.person.id, named_at=at))
    assert waits(db, officer, later) == (Count(1, 1), Count(1, 0))


def test_the_longest_waiting_comes_first(officer: JudgingClient, db: Database, at: datetime) -> None:
    with db.transaction() as session:
        made = [
            make_enquiry(session, received_at=at - timedelta(days=days), pack_settled_at=None).public_ref
            for days in (1, 3, 2)
        ]
        listed = packs(session, TEAM, at, by=Actor(id=officer.person.id, kind="staff"))
    assert [one.enquiry.public_ref for one in listed] == [made[1], made[2], made[0]]


def test_reading_the_page_costs_the_same_statements_however_long_it_is(
    officer: JudgingClient, answer: Answer, statements: Any
) -> None:
    answer()
    officer.get(PAGE)
    with statements() as few:
        officer.get(PAGE)
    for _ in range(5):
        answer()
    with statements() as many:
        officer.get(PAGE)
    assert len(few) == len(many)


def test_taken_up_again_a_household_is_owed_it_from_then_on(
    officer: JudgingClient, db: Database, answer: Answer, at: datetime
) -> None:
    enquiry = answer(stage=Stage.CONTACTING)
    later = at + timedelta(days=120)
    with db.transaction() as session:
        portal, row = Actor.system("the portal"), session.get_one(Enquiry, enquiry.id)
        for stage, moment in ((Stage.KEEP_IN_TOUCH, at), (Stage.CONTACTING, later)):
            row.kit_review_on = later.date()
            enter_stage(session, row, stage, by=portal, at=moment)
    assert waits(db, officer, later + timedelta(days=1))[1] == Count(1, 0)
    assert waits(db, officer, later + timedelta(days=10))[1] == Count(1, 1)
    with db.reading() as session:
        (listed,) = packs(session, TEAM, later, by=Actor(id=officer.person.id, kind="staff"))
    assert listed.due_at == datetime(2027, 4, 1, 16, tzinfo=UTC), "five working days after Tuesday 23 March"
