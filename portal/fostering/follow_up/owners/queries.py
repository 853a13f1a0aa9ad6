"""Who works with households, and who covers for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.accounts.models import StaffUser
from portal.accounts.queries import people
from portal.fostering.follow_up.owners.models import Cover

MANAGER = "fostering.manage"
TEAM_ROLES = frozenset({"fostering", "fostering_manager"})


def team(session: Session) -> list[StaffUser]:
    """Everybody who can own a household, by name."""
    return [person for person in people(session) if person.active and TEAM_ROLES.intersection(person.roles)]


def covers(session: Session, today: date) -> Sequence[Cover]:
    """Absences that are going on or still to come, the first to begin at the top."""
    wanted = select(Cover).where(Cover.last_day >= today).order_by(Cover.first_day, Cover.id)
    return session.scalars(wanted.options(selectinload(Cover.person), selectinload(Cover.cover))).all()


def covered_by(session: Session, person_id: int, today: date) -> list[int]:
    """The people whose households this person looks after today."""
    wanted = select(Cover.person_id).where(Cover.cover_id == person_id)
    return list(session.scalars(wanted.where(Cover.first_day <= today, Cover.last_day >= today).distinct()))
