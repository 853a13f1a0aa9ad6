"""The pages of legal holds."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.applications.keeping.models import VacancyHold
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application, make_message
from tests.support.builders import AT, make_staff, make_vacancy
from tests.support.people import SignIn

KEEPING = "/staff/applications/keeping"


@pytest.fixture
def references(db: Database) -> tuple[str, str]:
    """A vacancy and an application to it."""
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        row = make_application(session, vacancy, status=Status.NOT_SHORTLISTED)
        return vacancy.reference, row.reference


@pytest.mark.parametrize("one", [True, False])
def test_a_hold_has_a_reason_is_shown_and_ends(
    db: Database, sign_in: SignIn, references: tuple[str, str], one: bool
) -> None:
    vacancy, application = references
    hr, path = sign_in("hr"), f"{KEEPING}/{vacancy}" + (f"/{application}" if one else "")
    assert hr.post_form(f"{path}/hold", {"reason": " "}).status_code == 422
    long = hr.post_form(f"{path}/hold", {"reason": "r" * 201})
    assert long.status_code == 422
    assert "r" * 201 in long.text
    assert hr.post_form(f"{path}/hold", {"reason": "A tribunal claim"}).status_code == 303
    assert "A tribunal claim" in hr.get(KEEPING).text
    assert "It is on legal hold since" in hr.get(f"{path}/hold").text
    with db.reading() as session:
        row = session.scalars(select(Application)).one()
        holds = session.scalars(select(VacancyHold.reason)).all()
        assert (row.hold_reason, [*holds]) == (
            ("A tribunal claim", []) if one else (None, ["A tribunal claim"])
        )
    assert hr.post_form(f"{path}/end").status_code == 303
    assert "A tribunal claim" not in hr.get(KEEPING).text
    with db.reading() as session:
        events = session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)).all()
        assert events == ["retention.hold_placed", "retention.hold_ended"]


def test_a_hold_that_a_colleague_placed_meanwhile_is_not_overwritten(
    db: Database, sign_in: SignIn, references: tuple[str, str]
) -> None:
    path = f"{KEEPING}/{references[0]}/{references[1]}/hold"
    one, other = sign_in("hr"), sign_in("hr")
    token = one.get(path).page.first("input", name="csrf_token")["value"]
    other.post_form(path, {"reason": "First"})
    answer = one.post(path, data={"csrf_token": token, "form_end": "1", "reason": "Second"})
    assert answer.status_code == 409
    assert "First" in answer.text
    assert "Second" in answer.text
    with db.reading() as session:
        assert session.scalars(select(Application.hold_reason)).one() == "First"


def test_a_reason_left_out_of_a_hold_that_is_there_leads_to_no_field(
    sign_in: SignIn, references: tuple[str, str]
) -> None:
    hr, path = sign_in("hr"), f"{KEEPING}/{references[0]}/hold"
    token = hr.get(path).page.first("input", name="csrf_token")["value"]
    hr.post_form(path, {"reason": "First"})
    for reason in (" ", "r" * 201):
        answer = hr.post(path, data={"csrf_token": token, "form_end": "1", "reason": reason})
        assert answer.status_code == 409
        assert answer.page.errors == []
        assert "on legal hold already" in answer.text
        assert reason in answer.text


def test_only_hr_keeps(sign_in: SignIn, references: tuple[str, str]) -> None:
    assert sign_in("hiring_manager").get(f"{KEEPING}/{references[0]}/hold").status_code == 403
    assert sign_in("hr").get(f"{KEEPING}/{references[0]}/APP-22222222/hold").status_code == 404


def test_an_applications_page_says_how_long_it_is_kept_and_why(
    db: Database, sign_in: SignIn, references: tuple[str, str]
) -> None:
    vacancy, application = references
    hr, page = sign_in("hr"), f"/staff/applications/{vacancy}/{application}"
    with db.transaction() as session:
        row = session.scalars(select(Application)).one()
        row.decided_at = AT
    assert "Deleted on 23 November 2027" in hr.get(page).text
    hr.post_form(f"{KEEPING}/{vacancy}/hold", {"reason": "An inquiry"})
    hr.post_form(f"{KEEPING}/{vacancy}/{application}/hold", {"reason": "A claim"})
    text = hr.get(page).page.first("main").text
    assert "Deleted on" not in text
    assert "An inquiry" in text
    assert "A claim" in text


def test_an_applications_page_says_what_its_candidate_was_told(
    db: Database, sign_in: SignIn, references: tuple[str, str]
) -> None:
    vacancy, application = references
    with db.transaction() as session:
        manager = make_staff(session, role="hiring_manager")
        row = session.scalars(select(Application)).one()
        make_message(session, row)
        make_message(session, row, tells=Status.SHORTLISTED)
        session.scalars(select(Vacancy)).one().hiring_manager_id = manager.id
    page = f"/staff/applications/{vacancy}/{application}"
    for visitor, sends in ((sign_in("hr"), True), (sign_in(person=manager), False)):
        shown = visitor.get(page)
        assert "Not taken further: waiting to be sent" in " ".join(shown.page.first("main").text.split())
        assert "not sent, because the application moved on" in shown.text
        assert ("Read and send it" in shown.text) is sends
        assert ("Put on legal hold" in shown.text) is sends
