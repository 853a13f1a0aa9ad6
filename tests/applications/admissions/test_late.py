"""A late application: one candidate, once, for a recorded reason; for everybody else it stays closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.applications.admissions.models import LateAdmission
from portal.applications.admissions.service import delete_due_admissions
from portal.applications.candidates.models import ApplicationDraft
from portal.applications.keeping.queries import due_drafts
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import HistoryKind
from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.mail import OutgoingMail
from portal.council import load_council
from portal.vacancies.models import Vacancy
from tests.applications.apply.filling import base, begin, complete_draft, open_vacancy
from tests.support.client import JudgingClient
from tests.support.people import SignIn, SignInCandidate

PERIODS = load_council().retention


@pytest.fixture
def vacancy(db: Database) -> Vacancy:
    """It closed two days ago."""
    with db.transaction() as session:
        return open_vacancy(session, closes_at=clock.now() - timedelta(days=2))


@pytest.fixture
def candidate(sign_in_candidate: SignInCandidate) -> JudgingClient:
    return sign_in_candidate()


@pytest.fixture
def hr(sign_in: SignIn) -> JudgingClient:
    return sign_in("hr")


def page_of(vacancy: Vacancy) -> str:
    return f"/staff/applications/{vacancy.reference}/late"


def typed(email: str, days: int = 3) -> dict[str, str]:
    day = clock.today() + timedelta(days=days)
    until = {"until-day": f"{day.day}", "until-month": f"{day.month}", "until-year": f"{day.year}"}
    return {"email": email, "reason": "Our form was down on the last evening", **until}


def admit(hr: JudgingClient, vacancy: Vacancy, email: str) -> None:
    assert hr.post_form(page_of(vacancy), typed(email)).status_code == 303


def count(db: Database, table: Any) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def send(client: JudgingClient, vacancy: Vacancy) -> int:
    return client.post_form(f"{base(vacancy)}/check-answers").status_code


def test_who_is_admitted_begins_and_sends_after_closing_once(
    db: Database, hr: JudgingClient, candidate: JudgingClient, vacancy: Vacancy
) -> None:
    admit(hr, vacancy, candidate.person.email.upper())
    with db.reading() as session:
        mail = session.scalars(select(OutgoingMail)).one()
        assert mail.purpose == "application.late_allowed"
        assert f"/applications/begin/{vacancy.reference}" in mail.body
    asked = candidate.get(f"/applications/begin/{vacancy.reference}").page.main.text
    last = clock.today() + timedelta(days=3)
    assert f"Send it before 11:59pm on {last:%A} {last.day} {last:%B %Y}" in asked
    assert "closes at" not in asked
    assert begin(candidate, vacancy).location == f"{base(vacancy)}/"
    with db.transaction() as session:
        for row in session.scalars(select(ApplicationDraft)):
            session.delete(row)
    complete_draft(db, vacancy, candidate.person)
    assert "Not sent before closing" not in candidate.get("/applications").page.main.text
    assert send(candidate, vacancy) == 303
    with db.reading() as session:
        application = session.scalars(select(Application)).one()
        assert application.late
        line = session.scalars(
            select(ApplicationHistory).where(ApplicationHistory.kind == HistoryKind.ADMITTED_LATE)
        ).one()
        assert line.note == "Our form was down on the last evening"
        assert line.by_id is not None
        assert session.scalars(select(LateAdmission)).one().used_at is not None
        events = {event.event: event.facts for event in session.scalars(select(AuditEvent))}
        assert events["application.admitted_late"] == {"vacancy": vacancy.reference}
        assert set(events["application.late_allowed"]) == {"until"}
        mails = select(OutgoingMail).where(OutgoingMail.purpose == "application.alert")
        assert "HR had admitted it late" in session.scalars(mails).one().body
    with db.transaction() as session:
        session.delete(session.scalars(select(Application)).one())
    complete_draft(db, vacancy, candidate.person)
    assert send(candidate, vacancy) == 409, "it works once"


def test_for_others_and_afterwards_it_stays_closed(
    db: Database, hr: JudgingClient, candidate: JudgingClient, vacancy: Vacancy
) -> None:
    admit(hr, vacancy, "somebody.else@example.com")
    assert candidate.get(f"/applications/begin/{vacancy.reference}").location.endswith("/apply")
    complete_draft(db, vacancy, candidate.person)
    assert send(candidate, vacancy) == 409
    admit(hr, vacancy, candidate.person.email)
    with db.transaction() as session:
        for one in session.scalars(select(LateAdmission)):
            one.until = clock.now() - timedelta(seconds=1)
    assert send(candidate, vacancy) == 409
    assert count(db, Application) == 0


def test_a_vacancy_that_is_gone_admits_nobody(
    db: Database, hr: JudgingClient, candidate: JudgingClient, vacancy: Vacancy
) -> None:
    admit(hr, vacancy, candidate.person.email)
    complete_draft(db, vacancy, candidate.person)
    with db.transaction() as session:
        session.get_one(Vacancy, vacancy.id).cancelled_at = clock.now()
    assert send(candidate, vacancy) == 409
    assert "was cancelled" in hr.get(page_of(vacancy)).page.main.text


def test_an_open_advert_needs_no_admission(db: Database, hr: JudgingClient) -> None:
    with db.transaction() as session:
        vacancy = open_vacancy(session)
    page = hr.get(page_of(vacancy)).page
    assert "everybody can still apply" in page.main.text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": ""}, "Enter the email address of the candidate"),
        ({"reason": " "}, "Enter why it is admitted late"),
        (typed("", days=40), "The last day must be today or later, and at most 4 weeks from now"),
        (typed("", days=-1), "The last day must be today or later, and at most 4 weeks from now"),
    ],
)
def test_what_is_missing_is_asked_for(
    db: Database, hr: JudgingClient, vacancy: Vacancy, changes: dict[str, str], message: str
) -> None:
    said = {**typed("a@example.com"), **changes}
    if "until-day" in changes:
        said["email"] = "a@example.com"
    answer = hr.post_form(page_of(vacancy), said)
    assert (answer.status_code, answer.page.errors) == (422, [message])
    assert count(db, LateAdmission) == 0


def test_a_second_admission_of_the_same_address_takes_its_place(
    db: Database, hr: JudgingClient, vacancy: Vacancy
) -> None:
    admit(hr, vacancy, "a@example.com")
    admit(hr, vacancy, "A@example.com")
    assert count(db, LateAdmission) == 1


def test_a_draft_stays_while_it_is_admitted_and_the_admission_goes(
    db: Database, hr: JudgingClient, candidate: JudgingClient, vacancy: Vacancy
) -> None:
    with db.transaction() as session:
        found = session.get_one(Vacancy, vacancy.id)
        found.publish_at = clock.now() - timedelta(days=90)
        found.closes_at = clock.now() - timedelta(days=40)
    complete_draft(db, vacancy, candidate.person)
    at = clock.now()
    with db.reading() as session:
        assert len(due_drafts(session, at, PERIODS)) == 1
    admit(hr, vacancy, candidate.person.email)
    with db.reading() as session:
        assert due_drafts(session, at, PERIODS) == []
        assert len(due_drafts(session, at + timedelta(days=5), PERIODS)) == 1
    with db.transaction() as session:
        assert delete_due_admissions(session, at + timedelta(days=20), PERIODS) == 0
        assert delete_due_admissions(session, at + timedelta(days=40), PERIODS) == 1


def taking_back(hr: JudgingClient, vacancy: Vacancy) -> str:
    """The address of the only admission that can be taken back."""
    (link,) = (link for link in hr.get(page_of(vacancy)).page.links() if "take-back" in link)
    return link


def test_an_admission_is_seen_and_taken_back_while_nobody_relied_on_it(
    db: Database, hr: JudgingClient, candidate: JudgingClient, vacancy: Vacancy
) -> None:
    with db.transaction() as session:
        session.get_one(Vacancy, vacancy.id).anonymise_shortlisting = True
    complete_draft(db, vacancy, candidate.person)
    with db.transaction() as session:
        session.scalars(select(ApplicationDraft)).one().saved_at = clock.now() - timedelta(days=3)
    answer = hr.follow(hr.post_form(page_of(vacancy), typed(candidate.person.email)))
    assert "An email goes to the address below" in answer.page.main.text
    assert candidate.person.email in answer.page.main.text
    link = taking_back(hr, vacancy)
    assert candidate.person.email in hr.get(link).page.main.text
    done = hr.follow(hr.post_form(link, action=link))
    assert "Taken back" in done.page.main.text
    assert "Nobody." in done.page.main.text
    with db.reading() as session:
        mails = [mail.purpose for mail in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]
        assert mails == ["application.late_allowed", "application.late_taken_back"]
        facts = select(AuditEvent.facts).where(AuditEvent.event == "application.late_taken_back")
        assert set(session.scalars(facts).one()) == {"until"}
    assert send(candidate, vacancy) == 409
    assert hr.get(link).location == page_of(vacancy)


@pytest.mark.parametrize("why", ["has gone on", "has been sent", "is past"])
def test_what_somebody_relied_on_is_not_taken_back(
    db: Database, hr: JudgingClient, candidate: JudgingClient, vacancy: Vacancy, *, why: str
) -> None:
    admit(hr, vacancy, candidate.person.email)
    link = taking_back(hr, vacancy)
    form = {"csrf_token": hr.get(link).page.first("input", name="csrf_token")["value"], "form_end": "1"}
    if why == "has gone on":
        begin(candidate, vacancy)
    else:
        with db.transaction() as session:
            one = session.scalars(select(LateAdmission)).one()
            one.used_at = clock.now() if why == "has been sent" else None
            one.until = one.until if one.used_at else clock.now() - timedelta(seconds=1)
    answer = hr.post(link, data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 409
    assert why in answer.page.main.text
    assert count(db, LateAdmission) == 1


def test_once_it_was_sent_an_anonymised_advert_does_not_say_who(
    db: Database, hr: JudgingClient, vacancy: Vacancy
) -> None:
    admit(hr, vacancy, "a@example.com")
    with db.transaction() as session:
        session.get_one(Vacancy, vacancy.id).anonymise_shortlisting = True
        session.scalars(select(LateAdmission)).one().used_at = clock.now()
    text = hr.get(page_of(vacancy)).page.main.text
    assert "Somebody" in text
    assert "a@example.com" not in text


def test_only_hr_admits(sign_in: SignIn, vacancy: Vacancy) -> None:
    assert sign_in("hiring_manager").get(page_of(vacancy)).status_code == 403
