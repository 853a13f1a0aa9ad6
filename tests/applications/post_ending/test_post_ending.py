"""The post fell away: one outcome for everybody undecided, answers that wait, and each can be undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.applications.equality.stages import Stage, stage_of
from portal.applications.models import Application, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import MessageState
from portal.applications.transitions import DECIDED
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application, make_message
from tests.support.builders import AT, make_vacancy
from tests.support.client import JudgingClient
from tests.support.people import SignIn

HOME = "/staff/applications"
UNDECIDED = frozenset(Status) - DECIDED
SURE = {"sure": "yes"}
CALLED_OFF = (Status.SHORTLISTED, Status.INTERVIEW_INVITED)
"""Who knows of an interview: of one whose calling off was not sent, or of the one that stands."""


pytestmark = pytest.mark.usefixtures("at_rest")


@pytest.fixture
def vacancy(db: Database) -> Vacancy:
    """An application at every status; who is invited knows of an interview."""
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        for status in Status:
            facts: dict[str, Any] = {"advert": {"criteria": []}, "interview_at": AT + timedelta(days=3)}
            row = make_application(session, vacancy, status=status, **facts)
            if status in CALLED_OFF:
                row.told_status = Status.INTERVIEW_INVITED
                sent = {"state": MessageState.SENT, "sent_at": AT, "interview_at": AT + timedelta(days=4)}
                make_message(session, row, tells=Status.INTERVIEW_INVITED, **sent)
        make_application(session, make_vacancy(session))
        return vacancy


def page_of(vacancy: Vacancy) -> str:
    return f"{HOME}/{vacancy.reference}/post-fell-away"


def applications(db: Database, vacancy: Vacancy) -> list[Application]:
    with db.reading() as session:
        wanted = select(Application).where(Application.vacancy_id == vacancy.id).order_by(Application.id)
        return list(session.scalars(wanted))


def test_everybody_undecided_comes_to_the_same_outcome(
    db: Database, hr: JudgingClient, vacancy: Vacancy
) -> None:
    assert page_of(vacancy) in hr.get(f"{HOME}/{vacancy.reference}").page.links()
    assert "7 applicants have no outcome" in hr.get(page_of(vacancy)).page.main.text
    answer = hr.post_form(page_of(vacancy), {**SURE, "note": "The team is merged"})
    assert answer.location == f"{HOME}/answers/{vacancy.reference}"
    found = applications(db, vacancy)
    assert [one.status for one in found] == [
        Status.POST_ENDED if status in UNDECIDED else status for status in Status
    ]
    ended = [one for one in found if one.withdrawn_from is not None]
    assert {one.withdrawn_from for one in ended} == UNDECIDED
    assert {one.decided_at for one in ended} == {AT}
    with db.reading() as session:
        unsent = CandidateMessage.state == MessageState.DRAFT
        messages = session.scalars(select(CandidateMessage).where(unsent)).all()
        assert len(messages) == 7
        called_off = [one for one in messages if "does not take place" in one.body]
        assert {session.get_one(Application, one.application_id).withdrawn_from for one in called_off} == {
            *CALLED_OFF
        }
        assert all("The interview at 10am on Friday 27 November 2026" in one.body for one in called_off)
        assert all("We have stopped recruiting for this job" in one.body for one in messages)
        said = [f"{one.subject} {one.body}" for one in messages]
        assert not [words for words in said if "nobody" in words or "not filled" in words], "offers may stand"
        events = session.scalars(select(AuditEvent.event).where(AuditEvent.event == "application.moved"))
        assert len(events.all()) == 7
    assert "nothing to decide here" in hr.get(page_of(vacancy)).page.main.text


def test_how_far_somebody_came_is_still_counted(db: Database, hr: JudgingClient, vacancy: Vacancy) -> None:
    hr.post_form(page_of(vacancy), SURE)
    reached = {
        one.withdrawn_from: stage_of(one.status, one.withdrawn_from, one.shortlisted_at, one.offered_at)
        for one in applications(db, vacancy)
        if one.status is Status.POST_ENDED and one.withdrawn_from
    }
    assert reached[Status.INTERVIEWED] is Stage.INTERVIEWED
    assert reached[Status.SUBMITTED] is Stage.APPLIED


def test_one_of_them_is_undone_on_its_own_page(db: Database, hr: JudgingClient, vacancy: Vacancy) -> None:
    hr.post_form(page_of(vacancy), SURE)
    one = next(one for one in applications(db, vacancy) if one.withdrawn_from is Status.SHORTLISTED)
    page = f"{HOME}/{vacancy.reference}/{one.reference}"
    assert hr.post_form(page, action=f"{page}/undo").status_code == 303
    again = next(other for other in applications(db, vacancy) if other.id == one.id)
    assert (again.status, again.withdrawn_from, again.decided_at) == (Status.SHORTLISTED, None, None)


def test_it_must_be_confirmed_and_is_never_for_others_than_the_page_said(
    db: Database, hr: JudgingClient, vacancy: Vacancy
) -> None:
    refused = hr.post_form(page_of(vacancy))
    assert (refused.status_code, refused.page.errors) == (
        422,
        ["Confirm that recruiting for this post stops"],
    )
    page = hr.get(page_of(vacancy)).page
    body = {name: page.first("input", name=name)["value"] for name in ("csrf_token", "undecided")}
    with db.transaction() as session:
        make_application(session, session.get_one(Vacancy, vacancy.id))
    answer = hr.post(
        page_of(vacancy), data={**body, **SURE, "form_end": "1"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 409
    assert "8 applicants have no outcome" in answer.page.main.text
    assert Status.POST_ENDED not in {one.status for one in applications(db, vacancy)[:5]}


def test_only_hr_says_so_and_nobody_for_one_alone(db: Database, sign_in: SignIn, vacancy: Vacancy) -> None:
    assert sign_in("hiring_manager").get(page_of(vacancy)).status_code == 403
    one = applications(db, vacancy)[0]
    answer = sign_in("hr").get(f"{HOME}/{vacancy.reference}/{one.reference}/move/post_ended")
    assert answer.status_code == 409
    assert "on the vacancy’s page" in answer.text
