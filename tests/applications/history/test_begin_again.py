"""A second application begun with the answers of the first, over HTTP on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.applications.apply import service
from portal.applications.apply.journey import journey_for
from portal.applications.apply.needs import needs_of
from portal.applications.apply.queries import last_application, vacancy_to_apply_for
from portal.applications.candidates.models import ApplicationDraft, holder_of
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus
from portal.core import clock
from portal.core.access import Actor
from portal.core.database import Database
from portal.journeys.models import Draft
from portal.journeys.service import Place
from portal.vacancies.models import Vacancy
from tests.applications.apply.filling import base, complete_draft, open_vacancy
from tests.applications.history.telling import DONE
from tests.support.applications import make_application
from tests.support.client import JudgingClient
from tests.support.people import SignInCandidate


@pytest.fixture
def first(db: Database) -> Vacancy:
    with db.transaction() as session:
        return open_vacancy(session)


@pytest.fixture
def second(db: Database) -> Vacancy:
    with db.transaction() as session:
        return open_vacancy(session)


@pytest.fixture
def candidate(sign_in_candidate: SignInCandidate) -> JudgingClient:
    return sign_in_candidate()


def apply_for(db: Database, candidate: JudgingClient, vacancy: Vacancy) -> None:
    complete_draft(db, vacancy, candidate.person)
    assert candidate.post_form(f"{base(vacancy)}/check-answers").status_code == 303


def statuses(candidate: JudgingClient, vacancy: Vacancy) -> dict[str, str]:
    page = candidate.get(f"{base(vacancy)}/").page
    return {
        item.first("a").text: item.first(class_="govuk-task-list__status").text
        for item in page.all(class_="govuk-task-list__item")
    }


def test_who_never_applied_is_asked_nothing(candidate: JudgingClient, first: Vacancy) -> None:
    page = candidate.get(f"/applications/begin/{first.reference}").page
    assert not page.all("input", name="reuse")
    assert candidate.post_form(f"/applications/begin/{first.reference}").status_code == 303


def test_the_last_answers_come_over_marked_and_are_not_sent_unseen(
    db: Database, candidate: JudgingClient, first: Vacancy, second: Vacancy
) -> None:
    apply_for(db, candidate, first)
    start = f"/applications/begin/{second.reference}"
    page = candidate.post_form(start).page
    assert page.errors == ["Select yes if you want to start from your last application"]
    assert "You last applied on" in page.main.text
    assert candidate.post_form(start, {"reuse": "yes"}).location == f"{base(second)}/"
    found = statuses(candidate, second)
    assert "check that it is still true" in candidate.get(f"{base(second)}/").page.main.text
    imported = {title for title, status in found.items() if status == "Imported"}
    assert {
        "Your details",
        "Education and qualifications",
        "Employment history and gaps",
        "References",
    } <= imported
    assert {found["Declarations"], found["How you meet the criteria"]} == {"Not yet started"}
    assert candidate.get(f"{base(second)}/check-answers").location == f"{base(second)}/?unfinished=1"
    details = candidate.get(f"{base(second)}/details").page
    assert details.by_id("family_name")["value"] == "Ó Briain-Ωmega"
    assert not [box for box in details.all("input", name="section_completed") if "checked" in box.attrs]
    candidate.post_form(f"{base(second)}/details", DONE)
    assert statuses(candidate, second)["Your details"] == "Completed"
    with db.reading() as session:
        (sent,) = session.scalars(select(Application))
        (draft,) = session.scalars(select(ApplicationDraft))
        assert draft.imported_from == sent.reference


def test_an_empty_form_can_be_had_instead(
    db: Database, candidate: JudgingClient, first: Vacancy, second: Vacancy
) -> None:
    apply_for(db, candidate, first)
    candidate.post_form(f"/applications/begin/{second.reference}", {"reuse": "no"})
    assert set(statuses(candidate, second).values()) == {"Not yet started"}


def test_beginning_twice_overwrites_nothing(
    db: Database, candidate: JudgingClient, first: Vacancy, second: Vacancy
) -> None:
    apply_for(db, candidate, first)
    start = f"/applications/begin/{second.reference}"
    candidate.post_form(start, {"reuse": "yes"})
    candidate.post_form(f"{base(second)}/details", {"given_names": "Zoë", **DONE})
    with db.transaction() as session:  # the second press came in while the first was being answered
        last = last_application(session, candidate.person.id, clock.now() - timedelta(days=1))
        advert = vacancy_to_apply_for(session, second.reference)
        assert last is not None
        assert advert is not None
        holder = holder_of(candidate.person.id, second.id)
        place = Place(journey_for(needs_of(advert)), holder, timedelta(days=9))
        by = Actor.visitor("127.0.0.1", "a-request")
        whose = {"earlier": last, "by": by, "at": clock.now()}
        service.begin_application(session, place, advert, candidate.person.id, **whose)
    with db.reading() as session:
        draft = session.scalars(select(Draft).where(Draft.reference.is_(None))).one()
        assert draft.answers["steps"]["details"]["given_names"] == "Zoë"


def test_nobody_begins_with_somebody_elses_answers(
    db: Database, sign_in_candidate: SignInCandidate, first: Vacancy, second: Vacancy
) -> None:
    apply_for(db, sign_in_candidate(), first)
    other = sign_in_candidate()
    assert not other.get(f"/applications/begin/{second.reference}").page.all("input", name="reuse")


@pytest.mark.parametrize(("days", "offered"), [(20, True), (350, True), (380, False)])
def test_answers_that_are_too_old_are_not_offered(
    db: Database, candidate: JudgingClient, second: Vacancy, days: int, offered: bool
) -> None:
    with db.transaction() as session:
        sent_at = clock.now() - timedelta(days=days)
        withdrawn = {
            "candidate": candidate.person,
            "submitted_at": sent_at,
            "status": ApplicationStatus.WITHDRAWN,
        }
        make_application(session, **withdrawn)
    page = candidate.get(f"/applications/begin/{second.reference}").page
    assert bool(page.all("input", name="reuse")) == offered
