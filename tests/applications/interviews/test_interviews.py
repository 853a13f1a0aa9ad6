"""An announced interview is moved or called off: history, news in the outbox, and never two answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.applications.candidates.download import application_record
from portal.applications.models import Application, ApplicationHistory, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind, InterviewMode, MessageState
from portal.applications.sift.service import change_many
from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.database import Database
from tests.support.applications import make_application, make_message
from tests.support.builders import AT, make_vacancy
from tests.support.client import JudgingClient
from tests.support.people import SignIn

HOME = "/staff/applications"
ANNOUNCED = AT + timedelta(days=5)
ADVERT: dict[str, Any] = {"criteria": []}
WITH_VACANCY = select(Application).options(joinedload(Application.vacancy))
MOVED = {
    "interview_on-day": "7",
    "interview_on-month": "12",
    "interview_on-year": "2026",
    "interview_time": "3pm",
    "interview_mode": "video",
    "interview_place": "A link follows in the morning",
}


pytestmark = pytest.mark.usefixtures("at_rest")


def invited(db: Database, *, told: bool, status: Status = Status.INTERVIEW_INVITED) -> str:
    """The page of somebody who is invited, and was told so or not yet."""
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        facts = {"status": status, "shortlisted_at": AT, "interview_at": ANNOUNCED, "advert": ADVERT}
        facts |= {"told_status": Status.INTERVIEW_INVITED if told else Status.SHORTLISTED}
        row = make_application(session, vacancy, **facts)
        sent = {"state": MessageState.SENT, "sent_at": AT, "interview_at": ANNOUNCED} if told else {}
        make_message(session, row, **sent)
        return f"{HOME}/{vacancy.reference}/{row.reference}"


def row(db: Database) -> Application:
    with db.reading() as session:
        return session.scalars(select(Application)).one()


def messages(db: Database) -> list[CandidateMessage]:
    with db.reading() as session:
        return list(session.scalars(select(CandidateMessage).order_by(CandidateMessage.id)))


def newest(db: Database) -> ApplicationHistory:
    with db.reading() as session:
        return session.scalars(select(ApplicationHistory).order_by(ApplicationHistory.id.desc())).first()  # type: ignore[return-value]


def outbox(page: str) -> str:
    return page.replace(HOME, f"{HOME}/answers")


def test_a_change_is_kept_and_its_news_waits_for_hr(db: Database, hr: JudgingClient) -> None:
    page = invited(db, told=True)
    assert f"{page}/interview" in hr.get(page).page.links()
    form = hr.get(f"{page}/interview").page
    assert form.first("input", name="interview_on-day")["value"] == "28"
    answer = hr.follow(hr.post_form(f"{page}/interview", {**MOVED, "note": "The panel is ill"}))
    assert "Nothing was sent" in answer.text
    assert "by video, A link follows in the morning" in answer.page.main.text
    found = row(db)
    assert (found.status, found.interview_mode) == (Status.INTERVIEW_INVITED, InterviewMode.VIDEO)
    assert found.interview_at.isoformat() == "2026-12-07T15:00:00+00:00"
    line = newest(db)
    assert (line.kind, line.note) == (HistoryKind.INTERVIEW_CHANGED, "The panel is ill")
    assert line.before is not None
    assert line.before["interview_at"] == ANNOUNCED.isoformat()
    assert [one.state for one in messages(db)] == [MessageState.SENT, MessageState.DRAFT]
    said = hr.get(outbox(page)).page.main.text
    assert "3pm on Monday 7 December 2026" in said
    assert "It takes place by video. How to join: A link follows in the morning." in said
    assert "Something about your interview has changed" in said
    assert hr.post_form(outbox(page), action=outbox(page)).status_code == 303
    assert [one.state for one in messages(db)] == [MessageState.SENT, MessageState.SENT]
    with db.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.event == "application.interview_changed"))
        assert set(event.one().facts) == {"vacancy"}


def test_who_was_not_told_yet_is_invited_to_it_as_it_is_now(db: Database, hr: JudgingClient) -> None:
    page = invited(db, told=False)
    hr.post_form(f"{page}/interview", MOVED)
    assert [one.state for one in messages(db)] == [MessageState.DROPPED, MessageState.DRAFT]
    said = hr.get(outbox(page)).page.main.text
    assert "We would like to invite you to an interview at 3pm" in said
    assert "has changed" not in said


def test_a_change_is_changed_again_and_not_undone(db: Database, hr: JudgingClient) -> None:
    page = invited(db, told=True)
    hr.post_form(f"{page}/interview", MOVED)
    assert hr.get(page).page.first("form", action=f"{page}/undo") is None
    hr.post_form(f"{page}/interview", {**MOVED, "interview_time": "4pm"})
    assert [one.state for one in messages(db)] == [
        *(MessageState.SENT, MessageState.DROPPED, MessageState.DRAFT)
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "This is how the interview is announced already"),
        ({**MOVED, "interview_on-month": "11"}, "The interview must be in the future"),
        ({**MOVED, "interview_time": "25:00"}, "Enter the time of the interview like 2:30pm or 14:30"),
        (
            {**MOVED, "interview_mode": "in_person", "interview_place": " "},
            "Enter where the interview takes place",
        ),
        ({**MOVED, "interview_place": "p" * 201}, "Where, or how to join must be 200 characters or less"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    db: Database, hr: JudgingClient, data: dict[str, Any], message: str
) -> None:
    page = invited(db, told=True)
    answer = hr.post_form(f"{page}/interview", data)
    assert (answer.status_code, answer.page.errors) == (422, [message])
    assert len(messages(db)) == 1


def test_an_interview_that_is_called_off_leaves_the_shortlist_as_it_was(
    db: Database, hr: JudgingClient
) -> None:
    page = invited(db, told=True)
    answer = hr.follow(hr.post_form(f"{page}/interview/call-off", {"note": "The room is flooded"}))
    assert "The interview is called off" in answer.text
    found = row(db)
    assert (found.status, found.interview_at) == (Status.SHORTLISTED, None)
    assert newest(db).kind is HistoryKind.INTERVIEW_CALLED_OFF
    said = hr.get(outbox(page)).page.main.text
    assert "It does not take place" in said
    assert "You are still on our shortlist" in said
    assert hr.post_form(outbox(page), action=outbox(page)).status_code == 303
    assert row(db).told_status is Status.SHORTLISTED
    again = hr.post_form(f"{page}/move/interview_invited", MOVED)
    assert again.status_code == 303


def test_who_was_not_told_of_it_gets_no_news_that_it_is_called_off(db: Database, hr: JudgingClient) -> None:
    page = invited(db, told=False)
    hr.post_form(f"{page}/interview/call-off")
    assert [one.state for one in messages(db)] == [MessageState.DROPPED]


@pytest.mark.parametrize("way", ["interview", "interview/call-off"])
def test_where_none_is_announced_nothing_is_done(db: Database, hr: JudgingClient, way: str) -> None:
    page = invited(db, told=True)
    form = hr.get(f"{page}/{way}").page
    carried = {name: form.first("input", name=name)["value"] for name in ("csrf_token", "version", "seen")}
    with db.transaction() as session:
        session.scalars(select(Application)).one().status = Status.INTERVIEWED
    assert "No interview is announced" in hr.get(f"{page}/{way}").page.main.text
    for typed in ({}, MOVED):
        body = {**carried, **typed, "form_end": "1"}
        answer = hr.post(f"{page}/{way}", data=body, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 409
        assert "No interview is announced" in answer.page.main.text
    assert len(messages(db)) == 1


def test_a_stale_page_shows_what_happened_and_keeps_what_was_typed(db: Database, hr: JudgingClient) -> None:
    page = invited(db, told=True)
    form = hr.get(f"{page}/interview").page
    token = {name: form.first("input", name=name)["value"] for name in ("csrf_token", "version", "seen")}
    hr.post_form(f"{page}/interview", {**MOVED, "interview_time": "11am"})
    typed = {**MOVED, "form_end": "1"}
    answer = hr.post(f"{page}/interview", data={**token, **typed}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 409
    assert "Interview changed" in answer.page.main.text
    assert answer.page.first("input", name="interview_time")["value"] == "3pm"


def others(db: Database) -> str:
    """Somebody of the same vacancy whose answer has waited for longer."""
    with db.transaction() as session:
        vacancy = session.scalars(WITH_VACANCY).one().vacancy
        other = make_application(session, vacancy, status=Status.NOT_SHORTLISTED)
        make_message(session, other, written_at=AT - timedelta(days=9))
        elsewhere = make_application(session, make_vacancy(session), status=Status.NOT_SHORTLISTED)
        make_message(session, elsewhere, written_at=AT - timedelta(days=20))
        return vacancy.reference


@pytest.mark.parametrize(
    ("way", "typed", "names"),
    [
        (
            "interview/call-off",
            {},
            "Interview called off: it was to be 10am on Saturday 28 November 2026",
        ),
        ("interview", MOVED, "Interview changed: 3pm on Monday 7 December 2026"),
    ],
)
def test_news_of_an_interview_is_called_that_and_comes_first(
    db: Database, hr: JudgingClient, way: str, typed: dict[str, str], names: str
) -> None:
    page = invited(db, told=True)
    vacancy = others(db)
    hr.post_form(f"{page}/{way}", typed)
    overview = hr.get(f"{HOME}/answers").page.main.first("tbody")
    assert vacancy in overview.first("tr").text
    assert "1 interview changed or called off" in overview.first("tr").text
    assert overview.text.count("changed or called off") == 1
    rows = hr.get(f"{HOME}/answers/{vacancy}").page.main.first("tbody")
    assert names in rows.first("tr").text
    assert "Shortlisted" not in rows.text
    assert "Invited to interview" not in rows.text
    assert names in hr.get(f"{HOME}/answers/{vacancy}/send").page.main.text
    assert f"Tells: {names}." in hr.get(outbox(page)).page.main.text
    assert names in hr.get(page).page.main.text
    hr.post_form(outbox(page), action=outbox(page))
    assert f"Candidate told: {names}" in hr.get(page).page.main.text
    with db.transaction() as session:
        record = application_record(
            session, session.scalars(WITH_VACANCY.order_by(Application.id).limit(1)).one()
        )
    assert record["history"][-1]["status"] == names


def test_who_is_called_off_knows_of_the_interview_that_was_told(db: Database, hr: JudgingClient) -> None:
    page = invited(db, told=True)
    hr.post_form(f"{page}/interview", MOVED)
    hr.post_form(f"{page}/interview/call-off")
    assert [one.state for one in messages(db)][1:] == [MessageState.DROPPED, MessageState.DRAFT]
    assert messages(db)[-1].interview_at == ANNOUNCED


def test_another_invitation_says_that_the_first_does_not_hold(db: Database, hr: JudgingClient) -> None:
    page = invited(db, told=True)
    hr.post_form(f"{page}/interview/call-off")
    hr.post_form(f"{page}/move/interview_invited", MOVED)
    assert "What we wrote before does not hold any more" in hr.get(outbox(page)).page.main.text


def test_nobody_has_missed_an_interview_of_whose_change_they_were_not_told(
    db: Database, sign_in: SignIn, hr: JudgingClient
) -> None:
    page = invited(db, told=True)
    hr.post_form(f"{page}/interview", MOVED)
    missed = f"{page}/move/did_not_attend"
    with time_machine.travel(AT + timedelta(days=20), tick=False):
        later = sign_in("hr")
        refused = later.post_form(missed, {})
        assert refused.status_code == 409
        assert "has not been told that the interview was changed" in refused.page.main.text
        assert row(db).status is Status.INTERVIEW_INVITED
        with db.transaction() as session:
            application = session.scalars(select(Application)).one()
            said = {"by": Actor.system("tests"), "at": AT + timedelta(days=20)}
            (judged,) = change_many(session, [application], Status.DID_NOT_ATTEND, **said)
            assert judged.why_not
            session.scalars(
                select(CandidateMessage).where(CandidateMessage.news.is_not(None))
            ).one().state = MessageState.SENT
        assert later.post_form(missed, {}).status_code == 303


def test_who_was_not_told_learns_of_an_invitation_only(db: Database, hr: JudgingClient) -> None:
    page = invited(db, told=False)
    hr.post_form(f"{page}/interview", MOVED)
    assert (
        "Tells: Invited to interview: 3pm on Monday 7 December 2026." in hr.get(outbox(page)).page.main.text
    )


def test_another_managers_interview_is_not_found(db: Database, sign_in: SignIn) -> None:
    page = invited(db, told=True)
    for way in ("interview", "interview/call-off"):
        assert sign_in("hiring_manager").get(f"{page}/{way}").status_code == 404
