"""One live application for a vacancy, also for somebody who deleted the account of the first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.applications.candidates.leaving import delete_account
from portal.applications.candidates.models import ApplicationDraft
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.core import clock
from portal.core.access import Actor
from portal.core.database import Database
from portal.council import load_council
from portal.vacancies.models import Vacancy
from tests.applications.apply.filling import DETAILS, base, begin, complete_draft
from tests.support.applications import make_application, make_candidate
from tests.support.client import SAME_ORIGIN, JudgingClient
from tests.support.people import SignInCandidate

BY = Actor.system("tests")
MINE = "Amina.Example@example.com"


@pytest.fixture
def sent(app: Flask, db: Database, vacancy: Vacancy) -> Application:
    """Sent with an account that was deleted then."""
    with app.app_context(), db.transaction() as session:
        first = make_candidate(session, email=MINE, email_key=MINE.lower())
        application = make_application(session, vacancy, candidate=first)
        delete_account(session, first.id, how="owner", by=BY, at=clock.now())
    return application


@pytest.fixture
def again(sent: Application, sign_in_candidate: SignInCandidate) -> JudgingClient:
    """Signed in once more, the address written in small letters."""
    assert sent.email == MINE
    return sign_in_candidate(email=MINE.lower())


def count(db: Database, table: type) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_who_deleted_the_account_cannot_begin_again_and_reads_what_to_do(
    db: Database, vacancy: Vacancy, sent: Application, again: JudgingClient
) -> None:
    page = again.get(f"/applications/begin/{vacancy.reference}").page
    assert page.h1 == "You have already applied for this post"
    assert sent.reference in page.main.text
    assert load_council().recruitment.email in page.main.text
    assert count(db, ApplicationDraft) == 0
    assert again.get(f"{base(vacancy)}/details").location == f"/applications/begin/{vacancy.reference}"


@pytest.mark.parametrize("closed", [False, True])
def test_who_has_applied_is_told_so_where_one_begins(
    db: Database, vacancy: Vacancy, sign_in_candidate: SignInCandidate, *, closed: bool
) -> None:
    person = sign_in_candidate()
    with db.transaction() as session:
        application = make_application(session, vacancy, candidate=person.person)
        if closed:
            session.execute(update(Vacancy).values(closes_at=clock.now() - timedelta(days=1)))
    start = person.get(f"/vacancies/{vacancy.slug}/apply").page
    address = f"/applications/begin/{vacancy.reference}" if not closed else "/applications"
    assert address in [link["href"] for link in start.main.all("a")]
    assert "have applied" in start.main.text
    page = person.get(f"/applications/begin/{vacancy.reference}").page
    assert page.h1 == "You have already applied for this post"
    assert application.reference in page.main.text
    assert application.told_status.candidate_label in page.main.text
    assert f"/applications/{application.reference}" in page.links()
    assert count(db, ApplicationDraft) == 0


def test_the_decision_does_not_show_before_it_was_told(
    db: Database, vacancy: Vacancy, sign_in_candidate: SignInCandidate
) -> None:
    person = sign_in_candidate()
    with db.transaction() as session:
        told = {"told_status": Status.SUBMITTED, "status": Status.NOT_SHORTLISTED}
        make_application(session, vacancy, candidate=person.person, **told)
    page = person.get(f"/applications/begin/{vacancy.reference}").page
    assert Status.SUBMITTED.candidate_label in page.main.text
    assert Status.NOT_SHORTLISTED.candidate_label not in page.main.text


def test_what_was_begun_meanwhile_is_neither_saved_nor_sent(
    app: Flask, db: Database, vacancy: Vacancy, sent: Application, again: JudgingClient
) -> None:
    complete_draft(db, vacancy, again.person)
    with db.transaction() as session:
        session.execute(update(Application).values(status=Status.WITHDRAWN))
    form = again.get(f"{base(vacancy)}/details")
    assert form.status_code == 200
    check = again.get(f"{base(vacancy)}/check-answers")
    with db.transaction() as session:
        session.execute(update(Application).values(status=Status.SIFTING))
    for page, typed in ((form, DETAILS), (check, {})):
        hidden = {field["name"]: field.get("value") or "" for field in page.page.main.all("input")}
        refused = again.post(page.request.path, data={**hidden, **typed}, headers=SAME_ORIGIN)
        assert refused.status_code == 409
        assert sent.reference in refused.page.main.text
        assert "deleted since" in refused.page.main.text
    assert count(db, Application) == 1


def test_others_and_who_withdrew_may_apply(
    db: Database, vacancy: Vacancy, again: JudgingClient, candidate: JudgingClient
) -> None:
    path = f"/applications/for/{vacancy.reference}/"
    assert begin(candidate, vacancy).location == path
    with db.transaction() as session:
        session.execute(update(Application).values(status=Status.WITHDRAWN))
    assert begin(again, vacancy).location == path
