"""Demonstration sign-ins: one fictional person for each role, and two in HR: adverts need a second person."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import service
from portal.accounts.passwords import hash_password
from portal.accounts.queries import person_by_email
from portal.core.access import Actor

PEOPLE = (
    ("hr", "hr@example.org", "Harriet Rowe (demonstration)"),
    ("hr", "hr.second@example.org", "Hilda Court (demonstration)"),
    ("hiring_manager", "hiring.manager@example.org", "Hugo Marsh (demonstration)"),
    ("fostering", "fostering@example.org", "Freya Sutton (demonstration)"),
    ("fostering_manager", "fostering.manager@example.org", "Farida Malik (demonstration)"),
    ("fostering_analyst", "fostering.analyst@example.org", "Fabian Okoro (demonstration)"),
    ("admin", "admin@example.org", "Adam Drew (demonstration)"),
)


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """One person to be loaded; the password is shown once, on the terminal."""

    role: str
    email: str
    name: str
    password: str
    password_hash: str


def prepare_demo_staff(password: str | None) -> list[DemoSignIn]:
    """Passwords and their hashes, random ones unless one is given. Slow: call it before the transaction."""
    prepared = []
    for role, email, name in PEOPLE:
        chosen = password or secrets.token_urlsafe(12)
        prepared.append(DemoSignIn(role, email, name, chosen, hash_password(chosen)))
    return prepared


def load_demo_staff(
    session: Session, prepared: Sequence[DemoSignIn], *, by: Actor, at: datetime
) -> list[tuple[str, str, str]]:
    """Add who is missing and set everybody's password; the answer is (role, email, password) for each."""
    for wanted in prepared:
        person = person_by_email(session, wanted.email)
        if person is None:
            person = service.add_person(
                session, email=wanted.email, name=wanted.name, roles=[wanted.role], by=by, at=at
            )
        service.set_password(session, person, wanted.password_hash, how="command", by=by, at=at)
    return [(wanted.role, wanted.email, wanted.password) for wanted in prepared]
