"""How much is due today and overdue, by clock; as long as the lists that the numbers lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.council import FosteringTeam
from portal.fostering.follow_up.board.queries import STAGES, table_of_stages
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.follow_up.queries import bounded_count, late_visits, narrowed
from portal.fostering.options import Stage

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
    stages, in_stage = table_of_stages()
    wanted = [narrowed(replace(filters, due=due), readers=readers, at=at) for due in DUE]
    counts = [bounded_count((*in_stage, *where), stages) for where in wanted]
    visits_late = bounded_count(late_visits(filters, readers=readers, at=at, team=team))
    clocks = {
        stage: RunningClock(stage, overdue + (late if stage is Stage.VISIT_BOOKED else 0), later_today)
        for stage, overdue, later_today, late in session.execute(select(stages.c.stage, *counts, visits_late))
    }
    return [clocks[stage] for stage in STAGES if clocks[stage].overdue or clocks[stage].later_today]
