"""Demonstration applications: made-up people at several stages, for candidates’ and HR’s pages.

They are built from answers as the form keeps them and marked as demonstration; no mail is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.queries import person_by_email
from portal.applications.apply import queries
from portal.applications.apply.journey import VERSION, journey_for
from portal.applications.apply.needs import Needs, needs_of
from portal.applications.apply.service import Sending, application_of, insert, note_acceptance
from portal.applications.candidates.models import Candidate
from portal.applications.history.months import Month
from portal.applications.history.sections import history_facts
from portal.applications.interviews.service import change_interview
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import InterviewMode
from portal.applications.sift.facts import Dates
from portal.applications.sift.queries import application_to_change
from portal.applications.sift.service import change_status
from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.clock import london, london_instant
from portal.council import Council
from portal.journeys.answers import Answers, Item
from portal.journeys.engine import Submission
from portal.journeys.snapshot import build_snapshot
from portal.vacancies.demo import working_day
from portal.vacancies.models import Vacancy

DEMO = Actor.system("demonstration data")
DECIDES = "hr@example.org"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who does not exist, for which advert they applied, and what was decided."""

    given_names: str
    family_name: str
    advert: str
    sent_days_ago: int
    worked_months: int
    number: str
    wrote: str
    moves: tuple[tuple[Status, tuple[str, ...]], ...] = ()
    interview_in: int = 0
    """Days from loading, where they are invited."""
    changed_by: int = 0
    """Days by which the interview was put off after that."""


INVITED = ((Status.SIFTING, ()), (Status.SHORTLISTED, ()), (Status.INTERVIEW_INVITED, ()))
PLACE = "Civic Centre, Southampton SO14 7LY"
NEWLY, JIGSAW = "newly-qualified-social-worker-demonstration", "social-worker-jigsaw-demonstration"
APPLICANTS = (
    Applicant(
        *("Amina", "Demonstration", NEWLY, 2, 14, "SW900001"),
        "A girl of nine would not speak to me on my last placement. I asked to walk her to school.",
    ),
    Applicant(
        *("Tomasz", "Example", JIGSAW, 24, 70, "SW900002"),
        "I know short breaks from both sides: I was a play worker before I qualified.",
        ((Status.SIFTING, ()), (Status.SHORTLISTED, ())),
    ),
    Applicant(
        *("Siân", "Specimen", JIGSAW, 22, 30, "SW900003"),
        "I have worked with adults and would like to learn the work with disabled children.",
        ((Status.SIFTING, ()), (Status.NOT_SHORTLISTED, ("lower_score",))),
    ),
    Applicant(
        *("Rhodri", "Placeholder", JIGSAW, 21, 95, "SW900004"),
        "My brother had short breaks when we were small, and I remember what they were for.",
        INVITED,
        interview_in=6,
    ),
    Applicant(
        *("Yewande", "Muster", JIGSAW, 20, 40, "SW900005"),
        "I have led reviews for disabled children for two years, with their words at the top.",
        INVITED,
        interview_in=6,
        changed_by=7,
    ),
)


def load_demo_applications(session: Session, at: datetime, council: Council) -> int:
    """Add the applications to a database without any; returns how many were added."""
    if session.scalar(select(Application.id).limit(1)) is not None:
        return 0
    for applicant in APPLICANTS:
        reference = session.scalar(select(Vacancy.reference).where(Vacancy.slug == applicant.advert))
        vacancy = queries.vacancy_to_apply_for(session, reference) if reference else None
        if vacancy is not None:
            load_applicant(
                session, applicant, queries.locked_vacancy(session, vacancy.id), at=at, council=council
            )
    session.flush()
    return len(APPLICANTS)


def load_applicant(
    session: Session, applicant: Applicant, vacancy: Vacancy, *, at: datetime, council: Council
) -> None:
    """One account with its application, and what HR has decided since."""
    sent_at = at - applicant.sent_days_ago * DAY
    email = f"{applicant.number.lower()}@example.com"
    candidate = Candidate(email=email, email_key=email, created_at=sent_at - 3 * DAY, signed_in_at=sent_at)
    session.add(candidate)
    session.flush()
    needs = needs_of(vacancy)
    facts = {**history_facts(council), "registers": needs.registers, "email": email}
    answers = answers_of(applicant, needs, email, Month.on(london(sent_at).date()))
    sending = Sending(vacancy_id=vacancy.id, candidate_id=candidate.id, facts=facts, council=council, by=DEMO)
    submission = Submission(
        answers=answers,
        snapshot=build_snapshot(journey_for(needs), answers, facts),
        key=f"demonstration-application-{applicant.number}",
        final={},
        signs=(),
        version=VERSION,
        started_at=sent_at - 3 * DAY,
        at=sent_at,
    )
    application = application_of(vacancy, submission, sending, late=False)
    insert(session, application, sending)
    note_acceptance(session, application, vacancy, sending)
    session.flush()
    decide(session, applicant, vacancy.reference, application.reference, at)


def decide(session: Session, applicant: Applicant, vacancy: str, reference: str, at: datetime) -> None:
    """What HR did, one step a day until yesterday; the answers wait to be released."""
    person = person_by_email(session, DECIDES)
    by = Actor(
        id=person.id if person else None,
        name=person.name if person else DEMO.name,
        kind="staff",
        permissions=ROLE_PERMISSIONS["hr"],
    )
    first_at = morning_in(applicant.interview_in, at)
    for days, (to, reasons) in zip(range(len(applicant.moves), 0, -1), applicant.moves, strict=True):
        application = application_to_change(session, vacancy, reference, by=by)
        dates = invited_to(first_at) if to is Status.INTERVIEW_INVITED else Dates()
        change_status(session, application, to, by=by, at=at - days * DAY, reasons=reasons, **dates)
        session.flush()
    if applicant.changed_by:
        application = application_to_change(session, vacancy, reference, by=by)
        then = morning_in(applicant.interview_in + applicant.changed_by, at)
        change_interview(
            session,
            application,
            interview_at=then,
            interview_mode=InterviewMode.IN_PERSON,
            interview_place=PLACE,
            by=by,
            at=at - DAY / 24,
        )


def invited_to(interview_at: datetime) -> Dates:
    """What an invitation says."""
    return Dates(interview_at=interview_at, interview_mode=InterviewMode.IN_PERSON, interview_place=PLACE)


def morning_in(days: int, at: datetime) -> datetime:
    """At ten in the morning so many days from loading, or on the first working day after that."""
    return london_instant(working_day(london(at).date(), days), time(10))


def answers_of(applicant: Applicant, needs: Needs, email: str, now: Month) -> Answers:
    """A complete application."""
    began = now.plus(-applicant.worked_months)
    pages: dict[str, Mapping[str, Any]] = {
        "details": details_of(applicant, email),
        "eligibility": {
            "right_to_work": "unlimited",
            "lived_abroad": "no",
            "travel": "car",
            "internal_employee": "no",
            "source": "community_care",
        },
        "registration": {"reg_status": "registered", "swe_number": applicant.number},
        "fitness": {"fitness_to_practise": "no"},
        "qualifying": {
            "asye_status": "in_progress",
            "sw_qual_route": "undergraduate",
            "qualified_month": began.plus(-1).code,
        },
        "left-education": {"education_left": "yes", "left_education": began.plus(-1).code},
        "work": {"has_worked": "yes"},
        **{slug: {} for slug in ("qualifications", "training", "jobs", "gaps", "referees")},
        "statement": {"statement": f"{applicant.wrote} " * 6},
        "support": {
            "dc_scheme": "no",
            **{f"scheme_{scheme.value}": "no" for scheme in needs.schemes},
            "adjustments": "no",
        },
        "declarations": {
            "relationship": "no",
            "councillor_12m": "no",
            "canvassing_ack": True,
            "accuracy": True,
            "understand_checks": True,
            "understand_barred": True,
            "privacy_read": True,
        },
        **{
            f"criterion-{number}": {wanted.name: applicant.wrote}
            for number, wanted in enumerate(needs.criteria, 1)
        },
    }
    journey = journey_for(needs)
    steps = {step.slug: pages[step.slug] for step in journey.steps if step.slug in pages}
    lists = {"qualifications": [qualification(began)], "jobs": [job(began)], "referees": referees(began)}
    items = {
        slug: tuple(Item(f"demonstration-{number:03}", answers) for number, answers in enumerate(entries))
        for slug, entries in lists.items()
    }
    return Answers(steps, items, frozenset(section.slug for section in journey.sections))


def details_of(applicant: Applicant, email: str) -> dict[str, Any]:
    """Names and an address in a street that does not exist."""
    return {
        "given_names": applicant.given_names,
        "family_name": applicant.family_name,
        "preferred_name": "",
        "previous_names_any": "no",
        "email": email,
        "phone": "+441632960777",
        "address1": "1 Example Street",
        "address2": "",
        "town": "Southampton",
        "county": "",
        "postcode": "SO14 7LY",
        "country": "",
    }


def qualification(began: Month) -> dict[str, Any]:
    """A degree, the month before the first work."""
    return {
        "title": "BA (Hons)",
        "subject": "Social work",
        "level": "degree",
        "grade": "2:1",
        "institution": "A university that does not exist",
        "awarding_body": "",
        "finished": "yes",
        "awarded": began.plus(-1).code,
        "start": None,
    }


def job(began: Month) -> dict[str, Any]:
    """The work since."""
    return {
        "employer": "Example County Council",
        "town": "Winchester",
        "title": "Social worker",
        "post_type": "paid",
        "agency": "no",
        "start": began.code,
        "current": "yes",
        "duties": "Assessments and plans with children and their parents, and the records of both.",
        "leaving_reason": "I would like to work where I live.",
        "with_children": "yes",
    }


def referees(began: Month) -> list[dict[str, Any]]:
    """A manager, and somebody from before."""
    people = (("current_employer", "Robin Example"), ("other_employer", "Ashley Example"))
    return [
        {
            "referee_kind": kind,
            "name": name,
            "job_title": "Team manager",
            "phone": "",
            "address": "",
            "organisation": "Example County Council",
            "relationship": "My manager",
            "email": f"{kind}@example.org",
            "known_from": began.code,
            "known_to": None,
            "contact": "ask_first",
            "not_relative": True,
        }
        for kind, name in people
    ]
