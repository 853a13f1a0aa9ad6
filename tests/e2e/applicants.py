"""People who have applied, put into the database of a running portal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.models import StaffUser
from portal.applications.models import Application
from portal.core import clock
from portal.core.database import Database
from tests.support.applications import make_application
from tests.support.builders import make_vacancy
from tests.support.live import Live

NAMES = (
    ("Ngozi", "Adeyemi-Winterbourne"),
    ("Łukasz", "Wiśniewski"),
    ("Siân", "O’Dé-Ros"),
    ("李", "小龙"),
)
ADVERT = {
    "criteria": [
        {"wording": "Direct work with children and families", "importance": "essential", "assessed_by": []},
        {"wording": "Registration with Social Work England", "importance": "essential", "assessed_by": []},
        {"wording": "A second language", "importance": "desirable", "assessed_by": []},
    ]
}
STATEMENT = (
    "I have worked with families in Harbour Town for six years.\n\n"
    "In that time I held a caseload of sixteen children and chaired a weekly group for parents."
)


def group(step: str, *rows: tuple[str, str, str], heading: str = "") -> dict[str, Any]:
    """One group of a snapshot."""
    return {
        "step": step,
        "heading": heading,
        "item": None,
        "rows": [
            {"name": name, "question": question, "text": text, "answer": text}
            for name, question, text in rows
        ],
    }


def snapshot_of(given: str, family: str, email: str) -> dict[str, Any]:
    """An application as it is kept: questions as worded, with answers."""
    sections = [
        (
            "details",
            "Your details",
            group(
                "details",
                ("given_names", "Given names", given),
                ("family_name", "Family name", family),
                ("email", "Email address", email),
            ),
        ),
        (
            "employment",
            "Employment history and gaps",
            group(
                "jobs",
                ("employer", "Employer", "Harbour Town Council"),
                ("duties", "Main duties", "Child in need and child protection work"),
                heading="Social worker, Harbour Town Council",
            ),
        ),
        ("statement", "How you meet the criteria", group("statement", ("statement", "Statement", STATEMENT))),
        (
            "referees",
            "References",
            group("referee", ("name", "Name", "Rowan Example"), heading="Rowan Example"),
        ),
        (
            "support",
            "Support and interview schemes",
            group(
                "support", ("adjustments", "Support or adjustments", "Yes"), ("dc_scheme", "Scheme", "Yes")
            ),
        ),
    ]
    return {
        "journey": "application",
        "version": "2026-11",
        "title": "Apply",
        "sections": [{"slug": slug, "title": title, "groups": [part]} for slug, title, part in sections],
    }


def apply_to(live: Live, title: str, manager: str = "") -> tuple[str, list[str]]:
    """An anonymised advert with four applications; the references of both, in order of receipt."""
    database = Database(f"sqlite:///{next(live.instance.glob('*.sqlite3'))}")
    at = clock.now()
    with database.transaction() as session:
        person = session.scalar(select(StaffUser).where(StaffUser.email == manager)) if manager else None
        number = at.strftime("%H%M%S%f")[:10]
        vacancy = make_vacancy(
            session,
            title=title,
            reference=f"SCC-E2E-{number}",
            slug=f"applied-{number}",
            publish_at=at - timedelta(days=30),
            approved_at=at - timedelta(days=30),
            closes_at=at - timedelta(days=2),
            decision_promised_on=(at + timedelta(days=9)).date(),
            hiring_manager_id=person.id if person else None,
        )
        references = [
            make_application(
                session,
                vacancy,
                given_names=given,
                family_name=family,
                name_key=f"{family} {given}".casefold(),
                email=f"applicant{place}-{number}@example.com",
                candidate=None,
                submitted_at=at - timedelta(days=9 - place),
                current_job_title="Social worker",
                current_employer="Harbour Town Council",
                submission_key=f"e2e-{number}-{place}",
                registration_number=f"SW{place + 1}234",
                gap_count=place % 2,
                disability_confident=place == 1,
                flags=["referee_free_mail"] if place == 2 else [],
                advert=ADVERT,
                snapshot=snapshot_of(given, family, f"applicant{place}-{number}@example.com"),
            ).reference
            for place, (given, family) in enumerate(NAMES)
        ]
        return vacancy.reference, references


def let_the_interview_pass(live: Live, reference: str) -> None:
    """As if its hour had come: what came of it is recorded only from then on."""
    database = Database(f"sqlite:///{next(live.instance.glob('*.sqlite3'))}")
    with database.transaction() as session:
        wanted = select(Application).where(Application.reference == reference)
        session.scalars(wanted).one().interview_at = clock.now() - timedelta(minutes=1)
