"""News of an interview that is over does not leave, and the pages say why."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.applications.answers.queries import DAYS_OVER, INTERVIEW_OVER
from portal.applications.models import Application, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import MessageState
from portal.core.database import Database
from tests.support.applications import make_application, make_message
from tests.support.builders import AT, make_vacancy
from tests.support.people import SignIn

OUTBOX = "/staff/applications/answers"
DAYS = "We plan to interview on these days: Tuesday 24 November 2026, Wednesday 25 November 2026.\n"
NEXT_DAY = datetime(2026, 11, 25, tzinfo=AT.tzinfo)


def made(db: Database, status: Status, body: str, **changes: Any) -> tuple[str, list[str]]:
    """Two applications with the same answer; the second has its interview in a year."""
    with db.transaction() as session:
        days = [date(2026, 11, 24).isoformat(), date(2026, 11, 25).isoformat()]
        vacancy = make_vacancy(session, interview_dates=days)
        rows = [make_application(session, vacancy, status=status, **changes) for _ in range(2)]
        if status is Status.INTERVIEW_INVITED:
            rows[1].interview_at = AT + timedelta(days=365)
        for row in rows:
            make_message(session, row, body=body if row is rows[0] else "Other words.\n")
        return vacancy.reference, [row.reference for row in rows]


@pytest.mark.parametrize(
    ("status", "body", "last", "why"),
    [
        (Status.INTERVIEW_INVITED, "We invite you.\n", AT + timedelta(days=1), INTERVIEW_OVER),
        (Status.SHORTLISTED, DAYS, NEXT_DAY, DAYS_OVER),
    ],
)
def test_it_is_ready_until_the_interview_and_not_from_then_on(
    db: Database, sign_in: SignIn, *, status: Status, body: str, last: datetime, why: str
) -> None:
    vacancy, [past, other] = made(db, status, body, interview_at=AT + timedelta(days=1))
    send = f"{OUTBOX}/{vacancy}/send"
    with time_machine.travel(last - timedelta(seconds=1), tick=False):
        hr = sign_in("hr")
        page = hr.get(send)
        assert "Send 2 answers?" in page.text
    with time_machine.travel(last, tick=False):
        hr = sign_in("hr")
        page = hr.get(send)
        assert "Send 1 answer?" in page.text
        assert why in page.text
        assert why in hr.get(f"{OUTBOX}/{vacancy}").text
        alone = hr.get(f"{OUTBOX}/{vacancy}/{past}")
        assert why in alone.text
        assert "Send this answer now" not in alone.text
        token = page.page.first("input", name="csrf_token")["value"]
        data = {"csrf_token": token, "form_end": "1", "version": "1"}
        refused = hr.post(f"{OUTBOX}/{vacancy}/{past}", data=data)
        assert refused.status_code == 409
        assert why in refused.text
        together = hr.post(send, data={**data, "chosen": [f"{past}.1", f"{other}.1"]})
        assert together.location.endswith("?sent=1&left=1")
        assert "its interview is past" in hr.get(together.location).text
    with db.reading() as session:
        wanted = select(CandidateMessage.state).join(Application).order_by(Application.id)
        assert session.scalars(wanted).all() == [MessageState.DRAFT, MessageState.SENT]


def test_the_overview_does_not_count_a_past_interview_as_ready(db: Database, sign_in: SignIn) -> None:
    made(db, Status.INTERVIEW_INVITED, "We invite you.\n", interview_at=AT)
    with time_machine.travel(AT, tick=False):
        row = sign_in("hr").get(OUTBOX).page.first("main").first("tbody")
    assert row.first("td").text.split() == ["1", "1", "out", "of", "date"]


def test_other_words_make_news_of_a_shortlisting_true_again(db: Database, sign_in: SignIn) -> None:
    vacancy, [past, _other] = made(db, Status.SHORTLISTED, DAYS)
    with time_machine.travel(NEXT_DAY, tick=False):
        hr = sign_in("hr")
        path = f"{OUTBOX}/{vacancy}/{past}"
        hr.post_form(f"{path}/edit", {"subject": "News", "body": "We will write to you again."})
        assert hr.post_form(path, action=path).status_code == 303
