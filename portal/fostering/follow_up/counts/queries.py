"""The figures above the queue: how much waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from portal.core.database import BigId, UtcDateTime
from portal.council import FosteringTeam
from portal.fostering.follow_up.queries import FINISHED, OWED, bounded_count, end_of_day, table_of
from portal.fostering.models import Enquiry
from portal.fostering.options import Status
from portal.fostering.queries import LateVisits, late_visits_at, visit_overdue
from portal.fostering.restricted import readable_by


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How much waits; each stops at COUNTED_TO."""

    overdue: int
    today: int
    open: int
    keep_in_touch: int
    closed: int
    approved: int


def queue_counts(session: Session, at: datetime, *, reader: int | None, team: FosteringTeam) -> QueueCounts:
    """The figures above the queue, in one statement; each is as long as this reader’s list."""
    said = {"tonight": end_of_day(at), "reader": reader, **late_visits_at(team, at)._asdict()}
    found = {status: numbers for status, *numbers in session.execute(counting(), said)}
    opened, late, later_today, visits_late = found[Status.OPEN]
    kept, reviews_late, reviews_today, _ = found[Status.KEEP_IN_TOUCH]
    finished = [found[status][0] for status in FINISHED]
    return QueueCounts(
        late + reviews_late + visits_late, later_today + reviews_today, opened, kept, *finished
    )


@cache
def counting() -> Select[*tuple[Any, ...]]:
    """Of each status how many are in it, overdue, due later today, and late to be visited; built once.

    Its parameters are `reader`, `tonight` and the moments of `LateVisits`, by name.
    """
    moments = LateVisits(*(bindparam(name, type_=UtcDateTime()) for name in LateVisits._fields))
    tonight = bindparam("tonight", type_=UtcDateTime())
    readable = readable_by(bindparam("reader", type_=BigId))
    statuses = table_of({"status": Enquiry.status}, [(status,) for status in (*OWED, *FINISHED)], "statuses")
    inside = (Enquiry.status == statuses.c.status, readable)
    late, today = Enquiry.due_at < moments.at, and_(Enquiry.due_at >= moments.at, Enquiry.due_at < tonight)
    counted = [bounded_count((*inside, *part), statuses) for part in ((), (late,), (today,))]
    visits = bounded_count((Enquiry.status == Status.OPEN, readable, *visit_overdue(moments)))
    return select(statuses.c.status, *counted, visits)
