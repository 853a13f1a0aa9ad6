"""The letter that a family is owed: due as the one after a visit, until it was sent or is not true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from portal.core.access import Actor
from portal.core.database import Database
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.guarded import Reader
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.queries import LettersOwed, letters_owed
from portal.fostering.models import Enquiry
from portal.fostering.options import ContactMethod, Stage, Status
from tests.support.builders import make_enquiry
from tests.support.client import JudgingClient
from tests.support.people import SignIn

TEAM = load_council().fostering
LIST = "/staff/fostering/messages"
DUE = datetime(2026, 11, 30, 17, tzinfo=UTC)
"""The fifth working day after the closing, a Monday morning."""
LIMIT = datetime(2026, 12, 7, 17, tzinfo=UTC)
SOON = timedelta(minutes=1)


def household(db: Database, at: datetime, **changes: Any) -> Enquiry:
    with db.transaction() as session:
        return make_enquiry(session, received_at=at - timedelta(days=9), stage=Stage.CALL_DONE, **changes)


def close(officer: JudgingClient, enquiry: Enquiry, code: str) -> Any:
    typed = {"reason": code[0], f"code_{code[0].lower()}": code}
    answer = officer.post_form(f"/staff/fostering/{enquiry.public_ref}/move/CL", typed)
    assert answer.status_code == 303
    return officer.follow(answer)


def drop_draft(officer: JudgingClient, page: Any) -> None:
    link = next(a for a in page.main.all("a") if a.text == "Closing letter")
    assert officer.post_form(f"{link['href']}/drop").status_code == 303


def owed(db: Database, officer: JudgingClient, now: datetime) -> LettersOwed:
    with db.reading() as session:
        return letters_owed(session, TEAM, now, by=Actor(id=officer.person.id, kind="staff"))


def said(sign_in: SignIn, officer: JudgingClient, now: datetime, path: str) -> str:
    with time_machine.travel(now, tick=False):
        return str(sign_in(person=officer.person).get(path).page.main.text)


def test_after_closing_the_letter_is_what_comes_next(
    officer: JudgingClient, db: Database, at: datetime
) -> None:
    page = close(officer, household(db, at), "S02").page
    assert "Nothing more is due" not in page.main.text
    assert "It is due by 30 Nov 2026, 5pm." in page.main.text
    assert "Next action due The letter after the closing: due 30 Nov 2026, 5pm" in page.main.text
    link = next(a for a in page.main.all("a") if a.text == "Now read and send the closing letter")
    assert "Exactly what will be sent" in officer.get(link["href"]).page.main.text
    officer.follow(officer.post_form(link["href"], action=link["href"]))
    assert owed(db, officer, LIMIT) == LettersOwed(0, 0)


def test_who_gave_no_address_is_told_another_way(officer: JudgingClient, db: Database, at: datetime) -> None:
    enquiry = household(db, at)
    with db.transaction() as session:
        changed = {"email": None, "email_key": None, "contact_method": ContactMethod.TEXT}
        session.execute(update(Enquiry).values(**changed))
    page = close(officer, enquiry, "S02").page
    assert "Now read and send" not in page.main.text
    link = next(a for a in page.main.all("a") if a.text.startswith("Read the closing letter, and tell them"))
    letter = officer.get(link["href"]).page.main
    assert "This family has given no email address" in letter.text
    assert "Somebody else may read their email" not in letter.text
    told = next(a for a in letter.all("a") if a.text == "Record that they were told another way")
    assert told["href"] == f"/staff/fostering/{enquiry.public_ref}/told"


@pytest.mark.parametrize("code", ["Q01", "X01"])
def test_no_other_reason_owes_one(officer: JudgingClient, db: Database, at: datetime, code: str) -> None:
    closed = {"status": Status.CLOSED, "closed_at": at, "due_at": None, "closure_code": Closure(code)}
    enquiry = household(db, at)
    with db.transaction() as session:
        session.execute(update(Enquiry).values(stage=Stage.CLOSED, **closed))
    page = f"/staff/fostering/{enquiry.public_ref}/messages/new"
    if officer.get(page).page.main.first("input", name="kind"):
        officer.post_form(page, {"kind": "CLOSING"})
    assert owed(db, officer, LIMIT) == LettersOwed(0, 0)


def test_a_letter_by_hand_has_the_same_clock_and_the_same_row_as_others(
    officer: JudgingClient, db: Database, at: datetime
) -> None:
    said_owed = "A letter by hand is owed to them."
    named = {"first_name": "Kim", "last_name": "Reed"}
    by_hand, by_mail, dropped = (household(db, at, **named) for _ in range(3))
    assert said_owed in close(officer, by_hand, "S10").page.main.text
    page = close(officer, by_mail, "S02").page
    assert said_owed not in page.main.text
    drop_draft(officer, close(officer, dropped, "S03").page)
    assert said_owed in officer.get(f"/staff/fostering/{dropped.public_ref}").page.main.text
    assert owed(db, officer, at) == LettersOwed(3, 0)
    listed = officer.get(LIST).page
    rows = [" ".join(row.text.split()) for row in listed.main.first("tbody").all("tr")]
    refs = [one.public_ref for one in (by_hand, by_mail, dropped)]
    assert sum(ref in row for ref, row in zip(refs, rows, strict=True)) == len(refs)
    same = {row.replace(ref, "") for ref, row in zip(refs, rows, strict=True)}
    assert same == {"Kim Reed  The letter after the closing 30 Nov 2026, 5pm"}
    assert "Nothing is waiting" in listed.main.text, "nor does a draft among the others tell which"


def test_it_is_listed_with_its_time_and_counted_at_the_door(
    sign_in: SignIn, officer: JudgingClient, db: Database, at: datetime
) -> None:
    close(officer, household(db, at), "S02")
    assert owed(db, officer, DUE) == LettersOwed(1, 0)
    assert owed(db, officer, DUE + SOON) == LettersOwed(1, 1)
    assert "Overdue" not in said(sign_in, officer, DUE, LIST)
    assert "1 letter to send, 0 enquiries overdue" in said(sign_in, officer, DUE, "/staff/")
    assert "Overdue, 30 Nov" in said(sign_in, officer, DUE + SOON, LIST)
    assert "Overdue, past its limit, 30 Nov" in said(sign_in, officer, LIMIT + SOON, LIST)
    with time_machine.travel(DUE + SOON, tick=False):
        home = sign_in(person=officer.person).get("/staff/").page
    assert "1 letter to send (1 overdue)" in [figure.text for figure in home.main.all(class_="overdue")]


def test_sent_or_opened_again_it_is_owed_no_more_but_deleted_it_is(
    officer: JudgingClient, db: Database, at: datetime
) -> None:
    for enquiry in (household(db, at), household(db, at), household(db, at)):
        close(officer, enquiry, "S02")
    with db.reading() as session:
        letters = session.scalars(select(FamilyMessage).order_by(FamilyMessage.id)).all()
        pages = [f"/staff/fostering/{one.enquiry.public_ref}/messages/{one.id}" for one in letters]
    assert owed(db, officer, at) == LettersOwed(3, 0)
    officer.post_form(pages[0], action=pages[0])
    home = pages[0].partition("/messages")[0]
    officer.post_form(f"{home}/messages/new", {"kind": "CLOSING"})
    assert owed(db, officer, at) == LettersOwed(2, 0), "a second letter is a kindness, not a debt"
    officer.post_form(f"{pages[1].partition('/messages')[0]}/move/E20", {"note": "They rang"})
    assert owed(db, officer, at) == LettersOwed(1, 0)
    officer.post_form(f"{pages[2]}/drop")
    assert owed(db, officer, at) == LettersOwed(1, 0), "nobody has told them yet"


def test_of_a_restricted_record_only_its_readers_know(
    sign_in: SignIn, officer: JudgingClient, db: Database, at: datetime
) -> None:
    enquiry = household(db, at)
    close(officer, enquiry, "S09")
    with db.transaction() as session:
        session.get_one(Enquiry, enquiry.id).restricted_at = at
    assert owed(db, officer, LIMIT) == LettersOwed(0, 0)
    assert "letter to send" not in officer.get("/staff/").page.main.text
    with db.transaction() as session:
        session.add(Reader(enquiry_id=enquiry.id, person_id=officer.person.id, named_at=at))
    assert owed(db, officer, LIMIT) == LettersOwed(1, 1)
