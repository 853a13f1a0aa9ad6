"""The letter after a visit stays owed to whoever is kept in touch with before it was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.core.access import Actor
from portal.core.database import Database
from portal.core.mail import OutgoingMail
from portal.council import load_council
from portal.fostering.messages.jobs import raise_task
from portal.fostering.messages.queries import LettersOwed, letters_owed
from portal.fostering.models import Activity, Enquiry
from portal.fostering.options import ActivityKind, Stage, Status, VisitMode, VisitOutcome
from tests.support.builders import make_enquiry
from tests.support.client import JudgingClient
from tests.support.people import SignIn

TEAM = load_council().fostering
LIST = "/staff/fostering/messages"
VISIT = datetime(2026, 11, 20, 10, tzinfo=UTC)
"""A Friday: the letter is due the Friday after, and past its limit a week later."""
DUE = datetime(2026, 11, 27, 17, tzinfo=UTC)
SOON, DAY = timedelta(minutes=1), timedelta(days=1)


def visited(db: Database, outcome: VisitOutcome = VisitOutcome.NOT_NOW, **changes: Any) -> str:
    facts = {
        "stage": Stage.VISIT_DONE,
        "received_at": VISIT - timedelta(days=9),
        "visit_booked_for": VISIT,
        "visit_done_at": VISIT,
        "visit_mode": VisitMode.HOME,
        "visit_outcome": outcome,
        "due_at": DUE,
    }
    with db.transaction() as session:
        return make_enquiry(session, **{**facts, **changes}).public_ref


def page_of(reference: str) -> str:
    return f"/staff/fostering/{reference}"


def keep_in_touch(officer: JudgingClient, reference: str) -> str:
    review = {"kit_review_on-day": "1", "kit_review_on-month": "3", "kit_review_on-year": "2027"}
    answer = officer.post_form(f"{page_of(reference)}/move/KIT", review)
    assert answer.status_code == 303, answer.page.main.text
    return str(officer.follow(answer).page.main.text)


def written(officer: JudgingClient, reference: str, kind: str, **changes: Any) -> None:
    page, typed = page_of(reference), {"kind": kind, "happened": "now", **changes}
    answer = officer.post_form(page, typed, action=f"{page}/contact")
    assert answer.status_code == 303, answer.page.main.text


def owed(db: Database, officer: JudgingClient, now: datetime = DUE) -> LettersOwed:
    with db.reading() as session:
        return letters_owed(session, TEAM, now, by=Actor(id=officer.person.id, kind="staff"))


def stored(db: Database, reference: str) -> Enquiry:
    with db.reading() as session:
        return session.scalars(select(Enquiry).where(Enquiry.public_ref == reference)).one()


@pytest.mark.parametrize("outcome", list(VisitOutcome))
def test_kept_in_touch_with_they_are_still_to_be_told_by_the_same_time(
    officer: JudgingClient, db: Database, outcome: VisitOutcome
) -> None:
    reference = visited(db, outcome)
    assert owed(db, officer) == LettersOwed(0, 0), "it is the next action, and on no second list"
    text = keep_in_touch(officer, reference)
    assert "The letter after the visit is due by 27 Nov 2026, 5pm" in text
    assert "They are still owed a letter about the visit" in text
    assert stored(db, reference).due_at == datetime(2027, 3, 1, 17, tzinfo=UTC), (
        "the review has its own clock"
    )
    assert owed(db, officer) == LettersOwed(1, 0)
    assert owed(db, officer, DUE + SOON) == LettersOwed(1, 1)
    assert "The letter after the visit 27 Nov 2026, 5pm" in officer.get(LIST).page.main.text
    assert "1 letter to send" in officer.get("/staff/").page.main.text


@pytest.mark.parametrize("kind", ["EMAIL", "SMS", "LETTER"])
def test_whoever_was_written_to_before_is_owed_none(
    officer: JudgingClient, db: Database, at: datetime, kind: str
) -> None:
    reference = visited(db)
    with db.transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        session.add(Activity(enquiry_id=enquiry.id, at=at, kind=ActivityKind(kind), by_name="Asha"))
    assert "letter after the visit" not in keep_in_touch(officer, reference)
    assert owed(db, officer) == LettersOwed(0, 0)


@pytest.mark.parametrize("kind", ["EMAIL", "SMS", "LETTER"])
def test_something_written_ends_it_and_a_call_does_not(
    officer: JudgingClient, db: Database, kind: str
) -> None:
    reference = visited(db)
    keep_in_touch(officer, reference)
    written(officer, reference, "CALL_OUT", outcome="SPOKE")
    earlier = {"happened_on-day": "19", "happened_on-month": "11", "happened_on-year": "2026"}
    written(officer, reference, kind, happened="earlier", happened_time="9am", **earlier)
    assert owed(db, officer) == LettersOwed(1, 0), "what went before the visit cannot tell of it"
    written(officer, reference, kind)
    assert owed(db, officer) == LettersOwed(0, 0)


def test_the_portals_own_message_ends_it(officer: JudgingClient, db: Database) -> None:
    reference = visited(db, email="kim@example.org")
    keep_in_touch(officer, reference)
    draft = officer.post_form(f"{page_of(reference)}/messages/new", {"kind": "KEEP_IN_TOUCH"})
    assert owed(db, officer) == LettersOwed(1, 0)
    sent = officer.post_form(draft.headers["Location"], action=draft.headers["Location"])
    assert sent.status_code == 303, sent.page.main.text
    assert owed(db, officer) == LettersOwed(0, 0)


def test_taken_up_again_it_stays_owed_and_a_closing_by_them_ends_it(
    officer: JudgingClient, db: Database
) -> None:
    reference = visited(db)
    keep_in_touch(officer, reference)
    officer.post_form(f"{page_of(reference)}/move/E20", {"note": "They rang"})
    assert (stored(db, reference).stage, owed(db, officer)) == (Stage.CONTACTING, LettersOwed(1, 0))
    officer.post_form(f"{page_of(reference)}/move/CL", {"reason": "Q", "code_q": "Q01"})
    assert (stored(db, reference).status, owed(db, officer)) == (Status.CLOSED, LettersOwed(0, 0))


def test_a_closing_by_the_service_does_not_put_it_off(
    sign_in: SignIn, officer: JudgingClient, db: Database
) -> None:
    reference = visited(db)
    keep_in_touch(officer, reference)
    with time_machine.travel(datetime(2026, 11, 25, 10, tzinfo=UTC), tick=False):
        later = sign_in(person=officer.person)
        later.post_form(f"{page_of(reference)}/move/CL", {"reason": "S", "code_s": "S02"})
        listed = later.get(LIST).page.main.text
    assert "The letter after the closing 27 Nov 2026, 5pm" in listed
    assert owed(db, officer) == LettersOwed(1, 0), "one letter, not two"


def test_another_visit_is_told_of_by_its_own_letter(officer: JudgingClient, db: Database) -> None:
    reference = visited(db)
    keep_in_touch(officer, reference)
    with db.transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        enquiry.stage, enquiry.status, enquiry.kit_review_on = Stage.VISIT_BOOKED, Status.OPEN, None
    on = {"visit_on-day": "22", "visit_on-month": "11", "visit_on-year": "2026", "visit_time": "10am"}
    facts = {"visit_mode": "HOME", "visit_outcome": "PROCEED"}
    answer = officer.post_form(f"{page_of(reference)}/move/E50", {**on, **facts})
    assert answer.status_code == 303, answer.page.main.text
    assert owed(db, officer) == LettersOwed(0, 0)


@pytest.mark.parametrize("visited_before", [False, True])
def test_a_letter_that_comes_back_is_due_when_it_was(
    app: Any, officer: JudgingClient, db: Database, at: datetime, visited_before: bool
) -> None:
    stage = Stage.VISIT_DONE if visited_before else Stage.CALL_DONE
    reference = visited(db, VisitOutcome.NOT_SUITABLE, stage=stage, contact_method="EMAIL")
    closing = {"reason": "S", "code_s": "S07" if visited_before else "S02"}
    assert officer.post_form(f"{page_of(reference)}/move/CL", closing).status_code == 303
    since = stored(db, reference).letter_owed_since
    assert since == (VISIT if visited_before else at)
    link = next(a for a in officer.get(page_of(reference)).page.main.all("a") if a.text == "Closing letter")
    assert officer.post_form(link["href"], action=link["href"]).status_code == 303
    assert stored(db, reference).letter_owed_since is None
    with app.app_context(), db.transaction() as session:
        mail = session.scalars(select(OutgoingMail).where(OutgoingMail.purpose == "fostering.message")).one()
        raise_task(session, {"about": reference, "mail": mail.id}, at + DAY)
    assert stored(db, reference).letter_owed_since == since


@pytest.mark.parametrize("told", [False, True])
def test_closed_straight_after_the_visit_the_letter_is_due_when_it_was(
    officer: JudgingClient, db: Database, at: datetime, told: bool
) -> None:
    reference = visited(db, VisitOutcome.NOT_SUITABLE)
    if told:
        written(officer, reference, "LETTER")
    typed = {"reason": "S", "code_s": "S07"}
    assert officer.post_form(f"{page_of(reference)}/move/CL", typed).status_code == 303
    assert stored(db, reference).letter_owed_since == (at if told else VISIT)


def test_a_message_that_calls_were_tried_does_not_tell_of_the_visit(
    officer: JudgingClient, db: Database
) -> None:
    reference = visited(db, contact_method="EMAIL")
    keep_in_touch(officer, reference)
    assert officer.post_form(f"{page_of(reference)}/move/E20", {"note": "They rang"}).status_code == 303
    answer = officer.post_form(f"{page_of(reference)}/messages/new", {"kind": "ARRANGE_CALL"})
    message = str(answer.headers["Location"])
    assert officer.post_form(message, action=message).status_code == 303
    assert stored(db, reference).attempts == 1
    assert stored(db, reference).letter_owed_since == VISIT


@pytest.mark.parametrize("otherwise", ["", "a letter", "the same again"])
def test_a_keeping_in_touch_that_comes_back_told_them_nothing(
    app: Any, officer: JudgingClient, db: Database, at: datetime, otherwise: str
) -> None:
    reference = visited(db, contact_method="EMAIL")
    keep_in_touch(officer, reference)
    for _message in range(2 if otherwise == "the same again" else 1):
        answer = officer.post_form(f"{page_of(reference)}/messages/new", {"kind": "KEEP_IN_TOUCH"})
        message = str(answer.headers["Location"])
        assert officer.post_form(message, action=message).status_code == 303
    assert stored(db, reference).letter_owed_since is None
    if otherwise == "a letter":
        written(officer, reference, "LETTER")
    with app.app_context(), db.transaction() as session:
        mail = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).first()
        assert mail is not None
        raise_task(session, {"about": reference, "purpose": mail.purpose, "mail": mail.id}, at)
    assert stored(db, reference).letter_owed_since == (None if otherwise else VISIT)
