"""How much is due today and overdue, by clock; as long as the lists that the numbers lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.fostering.follow_up.board.queries import STAGES
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.queries import bounded_count, conditions
from portal.fostering.options import Stage
from portal.fostering.pipeline import status_in

DUE = ("overdue", "today")


class RunningClock(NamedTuple):
    """The clock of a stage: one runs in each, until its next action is done."""

    stage: Stage
    overdue: int
    later_today: int


def running_clocks(
    session: Session, filters: QueueFilters, *, readers: Sequence[int], at: datetime
) -> list[RunningClock]:
    """Every clock by which something is due; each count stops at COUNTED_TO."""
    wanted = [
        bounded_count(
            conditions(
                replace(filters, stage=stage, status=status_in(stage), due=due), readers=readers, at=at
            )
        )
        for stage in STAGES
        for due in DUE
    ]
    counts = [int(count) for count in session.execute(select(*wanted)).one()]
    clocks = map(RunningClock, STAGES, counts[::2], counts[1::2])
    return [one for one in clocks if one.overdue or one.later_today]
