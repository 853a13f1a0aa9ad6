"""The board: each stage with how many are in it, and those who are due first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, union_all
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.queries import HOUSEHOLD, bounded_count, conditions
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage, Status
from portal.fostering.pipeline import status_in

CARDS = 6
"""Households shown of a stage; the list has them all."""

STAGES = tuple(stage for stage in Stage if status_in(stage) in (Status.OPEN, Status.KEEP_IN_TOUCH))


@dataclass(frozen=True, slots=True)
class StageColumn:
    """One stage of the board."""

    stage: Stage
    status: Status
    count: int
    rows: Sequence[Row[*tuple[Any, ...]]]


def board(
    session: Session, filters: QueueFilters, *, readers: Sequence[int], at: datetime
) -> list[StageColumn]:
    """Every stage in which something is owed; the same households as the lists that the columns lead to."""
    wanted = {
        stage: conditions(replace(filters, stage=stage, status=status_in(stage)), readers=readers, at=at)
        for stage in STAGES
    }
    counts = session.execute(select(*(bounded_count(where) for where in wanted.values()))).one()
    first = [
        select(Enquiry.id).where(*where).order_by(Enquiry.due_at, Enquiry.id).limit(CARDS).subquery()
        for where in wanted.values()
    ]
    ids = union_all(*(select(part.c.id) for part in first)).subquery()
    found: dict[Stage, list[Row[*tuple[Any, ...]]]] = {stage: [] for stage in STAGES}
    rows = select(*HOUSEHOLD).outerjoin(StaffUser, StaffUser.id == Enquiry.owner_id)
    rows = rows.where(Enquiry.id.in_(select(ids.c.id))).order_by(Enquiry.due_at, Enquiry.id)
    for row in session.execute(rows):
        found[row.stage].append(row)
    return [
        StageColumn(stage, status_in(stage), int(count), found[stage])
        for stage, count in zip(STAGES, counts, strict=True)
    ]
