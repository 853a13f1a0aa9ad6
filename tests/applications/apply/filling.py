"""A whole application, page by page, as somebody types it; and the same as it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.applications.apply.journey import JOURNEY, VERSION, journey_for
from portal.applications.apply.needs import needs_of
from portal.applications.candidates.models import ApplicationDraft, Candidate, holder_of
from portal.core import clock
from portal.core.database import Database
from portal.journeys.answers import Answers, Item
from portal.journeys.engine import RepeatingStep, Step
from portal.journeys.service import begin_with
from portal.vacancies.models import Vacancy
from tests.applications.history.telling import DONE, job, left, qualification, referee
from tests.support.builders import make_vacancy
from tests.support.client import Answer, JudgingClient

DETAILS = {
    "given_names": "Nguyễn Thị",
    "family_name": "Ó Briain-Ωmega",
    "previous_names_any": "no",
    "phone": "01632 960 001",
    "address1": "1 Example Street",
    "town": "Southampton",
    "postcode": "so147ly",
}
ELIGIBILITY = {
    "right_to_work": "unlimited",
    "lived_abroad": "no",
    "internal_employee": "no",
    "source": "linkedin",
}
REGISTERED = {"reg_status": "registered", "swe_number": "sw 000-123"}
DECLARED = {
    "relationship": "no",
    "councillor_12m": "no",
    **dict.fromkeys(("canvassing_ack", "accuracy", "understand_checks", "privacy_read"), "yes"),
}
WRITTEN = "I listened to a child who had stopped talking, and changed the plan with her. "

PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("details", {**DETAILS, **DONE}),
    ("eligibility", {**ELIGIBILITY, **DONE}),
    ("registration", REGISTERED),
    ("fitness", {"fitness_to_practise": "no", **DONE}),
    ("left-education", left(61)),
    ("qualifications/add", qualification()),
    ("qualifications", DONE),
    ("training", DONE),
    ("work", {"has_worked": "yes"}),
    ("jobs/add", job(60)),
    ("jobs", {}),
    ("gaps", DONE),
    ("referees/add", referee("current_employer")),
    ("referees/add", referee("other_employer")),
    ("referees", DONE),
    ("support", {"dc_scheme": "no", "adjustments": "no", **DONE}),
    ("declarations", {**DECLARED, **DONE}),
)
"""Address below the journey’s and what is typed there; the statement depends on the advert."""


def open_vacancy(session: Session, **changes: Any) -> Vacancy:
    """An advert that people can apply for at this moment."""
    at = clock.now()
    times = {"publish_at": at - timedelta(days=7), "approved_at": at - timedelta(days=7)}
    return make_vacancy(session, **{**times, "closes_at": at + timedelta(days=21), **changes})


def base(vacancy: Vacancy) -> str:
    """Where the form of this advert lives."""
    return f"/applications/for/{vacancy.reference}"


def statement_pages(vacancy: Vacancy) -> Iterator[tuple[str, dict[str, str]]]:
    """The pages of section 7."""
    needs = needs_of(vacancy)
    if needs.one_statement:
        yield "statement", {"statement": WRITTEN * 5, **DONE}
    for number, wanted in enumerate(needs.criteria, 1):
        last = DONE if number == len(needs.criteria) else {}
        yield f"criterion-{number}", {wanted.name: WRITTEN, **last}


def begin(client: JudgingClient, vacancy: Vacancy) -> Answer:
    """Begin, signed in."""
    return client.post_form(f"/applications/begin/{vacancy.reference}")


def fill_in(client: JudgingClient, vacancy: Vacancy, *pages: tuple[str, Mapping[str, Any]]) -> None:
    """Fill in these pages; all of them where none is named."""
    for path, typed in pages or (*PAGES, *statement_pages(vacancy)):
        answer = client.post_form(f"{base(vacancy)}/{path}", typed)
        assert answer.status_code == 303, (path, answer.page.errors)


def complete_answers(vacancy: Vacancy, email: str) -> Answers:
    """The same as a draft keeps it."""
    journey, answers = journey_for(needs_of(vacancy)), Answers()
    facts = {"email": email, "registers": needs_of(vacancy).registers, "gap_min_months": 1}
    for path, typed in (*PAGES, *statement_pages(vacancy)):
        slug, _, adding = path.partition("/")
        step = journey.step(slug)
        if step is None:
            continue
        section = journey.section_of(step).slug
        if isinstance(step, Step):
            form = step.form(Typed(typed), facts=facts, given=answers.flat(), meta={"csrf": False})
            answers = answers.with_step(slug, form.answers())
        elif adding:
            assert isinstance(step, RepeatingStep)
            form = step.form(Typed(typed), facts=facts, given=answers.flat(), meta={"csrf": False})
            number = len(answers.items.get(slug, ()))
            answers = answers.with_item(slug, Item(f"item-of-a-test-{number:02}", form.answers()))
        else:
            answers = answers.with_step(slug, {})
        answers = answers.with_completed(section, completed=True)
    return answers


class Typed(dict[str, str]):
    """What was typed, as forms read it."""

    def getlist(self, name: str) -> list[str]:
        """The one value, if any."""
        return [self[name]] if name in self else []


def complete_draft(
    db: Database, vacancy: Vacancy, candidate: Candidate, *, at: datetime | None = None, **changes: Any
) -> None:
    """A draft that only has to be sent. `changes` replace answers of single pages: `details={…}`."""
    at = at or clock.now()
    answers = complete_answers(vacancy, candidate.email)
    for slug, typed in changes.items():
        answers = answers.with_step(slug, {**answers.steps.get(slug, {}), **typed})
    with db.transaction() as session:
        begin_with(
            session,
            journey=JOURNEY,
            version=VERSION,
            holder=holder_of(candidate.id, vacancy.id),
            answers=answers,
            until=at + timedelta(days=60),
            at=at,
        )
        session.add(
            ApplicationDraft(
                candidate_id=candidate.id,
                vacancy_id=vacancy.id,
                started_at=at,
                saved_at=at,
                closes_at_told=vacancy.closes_at,
                reminded=[],
            )
        )
