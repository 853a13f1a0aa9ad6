"""From the advert to the confirmation over HTTP, on both databases."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal.applications.candidates.models import ApplicationDraft
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import ApplicationStatus
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.journeys.snapshot import cells_of
from portal.vacancies.models import Vacancy
from tests.applications.apply.filling import WRITTEN, base, begin, fill_in
from tests.support.client import JudgingClient
from tests.support.mailbox import Mailbox


def sent(db: Database) -> list[Application]:
    with db.reading() as session:
        everything = (
            undefer(Application.answers),
            undefer(Application.snapshot),
            undefer(Application.advert),
        )
        return list(session.scalars(select(Application).options(*everything)))


def test_an_application_is_filled_in_and_sent(
    db: Database, vacancy: Vacancy, candidate: JudgingClient, mailbox: Mailbox
) -> None:
    with db.transaction() as session:
        session.get_one(Vacancy, vacancy.id).interview_dates = ["2027-01-12"]
    start = candidate.get(f"/vacancies/{vacancy.slug}/apply")
    assert "CV is not accepted" in start.text
    answer = begin(candidate, vacancy)
    assert answer.location == f"{base(vacancy)}/"
    tasks = candidate.follow(answer)
    assert len(tasks.page.all(class_="govuk-task-list__item")) == 10
    assert "when every section is completed" in tasks.text

    fill_in(candidate, vacancy)
    assert "Check your answers and send" in candidate.get(f"{base(vacancy)}/").text
    check = candidate.get(f"{base(vacancy)}/check-answers")
    assert candidate.person.email in check.text
    assert "SW123" in check.text

    answer = candidate.post_form(f"{base(vacancy)}/check-answers")
    questions = candidate.follow(candidate.follow(answer))
    (application,) = sent(db)
    assert questions.page.h1 == "Equality questions"
    banner = questions.page.first(class_="notice--success")
    assert banner.text == f"We have your application Your reference is {application.reference}."
    skipped = candidate.post_form(f"/applications/{application.reference}/equality", {"choice": "skip"})
    confirmed = candidate.follow(skipped)
    assert f"/applications/{application.reference}/copy.pdf" in confirmed.page.links()
    assert application.reference in confirmed.text
    assert "We have your application" in confirmed.text
    assert "Interviews are planned for Tuesday 12 January 2027" in confirmed.page.main.text

    assert application.status is ApplicationStatus.SUBMITTED
    assert (application.given_names, application.family_name) == ("Nguyễn Thị", "Ó Briain-Ωmega")
    assert (application.registration_body, application.registration_number) == ("swe", "SW123")
    assert (application.phone, application.postcode) == ("+441632960001", "SO14 7LY")
    assert application.email == candidate.person.email
    assert application.current_employer == "Example County Council"
    assert not application.late
    assert not application.disability_confident
    assert application.advert["title"] == vacancy.title
    assert WRITTEN.strip() in cells_of(application.snapshot).values()
    assert "given_names" in application.answers["steps"]["details"]

    mine, theirs = mailbox
    assert mine.to == candidate.person.email
    assert application.reference in mine.subject
    for mail in (mine, theirs):
        assert "Briain" not in mail.subject + mail.body
        assert WRITTEN not in mail.body
    with db.reading() as session:
        (history,) = session.scalars(select(ApplicationHistory))
        assert history.to_status is ApplicationStatus.SUBMITTED
        assert not list(session.scalars(select(ApplicationDraft)))
        events = list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
    assert [event.event for event in events] == ["application.begun", "application.sent"]
    assert events[1].subject == application.reference
    assert "Briain" not in str([event.facts for event in events])


def test_a_candidate_who_has_applied_is_led_to_that_application(
    db: Database, vacancy: Vacancy, candidate: JudgingClient
) -> None:
    begin(candidate, vacancy)
    fill_in(candidate, vacancy)
    candidate.post_form(f"{base(vacancy)}/check-answers")
    (application,) = sent(db)
    there = f"/applications/{application.reference}/confirmation"
    for path in (f"{base(vacancy)}/", f"{base(vacancy)}/details"):
        assert candidate.get(path).location == there
    assert candidate.get(there).status_code == 200, "it can be bookmarked"
