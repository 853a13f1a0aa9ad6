"""The lists that HR works with: every advert is in exactly one of them.

The same rules as `Vacancy.status`, said to the database; a test holds them against each other.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, case, or_, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.options import Option
from portal.vacancies.models import Vacancy
from portal.vacancies.options import Status


class Tab(Option):
    """A list, with the sentence that stands where it is empty as its hint."""

    DRAFTS = "drafts", "Drafts", "Nothing is being written at the moment."
    APPROVAL = "approval", "Waiting for approval", "Nothing waits for approval."
    SCHEDULED = "scheduled", "Scheduled", "Nothing is approved for a later day."
    OPEN = "open", "Open", "No advert is open."
    CLOSED = "closed", "Closed, to decide", "Every advert that has closed has an outcome."
    ENDED = "ended", "Ended", "Nothing has ended that is not archived."
    ARCHIVED = "archived", "Archived", "Nothing is archived yet."


ORDER: dict[Tab, tuple[InstrumentedAttribute[datetime | None] | InstrumentedAttribute[datetime], bool]] = {
    Tab.DRAFTS: (Vacancy.updated_at, True),
    Tab.APPROVAL: (Vacancy.submitted_at, False),
    Tab.SCHEDULED: (Vacancy.publish_at, False),
    Tab.OPEN: (Vacancy.closes_at, False),
    Tab.CLOSED: (Vacancy.closes_at, False),
    Tab.ENDED: (Vacancy.updated_at, True),
    Tab.ARCHIVED: (Vacancy.archived_at, True),
}
"""What each list goes by, and whether the latest comes first."""


def is_in(tab: Tab, at: datetime) -> ColumnElement[bool]:
    """Adverts of this list at this instant."""
    columns = Vacancy.__table__.c
    kept = columns.archived_at.is_(None)
    running = and_(kept, columns.cancelled_at.is_(None), columns.outcome.is_(None))
    unapproved = and_(columns.approved_at.is_(None), running)
    approved = and_(columns.approved_at.is_not(None), running)
    ended = or_(columns.closes_at <= at, columns.closed_early_at.is_not(None))
    published = columns.publish_at <= at
    rules: dict[Tab, ColumnElement[bool]] = {
        Tab.DRAFTS: and_(unapproved, columns.submitted_at.is_(None)),
        Tab.APPROVAL: and_(unapproved, columns.submitted_at.is_not(None)),
        Tab.SCHEDULED: and_(approved, columns.closed_early_at.is_(None), columns.closes_at > at, ~published),
        Tab.OPEN: and_(approved, columns.closed_early_at.is_(None), columns.closes_at > at, published),
        Tab.CLOSED: and_(approved, ended),
        Tab.ENDED: and_(kept, or_(columns.outcome.is_not(None), columns.cancelled_at.is_not(None))),
        Tab.ARCHIVED: columns.archived_at.is_not(None),
    }
    return rules[tab]


def status_at(at: datetime) -> ColumnElement[str]:
    """`Vacancy.status` as a column of codes."""
    columns = Vacancy.__table__.c
    return case(
        (columns.archived_at.is_not(None), Status.ARCHIVED.value),
        (columns.cancelled_at.is_not(None), Status.CANCELLED.value),
        (columns.outcome.is_not(None), type_coerce(columns.outcome, String)),
        (is_in(Tab.DRAFTS, at), Status.DRAFT.value),
        (is_in(Tab.APPROVAL, at), Status.PENDING_APPROVAL.value),
        (is_in(Tab.CLOSED, at), Status.CLOSED.value),
        (is_in(Tab.OPEN, at), Status.OPEN.value),
        else_=Status.SCHEDULED.value,
    ).label("status")
