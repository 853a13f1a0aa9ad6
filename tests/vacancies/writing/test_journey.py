"""From nothing to an advert that waits for approval, over HTTP on both databases."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.database import Database
from portal.vacancies.models import Vacancy
from portal.vacancies.options import Offer, Status
from portal.vacancies.writing.models import VacancyDraft
from tests.support.builders import AT
from tests.support.client import JudgingClient
from tests.vacancies.writing.pages import begin, fill, prefix, send


def adverts(db: Database) -> list[Vacancy]:
    with db.reading() as session:
        together = (
            selectinload(Vacancy.criteria),
            selectinload(Vacancy.panel),
            selectinload(Vacancy.decisions),
        )
        return list(session.scalars(select(Vacancy).options(*together).order_by(Vacancy.id)))


def writing(db: Database) -> list[VacancyDraft]:
    with db.reading() as session:
        return list(session.scalars(select(VacancyDraft).order_by(VacancyDraft.id)))


def test_from_nothing_to_sent(hr: JudgingClient, db: Database) -> None:
    reference = begin(hr)
    assert reference.startswith("SCC-CS-")
    assert writing(db)[0].title is None
    fill(hr, reference)
    assert writing(db)[0].title == "Social worker, Family Safeguarding"
    assert hr.get(f"{prefix(reference)}/").page.first("a", href=f"{prefix(reference)}/check-answers")
    answer = send(hr, reference)
    assert answer.status_code == 303, answer.page.main.text
    assert answer.location == f"{prefix(reference)}/confirmation"
    assert "Sent for approval" in hr.get(answer.location).page.h1
    [vacancy] = adverts(db)
    assert vacancy.reference == reference
    assert vacancy.status(AT) is Status.PENDING_APPROVAL
    assert vacancy.slug == f"social-worker-family-safeguarding-{reference[-9:]}"
    assert (vacancy.salary_min, vacancy.salary_max, vacancy.scp_min) == (38_220, 42_839, 28)
    assert (vacancy.hours_per_week, vacancy.paid_weeks) == (Decimal(37), Decimal("44.5"))
    assert vacancy.full_time_hours == Decimal(37)
    assert vacancy.working_patterns == ["full_time", "term_time"]
    assert (vacancy.market_supplement, vacancy.welcome_payment) == (3000, None)
    assert vacancy.visa_sponsorship is Offer.YES
    assert vacancy.hcpc_domain is None
    assert [line.wording for line in vacancy.criteria][1] == "Clear assessments, written on time"
    assert [member.name for member in vacancy.panel] == ["Sam Example", "Kit Example"]
    assert len(vacancy.interview_dates) == 2
    assert vacancy.hr_owner_id == hr.person.id
    assert writing(db) == []


def test_it_is_sent_exactly_once(hr: JudgingClient, db: Database) -> None:
    reference = begin(hr)
    fill(hr, reference)
    page = hr.get(f"{prefix(reference)}/check-answers").page
    assert send(hr, reference).status_code == 303
    again = hr.get(f"{prefix(reference)}/check-answers")
    assert page.h1.startswith("Check the advert")
    assert again.location == f"{prefix(reference)}/confirmation"
    assert len(adverts(db)) == 1
