"""The board: each stage with how many are in it, and those who are due first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.queries import HOUSEHOLD, bounded_count, narrowed, table_of
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage, Status
from portal.fostering.pipeline import status_in
from portal.fostering.restricted import readable_by

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
    summaries = session.execute(summary_of_stages(filters, readers=readers, at=at)).all()
    first = [household for _stage, _count, *households in summaries for household in households]
    counts = {stage: count for stage, count, *_households in summaries}
    rows = select(*HOUSEHOLD).outerjoin(StaffUser, StaffUser.id == Enquiry.owner_id)
    rows = rows.where(Enquiry.id.in_([one for one in first if one]), readable_by(readers[0]))
    found: dict[Stage, list[Row[*tuple[Any, ...]]]] = {stage: [] for stage in STAGES}
    for row in session.execute(rows.order_by(Enquiry.due_at, Enquiry.id)):
        found.setdefault(row.stage, []).append(row)
    return [StageColumn(stage, status_in(stage), counts[stage], found[stage]) for stage in STAGES]


def summary_of_stages(
    filters: QueueFilters, *, readers: Sequence[int], at: datetime
) -> Select[*tuple[Any, ...]]:
    """Of each stage: itself, how many are in it, and by id those who are due first, empty after the last."""
    stages, in_stage = table_of_stages()
    where = (*in_stage, *narrowed(filters, readers=readers, at=at))
    counted = bounded_count(where, stages)
    one = select(Enquiry.id).where(*where).order_by(Enquiry.due_at, Enquiry.id).limit(1).correlate(stages)
    return select(stages.c.stage, counted, *(one.offset(place).scalar_subquery() for place in range(CARDS)))


def table_of_stages() -> tuple[CTE, tuple[ColumnElement[bool], ...]]:
    """The stages as a table of a statement, and that an enquiry is in the one that the statement looks at.

    So the database plans a few small questions, not as many for each stage: the plan of those took several
    times as long as the answers.
    """
    columns = {"stage": Enquiry.stage, "status": Enquiry.status}
    stages = table_of(columns, [(stage, status_in(stage)) for stage in STAGES], "stages")
    return stages, (Enquiry.stage == stages.c.stage, Enquiry.status == stages.c.status)
