"""Reads of staff accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, selectinload

from portal.accounts.models import StaffGrant, StaffUser, permissions_of
from portal.core.tokens import hash_of


def account_name(typed: str) -> str:
    """An e-mail address as accounts are found by: trimmed, ASCII letters in lower case.

    Only ASCII is folded. Unicode folding would make a Kelvin sign a “k”, and so one person’s
    look-alike address another person’s account.
    """
    return "".join(letter.lower() if letter.isascii() else letter for letter in typed.strip())


def person_by_email(session: Session, typed: str) -> StaffUser | None:
    """The person with this address, disabled or not."""
    return session.scalar(select(StaffUser).where(StaffUser.email == account_name(typed)))


def person(session: Session, person_id: int) -> StaffUser | None:
    """One person with the grants in force."""
    wanted = select(StaffUser).where(StaffUser.id == person_id).options(selectinload(StaffUser.grants))
    return session.scalar(wanted)


def person_to_change(session: Session, person_id: int) -> StaffUser | None:
    """One person, locked until the transaction ends."""
    wanted = select(StaffUser).where(StaffUser.id == person_id).options(selectinload(StaffUser.grants))
    return session.scalar(wanted.with_for_update())


def person_with_link(
    session: Session, token: str, at: datetime, *, to_change: bool = False
) -> StaffUser | None:
    """The person whose set-password link holds this token, while it works; `to_change` locks the row."""
    wanted = select(StaffUser).where(StaffUser.link_hash == hash_of(token))
    found = session.scalar(wanted.with_for_update() if to_change else wanted)
    return found if found is not None and found.link_is_live(at) else None


def people(session: Session) -> Sequence[StaffUser]:
    """Everybody, those who may sign in first, then by name."""
    wanted = select(StaffUser).order_by(StaffUser.active.desc(), StaffUser.name, StaffUser.id)
    return session.scalars(wanted.options(selectinload(StaffUser.grants))).all()


def grants_of(session: Session, person_id: int) -> Sequence[StaffGrant]:
    """Every permission this person was ever given beside the roles, newest first."""
    wanted = select(StaffGrant).where(StaffGrant.person_id == person_id)
    return session.scalars(wanted.order_by(StaffGrant.id.desc())).all()


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody signed in is and may do at this moment."""

    id: int
    name: str
    email: str
    roles: frozenset[str]
    permissions: frozenset[str]


def standing(session: Session, person_id: int, session_epoch: int) -> Standing | None:
    """The person behind a session, or None where the account or this session has been ended.

    One statement: it runs for every staff page.
    """
    in_force: ColumnElement[bool] = and_(
        StaffGrant.person_id == StaffUser.id, StaffGrant.removed_at.is_(None)
    )
    columns = (StaffUser.id, StaffUser.name, StaffUser.email, StaffUser.roles, StaffGrant.permission)
    rows = session.execute(
        select(*columns)
        .outerjoin(StaffGrant, in_force)
        .where(StaffUser.id == person_id, StaffUser.session_epoch == session_epoch, StaffUser.active)
    ).all()
    if not rows:
        return None
    found = rows[0]
    grants = (row.permission for row in rows if row.permission is not None)
    return Standing(
        id=found.id,
        name=found.name,
        email=found.email,
        roles=frozenset(found.roles),
        permissions=permissions_of(found.roles, grants),
    )
