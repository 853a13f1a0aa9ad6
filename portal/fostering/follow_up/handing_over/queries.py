"""Which households go over together: somebody’s, nobody’s, or those that were ticked in the list."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.core.access import Actor
from portal.fostering.follow_up.handing_over.handover import Handover
from portal.fostering.follow_up.owners.queries import MANAGER
from portal.fostering.follow_up.queries import COUNTED_TO, OWED, bounded_count
from portal.fostering.models import Enquiry
from portal.fostering.restricted import may_read, readable_by

AT_A_TIME = 200
"""Each is written down by itself, in a chain that lets nobody else write meanwhile."""

Going = Row[*tuple[Any, ...]]


def meant(handover: Handover, by: Actor) -> list[ColumnElement[bool]]:
    """The households that this is about, as far as this person may read them and anything is owed to them."""
    found = [Enquiry.status.in_(OWED), may_read(by)]
    if handover.picked:
        return [*found, Enquiry.public_ref.in_(handover.picked)]
    return [*found, is_owned_by(handover.whose)]


def is_owned_by(person_id: int | None) -> ColumnElement[bool]:
    """Whose it is; None is nobody."""
    return Enquiry.owner_id.is_(None) if person_id is None else Enquiry.owner_id == person_id


def may_go(handover: Handover, by: Actor) -> list[ColumnElement[bool]]:
    """Which of them go: by the rules of one household, and only to somebody who can read it."""
    to = handover.to
    found = [~is_owned_by(to) if to is None else or_(Enquiry.owner_id.is_(None), Enquiry.owner_id != to)]
    if to is not None:
        found.append(readable_by(to))
    if to != by.id and not by.can(MANAGER):
        found.append(or_(Enquiry.owner_id.is_(None), Enquiry.owner_id == by.id))
    return found


def going(session: Session, handover: Handover, by: Actor) -> Sequence[Going]:
    """What goes over in one step, those due first at the top."""
    columns = (Enquiry.id, Enquiry.public_ref, Enquiry.stage, Enquiry.due_at, Enquiry.owner_id)
    wanted = select(*columns, StaffUser.name.label("owner_name"))
    wanted = wanted.outerjoin(StaffUser, StaffUser.id == Enquiry.owner_id)
    wanted = wanted.where(*meant(handover, by), *may_go(handover, by))
    return session.execute(wanted.order_by(Enquiry.due_at, Enquiry.id).limit(AT_A_TIME)).all()


def staying(session: Session, handover: Handover, going_over: int, by: Actor) -> int | None:
    """How many of those that are meant do not go with this step; None where they are too many to count."""
    count = session.scalar(select(bounded_count(meant(handover, by)))) or 0
    return count - going_over if count <= COUNTED_TO else None


def mark_of(rows: Iterable[Going]) -> str:
    """What a preview showed, and whose each was: that goes over and nothing else."""
    lines = "\n".join(
        f"{row.public_ref} {row.owner_id or ''}" for row in sorted(rows, key=lambda row: row.id)
    )
    return hashlib.sha256(lines.encode()).hexdigest()
