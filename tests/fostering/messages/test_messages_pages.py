"""The pages of messages: the exact mail, words in other words, one sending, nothing lost, nothing shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.fostering.closures import Closure
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.models import Enquiry
from portal.fostering.options import ContactMethod, Stage, Status, VisitMode
from tests.support.builders import make_enquiry
from tests.support.client import JudgingClient
from tests.support.mailbox import Mailbox
from tests.support.people import SignIn


@pytest.fixture
def enquiry(db: Database, at: datetime) -> Enquiry:
    return make(db, at)


def make(db: Database, at: datetime, **changes: Any) -> Enquiry:
    with db.transaction() as session:
        values = {"received_at": at - timedelta(days=1), "snapshot": {"sections": []}, **changes}
        return make_enquiry(session, **values)


def home_of(enquiry: Enquiry) -> str:
    return f"/staff/fostering/{enquiry.public_ref}"


def draft(officer: JudgingClient, enquiry: Enquiry, kind: str = "ARRANGE_CALL") -> str:
    answer = officer.post_form(f"{home_of(enquiry)}/messages/new", {"kind": kind})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def test_what_the_page_shows_is_what_leaves(
    officer: JudgingClient, enquiry: Enquiry, mailbox: Mailbox
) -> None:
    page = draft(officer, enquiry)
    shown = officer.get(page).page.first("div", class_="mail__body").text
    assert not mailbox.rows()
    answer = officer.follow(officer.post_form(page, action=page))
    text = answer.page.main.text
    assert "The message is on its way" in text
    assert "Message “Agree on a call”: waits to be sent" in text
    [mail] = mailbox
    assert " ".join(shown.split()) == " ".join(mail.body.split())
    assert mail.to == enquiry.email


def test_sent_twice_is_sent_once(officer: JudgingClient, enquiry: Enquiry, mailbox: Mailbox) -> None:
    page = draft(officer, enquiry)
    token = officer.get(page).page.first("input", name="csrf_token")["value"]
    form = {"csrf_token": token, "version": "1", "form_end": "1"}
    assert officer.post(page, data=form).status_code == 303
    again = officer.post(page, data=form)
    assert again.status_code == 409
    assert "This message has been sent" in again.text
    assert len(mailbox) == 1


def test_four_colleagues_at_once_send_one_mail(
    sign_in: SignIn, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    with time_machine.travel(at, tick=False):
        clients = [sign_in("fostering") for _ in range(4)]
        page = draft(clients[0], make(db, at))
        forms = [
            {
                "csrf_token": client.get(page).page.first("input", name="csrf_token")["value"],
                "version": "1",
                "form_end": "1",
            }
            for client in clients
        ]
        with ThreadPoolExecutor(4) as pool:
            answers = [
                *pool.map(lambda pair: pair[0].post(page, data=pair[1]), zip(clients, forms, strict=True))
            ]
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert len(mailbox) == 1


def test_other_words_are_kept_and_shown(
    officer: JudgingClient, enquiry: Enquiry, db: Database, mailbox: Mailbox
) -> None:
    page = draft(officer, enquiry)
    assert officer.post_form(f"{page}/edit", {"body": "When may we call?"}).status_code == 303
    text = officer.get(page).page.main.text
    assert "When may we call?" in text
    assert "Changed by" in text
    refused = officer.post_form(f"{page}/edit", {"subject": "", "body": "Typed"})
    assert refused.status_code == 422
    assert refused.page.first("textarea", name="body").text.strip() == "Typed"
    stale = officer.post_form(f"{page}/edit", {"body": "Mine", "version": "1"})
    assert stale.status_code == 409
    assert "When may we call?" in stale.page.main.text
    assert stale.page.first("textarea", name="body").text.strip() == "Mine"
    assert not mailbox.rows()


@pytest.mark.parametrize(
    "subject", ["About ZOE", "Zoë’s visit", "For the Specimen-Sample family", "Ọlá, hello"]
)
def test_a_subject_with_a_name_of_the_household_is_refused(
    officer: JudgingClient, db: Database, at: datetime, subject: str
) -> None:
    names = {"first_name": "Zoë", "last_name": "Specimen-Sample", "second_first_name": "Ola"}
    page = draft(officer, make(db, at, **names))
    refused = officer.post_form(f"{page}/edit", {"subject": subject})
    assert refused.page.errors == ["Leave names out of the subject: it shows on locked screens"]
    assert officer.post_form(f"{page}/edit", {"subject": "About our talk on Monday"}).status_code == 303


def test_who_asked_for_a_call_is_mailed_only_when_somebody_has_thought_of_it(
    officer: JudgingClient, db: Database, at: datetime, mailbox: Mailbox
) -> None:
    enquiry = make(db, at, contact_method=ContactMethod.PHONE)
    page = draft(officer, enquiry)
    assert "Somebody else may read their email" in officer.get(page).page.main.text
    refused = officer.post_form(page, action=page)
    assert (refused.status_code, len(mailbox)) == (422, 0)
    assert officer.post_form(page, {"email_is_right": "yes"}, action=page).status_code == 303
    assert len(mailbox) == 1


def test_a_draft_can_be_thrown_away(officer: JudgingClient, enquiry: Enquiry, db: Database) -> None:
    page = draft(officer, enquiry)
    assert officer.post_form(f"{page}/drop").status_code == 303
    assert officer.get(page).status_code == 404
    with db.reading() as session:
        assert not session.scalars(select(FamilyMessage)).all()


@pytest.mark.parametrize(("reason", "code", "letters"), [("S", "S02", 1), ("S", "S10", 0), ("Q", "Q01", 0)])
def test_where_the_service_ends_it_a_letter_lies_ready_and_nothing_leaves(
    *,
    officer: JudgingClient,
    db: Database,
    mailbox: Mailbox,
    at: datetime,
    reason: str,
    code: str,
    letters: int,
) -> None:
    enquiry = make(db, at, stage=Stage.CALL_DONE)
    typed = {"reason": reason, f"code_{reason.lower()}": code}
    answer = officer.post_form(f"{home_of(enquiry)}/move/CL", typed)
    text = officer.follow(answer).page.main.text
    assert ("Closing letter: not sent yet" in text) is bool(letters)
    with db.reading() as session:
        assert len(session.scalars(select(FamilyMessage)).all()) == letters
    assert not mailbox.rows()


def test_a_letter_by_hand_is_said_to_be_one(officer: JudgingClient, db: Database, at: datetime) -> None:
    closed = {"stage": Stage.CLOSED, "status": Status.CLOSED, "closed_at": at, "due_at": None}
    enquiry = make(db, at, closure_code=Closure.S10, **closed)
    assert "Write a message" not in officer.get(home_of(enquiry)).page.main.text
    text = officer.get(f"{home_of(enquiry)}/messages/new").page.main.text
    assert "There is no letter for this reason" in text


def test_the_list_has_what_waits_and_says_what_is_not_true_any_more(
    officer: JudgingClient, db: Database, at: datetime
) -> None:
    visit = {"stage": Stage.VISIT_BOOKED, "visit_mode": VisitMode.HOME}
    enquiry = make(db, at, visit_booked_for=at + timedelta(days=3), **visit)
    page = draft(officer, enquiry, "VISIT_BOOKED")
    assert "appointment.ics" in officer.get(page).page.main.text
    assert enquiry.public_ref in officer.get("/staff/fostering/messages").page.main.text
    with db.transaction() as session:
        session.get_one(Enquiry, enquiry.id).visit_booked_for = at + timedelta(days=4)
    assert "moved on" in officer.get("/staff/fostering/messages").page.main.text
    assert "The enquiry has moved on" in officer.get(page).page.main.text
    edit = officer.get(f"{page}/edit")
    assert edit.status_code == 409


def test_a_visit_that_was_moved_after_the_message_about_it_is_to_be_told_again(
    officer: JudgingClient, db: Database, at: datetime
) -> None:
    first, second = at + timedelta(days=3), at + timedelta(days=4)
    visit = {"stage": Stage.VISIT_BOOKED, "visit_mode": VisitMode.HOME, "due_at": second}
    enquiry = make(db, at, visit_booked_for=first, **visit)
    home = home_of(enquiry)
    send = draft(officer, enquiry, "VISIT_BOOKED")
    assert officer.post_form(send, action=send).status_code == 303
    words = "The last message to them says that the visit is on 26 Nov 2026"
    assert words not in officer.get(home).page.main.text
    with db.transaction() as session:
        session.get_one(Enquiry, enquiry.id).visit_booked_for = second
    page = officer.get(home).page.main.text
    assert words in page
    assert "It is on 27 Nov 2026" in page
    assert "Visit 27 Nov 2026, " in page
    assert ", at home" in page
    send = draft(officer, enquiry, "VISIT_BOOKED")
    assert officer.post_form(send, action=send).status_code == 303
    assert "The last message to them says" not in officer.get(home).page.main.text


def test_a_visit_that_is_by_video_since_the_message_about_it_is_to_be_told_again(
    officer: JudgingClient, db: Database, at: datetime
) -> None:
    enquiry = make(db, at, stage=Stage.CALL_DONE, initial_call_at=at, due_at=at + timedelta(days=5))
    home, move = home_of(enquiry), f"{home_of(enquiry)}/move/E40"
    visit = {"visit_on-day": "26", "visit_on-month": "11", "visit_on-year": "2026", "visit_time": "2pm"}
    assert officer.post_form(move, {**visit, "visit_mode": "HOME"}).status_code == 303
    send = draft(officer, enquiry, "VISIT_BOOKED")
    assert officer.post_form(send, action=send).status_code == 303
    assert "The last message to them says" not in officer.get(home).page.main.text
    with time_machine.travel(at + timedelta(minutes=5), tick=False):
        assert officer.post_form(move, {**visit, "visit_mode": "VIRTUAL"}).status_code == 303
        page = officer.get(home).page.main.text
    assert "says that the visit is on 26 Nov 2026, 2pm, at home" in page
    assert "It is on 26 Nov 2026, 2pm, by video now" in page


def test_what_is_not_offered_is_refused_and_another_households_message_is_unknown(
    officer: JudgingClient, enquiry: Enquiry, db: Database, at: datetime
) -> None:
    refused = officer.post_form(f"{home_of(enquiry)}/messages/new", {"kind": "CLOSING"})
    assert refused.status_code == 422
    other = make(db, at)
    page = draft(officer, enquiry)
    moved = page.replace(enquiry.public_ref, other.public_ref)
    assert [officer.get(moved + end).status_code for end in ("", "/edit", "/drop")] == [404] * 3


def test_the_audit_has_no_words_and_no_reason(officer: JudgingClient, db: Database, at: datetime) -> None:
    closed = {"stage": Stage.CLOSED, "status": Status.CLOSED, "closed_at": at, "due_at": None}
    page = draft(officer, make(db, at, closure_code=Closure.S09, **closed), "CLOSING")
    officer.post_form(f"{page}/edit", {"body": "Because"})
    officer.post_form(page, action=page)
    with db.reading() as session:
        wanted = select(AuditEvent).where(AuditEvent.event.like("fostering.message_%"))
        events = session.scalars(wanted.order_by(AuditEvent.id)).all()
    assert [event.event.removeprefix("fostering.message_") for event in events] == [
        *("written", "edited", "sent"),
    ]
    assert [event.facts for event in events] == [{"kind": "CLOSING"}] * 3


def test_a_restricted_household_is_in_no_list_and_has_no_page(
    officer: JudgingClient, enquiry: Enquiry, db: Database, at: datetime
) -> None:
    page = draft(officer, enquiry)
    with db.transaction() as session:
        held = session.get_one(Enquiry, enquiry.id)
        held.restricted_at = held.email_failed_at = at
    assert enquiry.public_ref not in officer.get("/staff/fostering/messages").text
    for path in (page, f"{page}/edit", f"{page}/drop", f"{home_of(enquiry)}/messages/new"):
        assert officer.get(path).status_code == 404


def test_who_may_only_read_writes_nothing(sign_in: SignIn, enquiry: Enquiry) -> None:
    hr = sign_in("hr")
    for path in ("/staff/fostering/messages", f"{home_of(enquiry)}/messages/new"):
        assert hr.get(path).status_code == 403
