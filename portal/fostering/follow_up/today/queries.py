"""How much is due today and overdue, by clock; as long as the lists that the numbers lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.council import FosteringTeam
from portal.fostering.follow_up.board.queries import STAGES
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.queries import bounded_count, conditions, late_visits
from portal.fostering.options import Stage
from portal.fostering.pipeline import status_in

DUE = ("overdue", "today")


class RunningClock(NamedTuple):
    """The clock of a stage: one runs in each, until its next action is done."""

    stage: Stage
    overdue: int
    later_today: int


def running_clocks(
    session: Session, filters: QueueFilters, *, readers: Sequence[int], at: datetime, team: FosteringTeam
) -> list[RunningClock]:
    """Every clock by which something is due; each count stops at COUNTED_TO.

    A visit that is booked for a later day than its clock allows counts as overdue from then on.
    """
    wanted = [
        bounded_count(
            conditions(
                replace(filters, stage=stage, status=status_in(stage), due=due), readers=readers, at=at
            )
        )
        for stage in STAGES
        for due in DUE
    ]
    wanted.append(bounded_count(late_visits(filters, readers=readers, at=at, team=team)))
    *counts, visits_late = (int(count) for count in session.execute(select(*wanted)).one())
    late = {Stage.VISIT_BOOKED: visits_late}
    pairs = zip(STAGES, counts[::2], counts[1::2], strict=True)
    clocks = [RunningClock(stage, due + late.get(stage, 0), today) for stage, due, today in pairs]
    return [one for one in clocks if one.overdue or one.later_today]
