"""Rows of HR's lists as they are drawn: what stands where, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from portal.core.wording import local_date, plural, short_day, short_moment
from portal.vacancies.options import Status
from portal.vacancies.wording import closes_soon, time_left


class Listed(NamedTuple):
    """One advert in a list."""

    reference: str
    title: str
    team: str
    posts: str
    status: str
    kind: str
    """How the status is drawn: good, warn, quiet or nothing."""
    when: str
    left: str
    """What time presses, in words; empty where none does."""
    urgent: bool
    manager: str
    is_demo: bool


class Writing(NamedTuple):
    """One piece of writing in progress."""

    reference: str
    title: str
    what: str
    saved: str
    by: str
    is_advert: bool


KINDS = {
    Status.OPEN: "good",
    Status.PENDING_APPROVAL: "warn",
    Status.CLOSED: "warn",
    Status.CANCELLED: "quiet",
    Status.ARCHIVED: "quiet",
    Status.NOT_FILLED: "quiet",
}


def listed(row: Any, at: datetime) -> Listed:
    """An advert's row."""
    status = Status(row.status)
    when, left, urgent = dates_of(row, status, at)
    return Listed(
        reference=row.reference,
        title=row.title,
        team=row.team,
        posts=posts_of(row, status),
        status=status.label,
        kind=KINDS.get(status, ""),
        when=when,
        left=left,
        urgent=urgent,
        manager=row.manager or "",
        is_demo=row.is_demo,
    )


def posts_of(row: Any, status: Status) -> str:
    """2; 1 of 2 filled."""
    posts = str(row.number_of_posts)
    return f"{row.posts_filled or 0} of {posts} filled" if status is Status.PART_FILLED else posts


def dates_of(row: Any, status: Status, at: datetime) -> tuple[str, str, bool]:
    """The date that matters in this state, what presses, and whether it is urgent."""
    match status:
        case Status.DRAFT:
            return f"Sent back {short_moment(row.updated_at)}", "", False
        case Status.PENDING_APPROVAL:
            days = (local_date(at) - local_date(row.submitted_at)).days
            waits = f"waits {plural(days, 'day')}" if days else "sent today"
            return f"Sent {short_moment(row.submitted_at)}", waits, days > 2
        case Status.SCHEDULED:
            return f"Published {short_moment(row.publish_at)}", "", False
        case Status.OPEN:
            left = time_left(row.closes_at, at)
            return f"Closes {short_moment(row.closes_at)}", left, closes_soon(row.closes_at, at)
        case Status.CLOSED:
            return closed_dates(row, at)
        case Status.CANCELLED:
            return f"Cancelled {short_day(row.cancelled_at)}", "", False
        case Status.ARCHIVED:
            return f"Archived {short_day(row.archived_at)}", "", False
        case _:
            on = row.outcome_at or row.updated_at
            return f"Recorded {short_day(on)}", "", False


def closed_dates(row: Any, at: datetime) -> tuple[str, str, bool]:
    """When it closed, and by when everyone was promised to hear."""
    closed = min(end for end in (row.closes_at, row.closed_early_at) if end is not None)
    promised = row.decision_promised_on
    if promised is None:
        return f"Closed {short_day(closed)}", "no date was promised", False
    if promised < local_date(at):
        return f"Closed {short_day(closed)}", f"overdue: everyone was to hear by {short_day(promised)}", True
    return f"Closed {short_day(closed)}", f"everyone hears by {short_day(promised)}", False


def written(row: Any) -> Writing:
    """A working copy's row: what it is, and who saved it last."""
    if row.vacancy_id is None:
        what = "Post advertised again" if row.relisted else "New advert"
    elif row.submitted_at is None:
        what = "Sent back: to be changed and sent again"
    else:
        what = "Changes to an advert" + (
            " that is approved" if row.approved_at else " that waits for approval"
        )
    return Writing(
        reference=row.reference,
        title=row.title or "No title yet",
        what=what,
        saved=short_moment(row.updated_at),
        by=row.updated_by_name,
        is_advert=row.vacancy_id is not None,
    )
