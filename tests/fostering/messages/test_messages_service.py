"""Messages to families: when one fits, what it says, what sending does, what it never does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.errors import InvalidTransition, NotFound, StaleEdit
from portal.council import load_council
from portal.fostering.closures import AFTER_APPLICATION, Closure, Reason, reason_of
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.offers import MOVED_ON, NO_ADDRESS, SENT_BEFORE, UNUSABLE, offered
from portal.fostering.messages.options import MessageKind
from portal.fostering.messages.queries import enquiry_to_write_to
from portal.fostering.messages.service import drop_message, edit_message, send_message, write_message
from portal.fostering.messages.wording import BY_SERVICE, has_letter
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind, CallOutcome, NextStep, Stage, Status, VisitMode
from tests.support.builders import make_enquiry, make_staff
from tests.support.calendar_checker import judge_calendar
from tests.support.mailbox import Mailbox

COUNCIL = load_council()
Make = Callable[..., str]


@pytest.fixture
def actor(app: Flask, db: Database) -> Actor:
    with db.transaction() as session:
        person = make_staff(session, role="fostering")
    return Actor(id=person.id, name=person.name, email=person.email, kind="staff")


@pytest.fixture
def make(db: Database, at: datetime) -> Make:
    """An enquiry of yesterday, and the calls made to it; gives its reference."""

    def build(*calls: CallOutcome, **changes: Any) -> str:
        with db.transaction() as session:
            changes = {"received_at": at - timedelta(days=1), "due_at": at + timedelta(hours=5), **changes}
            enquiry = make_enquiry(session, **changes)
            session.add_all(
                Activity(
                    enquiry_id=enquiry.id,
                    at=at - timedelta(hours=1),
                    kind=ActivityKind.CALL_OUT,
                    outcome=call,
                )
                for call in calls
            )
            return enquiry.public_ref

    return build


def closed(code: Closure, at: datetime) -> dict[str, Any]:
    return {
        "stage": Stage.CLOSED,
        "status": Status.CLOSED,
        "closure_code": code,
        "closed_at": at,
        "due_at": None,
    }


def stored(db: Database, reference: str) -> Enquiry:
    with db.reading() as session:
        return session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()


def write(db: Database, reference: str, kind: MessageKind, actor: Actor, at: datetime) -> FamilyMessage:
    with db.transaction() as session:
        enquiry = enquiry_to_write_to(session, reference, by=actor)
        return write_message(session, enquiry, kind, by=actor, at=at, council=COUNCIL)


def send(
    db: Database, reference: str, message: FamilyMessage, actor: Actor, at: datetime, **more: Any
) -> str:
    with db.transaction() as session:
        enquiry = enquiry_to_write_to(session, reference, by=actor)
        said = {"version": message.version, "by": actor, "at": at, "council": COUNCIL, **more}
        return send_message(session, enquiry, message.id, **said)


def kinds(db: Database, reference: str, at: datetime) -> list[MessageKind]:
    with db.reading() as session:
        return offered(session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one(), at)


def test_what_is_offered_is_what_would_be_true(db: Database, make: Make, at: datetime) -> None:
    tried = [MessageKind.CALL_TRIED, MessageKind.ARRANGE_CALL, MessageKind.INFO_PACK]
    assert kinds(db, make(), at) == tried[1:]
    assert kinds(db, make(CallOutcome.NO_ANSWER), at) == tried
    spoken = make(CallOutcome.SPOKE, stage=Stage.CONTACTING)
    assert kinds(db, spoken, at) == tried[1:], "they were taken up again, and nobody has called since"
    only_pack = make(CallOutcome.NO_ANSWER, next_step=NextStep.INFO_PACK_ONLY)
    assert kinds(db, only_pack, at) == [MessageKind.INFO_PACK], "nobody calls them"
    visit = {"stage": Stage.VISIT_BOOKED, "visit_mode": VisitMode.HOME}
    ahead = make(**visit, visit_booked_for=at + timedelta(days=2))
    assert kinds(db, ahead, at) == [MessageKind.INFO_PACK, MessageKind.VISIT_BOOKED]
    assert kinds(db, ahead, at + timedelta(days=2)) == [MessageKind.INFO_PACK]
    kept = make(
        stage=Stage.KEEP_IN_TOUCH, status=Status.KEEP_IN_TOUCH, kit_review_on=(at + timedelta(days=30)).date()
    )
    assert kinds(db, kept, at) == [MessageKind.KEEP_IN_TOUCH]
    assert kinds(db, make(stage=Stage.STAGE_ONE, application_at=at), at) == []


@pytest.mark.parametrize("code", list(Closure))
def test_there_is_a_letter_for_a_reason_or_plainly_none(
    *, app: Flask, db: Database, make: Make, actor: Actor, at: datetime, code: Closure
) -> None:
    reference = make(**closed(code, at))
    none = {*AFTER_APPLICATION, Closure.Q09, Closure.S10, Closure.X02, Closure.X03, Closure.X09, Closure.X10}
    if code in none:
        assert not has_letter(code)
        assert kinds(db, reference, at) == []
        with pytest.raises(InvalidTransition):
            write(db, reference, MessageKind.CLOSING, actor, at)
        return
    with app.app_context():
        letter = write(db, reference, MessageKind.CLOSING, actor, at)
    assert letter.subject == f"Your enquiry {reference}"
    assert ("We want to tell you why" in letter.body) is (reason_of(code) is Reason.SERVICE)
    assert BY_SERVICE.get(code, "") in letter.body
    assert "{" not in letter.body
    assert "Specimen" not in letter.body


@pytest.mark.parametrize(
    ("handed", "told", "not_told"),
    [
        ([], "with another fostering service now", COUNCIL.fostering.hub_name),
        (["HANDOFF_HUB"], f"with {COUNCIL.fostering.hub_name} now", "another council"),
        (["HANDOFF_HUB", "HANDOFF_LA"], "fostering team of another council now", COUNCIL.fostering.hub_name),
        (["HANDOFF_LA", "HANDOFF_HUB"], f"with {COUNCIL.fostering.hub_name} now", "another council"),
    ],
)
def test_a_letter_says_with_whom_the_enquiry_is_since_it_was_last_passed_on(
    *,
    app: Flask,
    db: Database,
    make: Make,
    actor: Actor,
    at: datetime,
    handed: list[str],
    told: str,
    not_told: str,
) -> None:
    reference = make(**closed(Closure.X08, at))
    with db.transaction() as session:
        enquiry = session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()
        for kind in handed:
            session.add(Activity(enquiry_id=enquiry.id, at=at - timedelta(hours=1), kind=ActivityKind(kind)))
            session.flush()
    with app.app_context():
        letter = write(db, reference, MessageKind.CLOSING, actor, at)
    assert told in letter.body
    assert not_told not in letter.body


def test_health_is_in_no_letter(app: Flask, db: Database, make: Make, actor: Actor, at: datetime) -> None:
    with app.app_context():
        letter = write(db, make(**closed(Closure.S09, at)), MessageKind.CLOSING, actor, at)
    assert "those that we talked about" in letter.body
    assert not {"health", "ill", "medical"} & set(letter.body.lower().split())


@pytest.mark.parametrize("kind", ["CALL_TRIED", "ARRANGE_CALL", "KEEP_IN_TOUCH", "S08"])
def test_no_message_speaks_of_a_talk_that_may_not_have_been(
    *, app: Flask, db: Database, make: Make, actor: Actor, at: datetime, kind: str
) -> None:
    kept = {"stage": Stage.KEEP_IN_TOUCH, "status": Status.KEEP_IN_TOUCH, "kit_review_on": at.date()}
    stands = {"KEEP_IN_TOUCH": kept, "S08": closed(Closure.S08, at)}.get(kind, {})
    wanted = MessageKind.CLOSING if kind == "S08" else MessageKind(kind)
    with app.app_context():
        body = write(db, make(CallOutcome.NO_ANSWER, **stands), wanted, actor, at).body
    said = ("as you asked", "talking to us", "when we talked", "we agreed", "As we said")
    assert not [words for words in said if words in body]


def test_those_who_only_wanted_the_pack_were_promised_no_more_mail(
    db: Database, make: Make, at: datetime
) -> None:
    assert kinds(db, make(**closed(Closure.X01, at), next_step=NextStep.INFO_PACK_ONLY), at) == []


def test_a_tried_call_says_whether_a_message_was_left(
    app: Flask, db: Database, make: Make, actor: Actor, at: datetime
) -> None:
    with app.app_context():
        for call, words in {
            CallOutcome.VOICEMAIL: "We left a short message.",
            CallOutcome.NO_ANSWER: "We did not leave a message.",
        }.items():
            assert words in write(db, make(call), MessageKind.CALL_TRIED, actor, at).body


def test_sending_queues_the_mail_and_counts_as_the_attempt_that_it_is(
    *, app: Flask, db: Database, make: Make, actor: Actor, at: datetime, mailbox: Mailbox
) -> None:
    reference = make(CallOutcome.NO_ANSWER, stage=Stage.CONTACTING, attempts=1)
    with app.app_context():
        message = write(db, reference, MessageKind.CALL_TRIED, actor, at)
        assert write(db, reference, MessageKind.CALL_TRIED, actor, at).id == message.id
        assert send(db, reference, message, actor, at) == ""
        assert send(db, reference, message, actor, at) == SENT_BEFORE
    [mail] = mailbox
    enquiry = stored(db, reference)
    assert (mail.to, mail.subject, mail.about) == (enquiry.email, f"Your enquiry {reference}", reference)
    assert (mail.body, mail.calendar) == (message.body, None)
    assert (enquiry.attempts, enquiry.owner_id) == (2, actor.id)
    with db.reading() as session:
        written = session.scalars(select(Activity).where(Activity.kind == ActivityKind.EMAIL)).one()
        events = session.execute(select(AuditEvent.event, AuditEvent.facts).order_by(AuditEvent.id)).all()
    assert (written.at, written.by_name) == (at, actor.name)
    assert [tuple(event) for event in events] == [
        ("fostering.message_written", {"kind": "CALL_TRIED"}),
        ("fostering.message_sent", {"kind": "CALL_TRIED"}),
    ]


def test_the_pack_is_recorded_as_the_pack_and_answers_who_wanted_nothing_else(
    app: Flask, db: Database, make: Make, actor: Actor, at: datetime
) -> None:
    reference = make(next_step=NextStep.INFO_PACK_ONLY)
    with app.app_context():
        send(db, reference, write(db, reference, MessageKind.INFO_PACK, actor, at), actor, at)
    enquiry = stored(db, reference)
    assert (enquiry.stage, enquiry.attempts) == (Stage.CONTACTING, 1)
    assert enquiry.due_at is not None
    assert enquiry.due_at > at + timedelta(days=20)


def test_a_visit_comes_with_a_file_that_does_not_say_what_it_is(
    *, app: Flask, db: Database, make: Make, actor: Actor, at: datetime, mailbox: Mailbox
) -> None:
    visit_at = at + timedelta(days=3)
    booked = {"stage": Stage.VISIT_BOOKED, "visit_booked_for": visit_at, "stage_since": at}
    reference = make(**booked, visit_mode=VisitMode.VIRTUAL)
    with app.app_context():
        first = write(db, reference, MessageKind.VISIT_BOOKED, actor, at)
        send(db, reference, first, actor, at)
        assert write(db, reference, MessageKind.VISIT_BOOKED, actor, at).id != first.id
        with db.transaction() as session:
            session.get_one(Enquiry, first.enquiry_id).visit_booked_for = visit_at + timedelta(hours=1)
        again = write(db, reference, MessageKind.VISIT_BOOKED, actor, at)
        send(db, reference, again, actor, at)
    old, new = (mail.calendar or "" for mail in mailbox)
    assert not [fault for one in (old, new) for fault in judge_calendar(one.encode())]
    assert ("SEQUENCE:0" in old, "SEQUENCE:1" in new) == (True, True)
    assert "DTSTART:20261126T100000Z" in old
    assert "DTSTART:20261126T110000Z" in new
    said = {line.partition(":")[0]: line for line in new.replace("\r\n ", "").split("\r\n")}
    assert said["UID"] in old.replace("\r\n ", "")
    assert said["SUMMARY"] == f"SUMMARY:Appointment with {COUNCIL.name}"
    assert "foster" not in (said["SUMMARY"] + said["DESCRIPTION"]).lower()
    assert "Thursday 26 November 2026, 10am" in first.body
    assert "By video. The team will tell you how to join." in first.body
    assert "we send you the link" not in first.body, "nothing sends one"
    assert stored(db, reference).attempts == 0, "it tells of what is recorded already"


def test_what_is_not_true_any_more_does_not_leave(
    *, app: Flask, db: Database, make: Make, actor: Actor, at: datetime, mailbox: Mailbox
) -> None:
    reference = make(**closed(Closure.S02, at))
    with app.app_context():
        message = write(db, reference, MessageKind.CLOSING, actor, at)
        with db.transaction() as session:
            enquiry = session.get_one(Enquiry, message.enquiry_id)
            enquiry.status, enquiry.stage, enquiry.closure_code = Status.OPEN, Stage.CONTACTING, None
            enquiry.closed_at, enquiry.due_at = None, at
        with pytest.raises(InvalidTransition) as refusal:
            send(db, reference, message, actor, at)
        assert refusal.value.facts["why"] == MOVED_ON
        with db.transaction() as session:
            drop_message(
                session,
                enquiry_to_write_to(session, reference, by=actor),
                message.id,
                version=1,
                by=actor,
                at=at,
            )
    assert not mailbox.rows()
    with db.reading() as session:
        assert not session.scalars(select(FamilyMessage)).all()


def test_edited_words_are_what_leaves_and_an_old_page_sends_nothing(
    *, app: Flask, db: Database, make: Make, actor: Actor, at: datetime, mailbox: Mailbox
) -> None:
    reference = make(**closed(Closure.S02, at))
    with app.app_context():
        message = write(db, reference, MessageKind.CLOSING, actor, at)
        with db.transaction() as session:
            enquiry = enquiry_to_write_to(session, reference, by=actor)
            words = ("Your\r\nBcc: enquiry", "Other words")
            edit_message(session, enquiry, message.id, words, version=1, by=actor, at=at)
        with pytest.raises(StaleEdit):
            send(db, reference, message, actor, at)
        assert not mailbox.rows()
        assert send(db, reference, message, actor, at, version=2) == ""
    [mail] = mailbox
    assert mail.body == "Other words\n"
    assert "\n" not in mail.subject


def test_no_address_no_mail_and_an_unusable_one_becomes_what_is_due(
    *, app: Flask, db: Database, make: Make, actor: Actor, at: datetime, mailbox: Mailbox
) -> None:
    without, odd = make(email=None), make(email="no body@example.com")
    with app.app_context():
        for reference, why in {without: NO_ADDRESS, odd: UNUSABLE}.items():
            message = write(db, reference, MessageKind.ARRANGE_CALL, actor, at)
            assert send(db, reference, message, actor, at) == why
    assert not mailbox.rows()
    assert (stored(db, without).email_failed_at, stored(db, without).due_at) == (
        None,
        at + timedelta(hours=5),
    )
    assert (stored(db, odd).email_failed_at, stored(db, odd).due_at) == (at, at)


def test_a_message_is_only_found_on_its_own_enquiry(
    app: Flask, db: Database, make: Make, actor: Actor, at: datetime
) -> None:
    mine, theirs = make(), make()
    with app.app_context():
        message = write(db, theirs, MessageKind.ARRANGE_CALL, actor, at)
        with pytest.raises(NotFound):
            send(db, mine, message, actor, at)
