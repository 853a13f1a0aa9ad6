"""Demonstration data: fictional people and plainly marked records, for an empty database in development.

`portal up` shows sign-ins that are true: it remembers, in a file that only its owner may read, which
password belongs to which stored hash, and sets all demonstration passwords anew when that file does not
fit the database or DEMO_PASSWORD asks for another one. Production refuses all of it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.accounts import demo as staff
from portal.accounts.models import StaffUser
from portal.applications.demo import load_demo_applications
from portal.core.access import Actor
from portal.core.database import Database
from portal.fostering.demo.load import load_demo_enquiries
from portal.fostering.demo.meetings import load_demo_events
from portal.settings import Settings
from portal.vacancies.demo import load_demo_vacancies
from portal.vacancies.life.demo import load_demo_life
from portal.vacancies.models import Vacancy

LOADER = Actor.system("demonstration data")
REMEMBERED = "demonstration-sign-ins.json"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in as one of the fictional members of staff."""

    role: str
    email: str
    password: str


class NotEmpty(Exception):
    """The database holds records that are not ours to mix with."""


def load(database: Database, settings: Settings, at: datetime) -> list[SignIn]:
    """Fill an empty database, all of it or nothing; raises NotEmpty."""
    if not is_empty(database):
        raise NotEmpty
    return set_passwords(database, settings, at, with_records=True)


def sign_ins(database: Database, settings: Settings, at: datetime) -> list[SignIn]:
    """The demonstration sign-ins as they work now; loads an empty database first.

    A database that holds records but none of the fictional staff is left alone, and the answer is empty.
    """
    if is_empty(database):
        return load(database, settings, at)
    hashes = hashes_of_staff(database)
    if not hashes:
        return []
    known = remembered(settings, hashes)
    wanted = settings.demo_password
    if known and all(wanted in (None, person.password) for person in known):
        return known
    return set_passwords(database, settings, at, with_records=False)


def is_empty(database: Database) -> bool:
    """Whether nobody works here and nothing is advertised yet."""
    with database.reading() as session:
        return not any(session.scalar(select(exists().select_from(table))) for table in (StaffUser, Vacancy))


def set_passwords(
    database: Database, settings: Settings, at: datetime, *, with_records: bool
) -> list[SignIn]:
    """Give every fictional member of staff a password, and remember which."""
    prepared = staff.prepare_demo_staff(settings.demo_password)
    with database.transaction() as session:
        people = [SignIn(*facts) for facts in staff.load_demo_staff(session, prepared, by=LOADER, at=at)]
        if with_records:
            load_records(session, settings, at)
    remember(settings, people, hashes_of_staff(database))
    return people


def load_records(session: Session, settings: Settings, at: datetime) -> None:
    """Fictional adverts, households and applications; the inspections are real: migrations bring them."""
    load_demo_vacancies(session, at)
    load_demo_life(session, at)
    load_demo_enquiries(session, at, settings.council)
    load_demo_events(session, at)
    load_demo_applications(session, at, settings.council)


def hashes_of_staff(database: Database) -> dict[str, str]:
    """The stored password hashes of the fictional staff by address; empty when there are none."""
    addresses = [email for _, email, _ in staff.PEOPLE]
    with database.reading() as session:
        rows = session.execute(
            select(StaffUser.email, StaffUser.password_hash).where(StaffUser.email.in_(addresses))
        )
        return {email: fingerprint(password_hash or "") for email, password_hash in rows}


def fingerprint(password_hash: str) -> str:
    """Enough of a stored hash to see that it is still the same."""
    return hashlib.sha256(password_hash.encode()).hexdigest()


def remember(settings: Settings, people: list[SignIn], hashes: dict[str, str]) -> None:
    """Write down which password belongs to which stored hash."""
    lines = [[person.role, person.email, person.password, hashes[person.email]] for person in people]
    file = remembered_file(settings)
    file.touch(mode=0o600)
    file.write_text(json.dumps(lines))


def remembered(settings: Settings, hashes: dict[str, str]) -> list[SignIn]:
    """What was written down, if all of it is still true; else nothing."""
    try:
        lines = json.loads(remembered_file(settings).read_text())
        people = [(SignIn(role, email, password), stored) for role, email, password, stored in lines]
    except (OSError, ValueError, TypeError):
        return []
    if {person.email: stored for person, stored in people} != hashes:
        return []
    return [person for person, _ in people]


def remembered_file(settings: Settings) -> Path:
    """Where the sign-ins are written down, readable by its owner only."""
    return settings.instance / REMEMBERED
