"""A day “told another way” ends the clock of the letter after a closing, for every reason alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.fostering.closures import CLOSED_BY_SERVICE
from portal.fostering.guarded import Reader
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import HistoryKind, Stage
from tests.support.builders import make_enquiry
from tests.support.client import SAME_ORIGIN, JudgingClient
from tests.support.people import SignIn

LIST = "/staff/fostering/messages"
NOTHING = "Letters that families wait for"


def closed(officer: JudgingClient, db: Database, at: Any, code: str) -> str:
    with db.transaction() as session:
        enquiry = make_enquiry(session, received_at=at - timedelta(days=9), stage=Stage.CALL_DONE)
    page = f"/staff/fostering/{enquiry.public_ref}"
    typed = {"reason": code[0], f"code_{code[0].lower()}": code}
    assert officer.post_form(f"{page}/move/CL", typed).status_code == 303
    return page


def day_typed(on: date) -> dict[str, str]:
    return {"told_on-day": str(on.day), "told_on-month": str(on.month), "told_on-year": str(on.year)}


def tell(officer: JudgingClient, page: str, on: date, how: str = "LETTER") -> Any:
    return officer.post_form(f"{page}/told", {"told_how": how, **day_typed(on)})


def waits(db: Database) -> list[Any]:
    with db.reading() as session:
        return list(session.scalars(select(Enquiry.letter_owed_since)).all())


@pytest.mark.parametrize("code", CLOSED_BY_SERVICE)
def test_the_day_ends_the_clock_whatever_the_reason(
    officer: JudgingClient, db: Database, at: Any, code: str
) -> None:
    page = closed(officer, db, at, code)
    assert waits(db) == [at]
    link = next(
        a for a in officer.get(page).page.main.all("a") if a.text == "Record that they were told another way"
    )
    assert link["href"] == f"{page}/told"
    shown = str(officer.get(link["href"]).page.main.text)
    assert code not in shown
    answer = tell(officer, page, at.date())
    assert answer.status_code == 303
    text = officer.follow(answer).page.main.text
    assert "The family was told another way" in text
    assert "On: 23 Nov 2026" in text
    assert "How: By a letter that we wrote by hand" in text
    assert "Record that they were told another way" not in text
    assert waits(db) == [None]
    assert NOTHING not in officer.get(LIST).page.main.text
    with db.reading() as session:
        assert session.scalars(select(FamilyMessage)).all() == [], "the draft goes, so that nobody sends it"


def test_its_audit_and_its_line_are_the_same_for_every_reason(
    officer: JudgingClient, db: Database, at: Any
) -> None:
    for code in ("S02", "S10"):
        tell(officer, closed(officer, db, at, code), at.date(), "PHONE")
    with db.reading() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.event == "fostering.family_told")).all()
        wanted = select(HistoryEntry).where(HistoryEntry.kind == HistoryKind.TOLD)
        lines = session.scalars(wanted).all()
    assert [event.facts for event in events] == [{}, {}]
    assert [line.facts for line in lines] == [{"told_on": "2026-11-23", "told_how": "PHONE"}] * 2
    assert [line.note for line in lines] == [None, None]


def test_a_day_that_cannot_be_is_refused_beside_its_field(
    officer: JudgingClient, db: Database, at: Any
) -> None:
    page, on = closed(officer, db, at, "S10"), at.date()
    for typed, words in (
        (day_typed(on + timedelta(days=1)), "The day must be today or in the past"),
        (
            day_typed(on - timedelta(days=1)),
            "The day must be on or after 23 November 2026, when the enquiry was closed",
        ),
        ({}, "Enter when they were told"),
        ({"told_on-day": "31", "told_on-month": "2", "told_on-year": "2026"}, "real date"),
    ):
        answer = officer.post_form(f"{page}/told", {"told_how": "PHONE", **typed})
        assert answer.status_code == 422
        assert words in answer.page.main.text
    answer = officer.post_form(f"{page}/told", day_typed(on))
    assert "Select how they were told" in answer.page.main.text
    assert waits(db) == [at]


def test_opened_again_nothing_is_owed_and_nothing_recorded(
    officer: JudgingClient, db: Database, at: Any
) -> None:
    page = closed(officer, db, at, "S10")
    token = officer.get(f"{page}/told")
    officer.post_form(f"{page}/move/E20", {"note": "They rang"})
    assert waits(db) == [None]
    assert officer.get(f"{page}/told").status_code == 303
    form = token.page.main.first("form")
    hidden = {field["name"]: field["value"] for field in form.all("input", type="hidden")}
    typed = {**hidden, "told_how": "PHONE", **day_typed(at.date())}
    answer = officer.post(f"{page}/told", data=typed, headers=SAME_ORIGIN)
    assert answer.status_code == 409, "the page was of another closing"
    with db.reading() as session:
        assert session.scalars(select(HistoryEntry).where(HistoryEntry.kind == HistoryKind.TOLD)).all() == []


def test_closed_again_it_is_owed_again(officer: JudgingClient, db: Database, at: Any) -> None:
    page = closed(officer, db, at, "S02")
    tell(officer, page, at.date())
    officer.post_form(f"{page}/move/E20", {"note": "They rang"})
    officer.post_form(f"{page}/move/CL", {"reason": "S", "code_s": "S10"})
    assert waits(db) == [at]


def test_of_a_restricted_record_only_named_people_see_the_page_and_the_row(
    sign_in: SignIn, officer: JudgingClient, db: Database, at: Any
) -> None:
    page = closed(officer, db, at, "S10")
    other = sign_in("fostering")
    assert other.get(f"{page}/told").status_code == 404
    assert NOTHING not in other.get(LIST).page.main.text
    assert "letter to send" not in other.get("/staff/").page.main.text
    with db.transaction() as session:
        enquiry = session.scalars(select(Enquiry)).one()
        session.add(Reader(enquiry_id=enquiry.id, person_id=other.person.id, named_at=at))
    assert NOTHING in other.get(LIST).page.main.text
    assert "1 letter to send" in other.get("/staff/").page.main.text
