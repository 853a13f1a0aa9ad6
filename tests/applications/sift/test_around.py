"""What stands around the applications: the advert’s page and archive, the staff home, the cost of a page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, inspect, select, text

from portal.applications.models import Application, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import MessageState
from portal.applications.sift import queries
from portal.applications.sift.filters import ListFilters
from portal.applications.sift.overview.queries import unanswered_applicants
from portal.applications.transitions import DECIDED
from portal.core.database import Database
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application, make_message
from tests.support.builders import AT, make_vacancy
from tests.support.client import JudgingClient
from tests.support.people import SignIn

HOME = "/staff/applications"


pytestmark = pytest.mark.usefixtures("at_rest")


@pytest.mark.parametrize("status", Status)
def test_an_advert_is_archived_only_when_everyone_has_an_outcome(
    db: Database, hr: JudgingClient, status: Status
) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session, cancelled_at=AT - timedelta(hours=1))
        make_application(session, vacancy, status=status)
        make_application(session, status=Status.SUBMITTED)
        assert unanswered_applicants(session, vacancy.id) == (int(status not in DECIDED), 0)
    answer = hr.post_form(f"/staff/vacancies/{vacancy.reference}/archive", {"confirmed": "y"})
    if status in DECIDED:
        assert answer.status_code == 303
    else:
        assert answer.status_code == 409
        assert "1 applicant has no outcome yet" in answer.text
    with db.reading() as session:
        archived = session.scalars(select(Vacancy).where(Vacancy.id == vacancy.id)).one().archived_at
    assert (archived is not None) == (status in DECIDED)


@pytest.mark.parametrize("state", [MessageState.DRAFT, MessageState.HELD])
def test_an_outcome_that_waits_to_be_sent_keeps_an_advert_from_the_archive(
    db: Database, hr: JudgingClient, state: MessageState
) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session, cancelled_at=AT - timedelta(hours=1))
        refused = make_application(session, vacancy, status=Status.NOT_SHORTLISTED)
        message = make_message(session, refused, state=state)
        unreachable = make_application(session, vacancy, status=Status.NOT_SHORTLISTED, email="nobody")
        make_message(session, unreachable)
    archive = f"/staff/vacancies/{vacancy.reference}/archive"
    answer = hr.post_form(archive, {"confirmed": "y"})
    assert answer.status_code == 409
    assert "1 outcome waits to be sent. Everyone gets an answer" in answer.text
    with db.transaction() as session:
        session.get_one(CandidateMessage, message.id).state = MessageState.SENT
    assert hr.post_form(archive, {"confirmed": "y"}).status_code == 303


def test_an_outcome_that_is_not_sent_by_the_promised_day_is_overdue(db: Database, hr: JudgingClient) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session, decision_promised_on=AT.date() - timedelta(days=1))
        refused = make_application(session, vacancy, status=Status.NOT_SHORTLISTED)
        make_message(session, refused)
        on_time = make_vacancy(session, decision_promised_on=AT.date())
        make_message(session, make_application(session, on_time, status=Status.NOT_SHORTLISTED))
    page = hr.get("/staff/applications").page.main
    assert "1 decision date has passed" in page.text
    assert page.text.count(", passed") == 1


def test_the_page_of_an_advert_leads_to_its_applications_for_whoever_may_see_them(
    db: Database, hr: JudgingClient, sign_in: SignIn
) -> None:
    manager = sign_in("hiring_manager")
    with db.transaction() as session:
        own = make_vacancy(session, hiring_manager_id=manager.person.id)
        make_application(session, own)
        make_application(session, own, status=Status.SHORTLISTED, shortlisted_at=AT)
        other = make_vacancy(session)
    for client, vacancy, words in (
        (hr, own, "1 new, 1 shortlisted"),
        (hr, other, "none yet"),
        (manager, own, "1 new"),
    ):
        page = client.get(f"/staff/vacancies/{vacancy.reference}").page
        links = [link for link in page.main.all("a") if link.text == "Applications"]
        assert [link.get("href") for link in links] == [f"{HOME}/{vacancy.reference}"]
        assert words in page.main.text
    page = manager.get(f"/staff/vacancies/{other.reference}").page
    assert "Applications" not in [link.text for link in page.main.all("a")]


def test_the_staff_home_says_what_waits_for_whom(db: Database, hr: JudgingClient, sign_in: SignIn) -> None:
    manager = sign_in("hiring_manager")
    late = (AT - timedelta(days=1)).date()
    with db.transaction() as session:
        own = make_vacancy(session, hiring_manager_id=manager.person.id)
        make_application(session, own)
        overdue = make_vacancy(session, decision_promised_on=late)
        make_application(session, overdue, status=Status.SIFTING)
        decided = make_vacancy(session, decision_promised_on=late)
        make_application(session, decided, status=Status.NOT_SHORTLISTED)
    said = hr.get("/staff/").page.main.text
    assert "1 decision date passed" in said
    assert "1 not looked at" in said
    assert "2 without an outcome" in said
    assert "1 without an outcome" in manager.get("/staff/").page.main.text


# What a page costs


def fill(db: Database, count: int) -> str:
    """A vacancy with so many applications; its reference."""
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        first = make_application(session, vacancy)
        session.flush()
        names = [column.key for column in inspect(Application).column_attrs if column.key != "id"]
        values = {name: getattr(first, name) for name in names} | {"candidate_id": None}
        session.execute(
            insert(Application),
            [
                {
                    **values,
                    "reference": f"APP-{number:08}",
                    "submission_key": f"many-{vacancy.id}-{number}",
                    "submitted_at": AT - timedelta(minutes=number),
                    "name_key": f"{number * 7919 % 10007:05}",
                }
                for number in range(2, count + 1)
            ],
        )
        return vacancy.reference


@pytest.mark.parametrize("page", ["", "?sort=newest", "?only=gaps", "/find", "one"])
def test_a_page_costs_the_same_few_statements_however_many_have_applied(
    db: Database, hr: JudgingClient, statements: Any, page: str
) -> None:
    cost = {}
    for count in (3, 120):
        with db.transaction() as session:
            session.execute(text("DELETE FROM application_history"))
            session.execute(text("DELETE FROM applications"))
        vacancy = fill(db, count)
        path = f"{HOME}/{vacancy}{page}" if page != "one" else f"{HOME}/{vacancy}/APP-00000002"
        with statements() as found:
            assert hr.get(path).status_code == 200
        cost[count] = len([one for one in found if "applications" in one or "vacancies" in one])
    assert cost[3] == cost[120]
    assert cost[3] <= {"/find": 1, "one": 8}.get(page, 3)


@pytest.mark.parametrize("sort", ["oldest", "newest", "name"])
def test_a_list_is_walked_through_an_index(db: Database, sort: str) -> None:
    vacancy = fill(db, 2000)
    with db.transaction() as session:
        session.execute(text("ANALYZE"))
    with db.reading() as session:
        head_id = session.scalars(select(Vacancy.id).where(Vacancy.reference == vacancy)).one()
        order = queries.Order.of(queries.Sort(sort), anonymised=False)
        wanted = queries.ids_of(head_id, ListFilters(), order, None, queries.PAGE_SIZE + 1)
        compiled = wanted.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN" if db.is_sqlite else "EXPLAIN"
        plan = " ".join(" ".join(map(str, row)) for row in session.execute(text(f"{explain} {compiled}")))
    assert ("ix_applications_names" if sort == "name" else "ix_applications_list") in plan
