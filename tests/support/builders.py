"""Plain rows for tests: `make_vacancy(session, title="…")`. Everything has a default, everything can be said.

Instants lie around `AT`, the Monday of the fixture `at`. Names are plainly fictional.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import argon2
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.fostering.models import Enquiry, name_key
from portal.fostering.options import NextStep
from portal.vacancies.models import Criterion, ServiceTeam, Vacancy
from portal.vacancies.options import (
    AssessedBy,
    ContractType,
    DbsLevel,
    Importance,
    JobFamily,
    PayScale,
    Registration,
    RoleLevel,
    WorkingPattern,
)

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LETTERS = str.maketrans("0123456789", "abcdefghij")
"""Numbers as names can have them."""
PASSWORD = "heron umbrella fjord 42"
"""The password of people made with `password=PASSWORD`."""

_numbers = count(1)
_QUICK = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def make_staff(
    session: Session, *, role: str | None = "fostering", password: str | None = None, **changes: Any
) -> StaffUser:
    """A member of staff with one role (`roles=[…]` for several); a given password is hashed quickly."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": f"staff{number}@example.org",
        "name": f"Robin Example {number}",
        "roles": [role] if role else [],
        "active": True,
        "created_at": AT - timedelta(days=30),
        "password_hash": _QUICK.hash(password) if password else None,
    }
    person = StaffUser(**{**values, **changes})
    session.add(person)
    session.flush()
    return person


def make_team(session: Session, **changes: Any) -> ServiceTeam:
    """A service team; the one of this slug, changed as said, where it exists."""
    values: dict[str, Any] = {"slug": "assessment", "name": "Assessment Service", "position": 1, **changes}
    team = session.scalar(select(ServiceTeam).where(ServiceTeam.slug == values["slug"]))
    if team is None:
        team = ServiceTeam(**values)
        session.add(team)
    for name, value in changes.items():
        setattr(team, name, value)
    session.flush()
    return team


def make_vacancy(session: Session, **changes: Any) -> Vacancy:
    """A social worker’s vacancy with two criteria, published a week before `AT`, open for three more."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "reference": f"SCC-CS-2026-{number:04}",
        "slug": f"social-worker-{number}",
        "created_at": AT - timedelta(days=14),
        "updated_at": AT - timedelta(days=7),
        "title": "Social worker",
        "family": JobFamily.SOCIAL_WORK,
        "role_level": RoleLevel.SOCIAL_WORKER,
        "contract_type": ContractType.PERMANENT,
        "working_patterns": [WorkingPattern.FULL_TIME.value],
        "hours_per_week": Decimal(37),
        "pay_scale": PayScale.COUNCIL,
        "salary_min": 41_000,
        "salary_max": 45_000,
        "location_base": "Civic Centre, Southampton",
        "summary": "Work with families in a small, steady team.",
        "description": "You will work with families.",
        "dbs_level": DbsLevel.ENHANCED_CHILDREN,
        "registration": Registration.SOCIAL_WORK_ENGLAND,
        "contact_name": "Sam Example",
        "contact_email": "sam.example@example.org",
        "publish_at": AT - timedelta(days=7),
        "closes_at": AT + timedelta(days=21),
        "approved_at": AT - timedelta(days=7),
        "criteria": [make_criterion(0), make_criterion(1)],
    }
    if "team" not in changes and "team_id" not in changes:
        values["team"] = make_team(session)
    vacancy = Vacancy(**{**values, **changes})
    session.add(vacancy)
    session.flush()
    return vacancy


def make_criterion(position: int, **changes: Any) -> Criterion:
    """One line of a person specification, of no vacancy yet."""
    values: dict[str, Any] = {
        "position": position,
        "wording": f"Experience of direct work with children ({position + 1})",
        "importance": Importance.ESSENTIAL,
        "assessed_by": [AssessedBy.APPLICATION.value],
    }
    return Criterion(**{**values, **changes})


def make_enquiry(session: Session, **changes: Any) -> Enquiry:
    """A household’s web enquiry of `AT`, with its information pack, due the next working day at five."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "public_ref": f"FOS-26-{number:05}",
        "submission_key": uuid.uuid4().hex,
        "household_key": uuid.uuid4().hex,
        "received_at": AT,
        "sla_due_at": AT + timedelta(days=1, hours=7),
        "due_at": AT + timedelta(days=1, hours=7),
        "form_version": "2026-11",
        "notice_version": "2026-11",
        "first_name": "Alex",
        "last_name": "Specimen" + str(number).translate(LETTERS),
        "postcode": "SO14 7LY",
        "email": f"household{number}@example.com",
        "phone": f"+447700900{number % 1000:03}",
        **changes,
    }
    if values.get("next_step") != NextStep.INFO_PACK_ONLY:
        values.setdefault("pack_settled_at", AT)
    values.setdefault("first_name_key", name_key(values["first_name"]))
    values.setdefault("last_name_key", name_key(values["last_name"]))
    if values.get("second_first_name"):
        values.setdefault("second_first_name_key", name_key(values["second_first_name"]))
    if values.get("second_last_name"):
        values.setdefault("second_last_name_key", name_key(values["second_last_name"]))
    values.setdefault("email_key", values["email"].casefold() if values["email"] else None)
    enquiry = Enquiry(**values)
    session.add(enquiry)
    session.flush()
    return enquiry
