"""Reading what is counted: a row for each enquiry that is there, and each that was made anonymous.

Rows come a batch at a time and are never all in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, case, exists, false, func, null, or_, select, true
from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.council import FosteringTeam
from portal.fostering.closures import Closure
from portal.fostering.models import Enquiry, HistoryEntry
from portal.fostering.options import Area, Stage, Status
from portal.fostering.reporting.alike import examples
from portal.fostering.reporting.areas import FEW
from portal.fostering.reporting.deidentified import (
    APPLIED,
    COUNTED,
    OF_APPLICATIONS,
    OFFERED,
    Application,
    DeidentifiedRow,
    applications_of,
    deidentified,
)
from portal.fostering.reporting.families import TAKEN, earlier_in, families_in, place_of
from portal.fostering.reporting.models import AnonymousEnquiry, CountingRules
from portal.fostering.reporting.periods import (
    financial_year,
    first_day,
    month_after,
    month_of,
    months_of_year,
    start_of,
)
from portal.fostering.reporting.rules import Rules, in_order
from portal.fostering.restricted import may_read

BATCH = 2_000

History = dict[int, list[Row[*tuple[Any, ...]]]]


class Counted(NamedTuple):
    """One enquiry as it is counted; without a reference where it was made anonymous."""

    row: DeidentifiedRow
    reference: str | None = None
    readable: bool = True
    """Whether who asks may read it: restricted ones are counted for everybody, and named to few."""


class Asked(NamedTuple):
    """Who asks, when, and by which rules it is counted."""

    by: Actor
    at: datetime
    rules: Rules
    team: FosteringTeam


def current_rules(session: Session) -> Rules:
    """The rules in force."""
    found = session.scalars(
        select(CountingRules).order_by(CountingRules.number.desc()).limit(1)
    ).one_or_none()
    return rules_of(found) if found is not None else Rules()


def rules_of(found: CountingRules) -> Rules:
    """Rules as they were kept."""
    return Rules(frozenset(in_order(found.excluded)), found.number, found.at, found.by_name)


def rules_before(session: Session) -> list[CountingRules]:
    """Every change of the rules, the newest first."""
    return list(session.scalars(select(CountingRules).order_by(CountingRules.number.desc())))


def counted_between(
    session: Session, first: str, last: str, asked: Asked, *, whole: bool = False
) -> Iterator[Counted]:
    """What was received from one month to another, both included; a household repeats within a year.

    Unless the rows are to be `whole`, they have no applications and not what a household offers.
    """
    for year in range(financial_year(first), financial_year(last) + 1):
        months = months_of_year(year)
        begins, ends = max(first, months[0]), min(last, months[-1])
        until = start_of(month_after(ends))
        received = and_(Enquiry.received_at >= start_of(begins), Enquiry.received_at < until)
        yield from live_rows(session, received, year, asked, offers=whole, applications=whole)
        month = AnonymousEnquiry.received_month
        yield from kept_rows(session, and_(month >= begins, month <= ends))


def received_alike(session: Session, year: int, asked: Asked) -> Iterator[tuple[Counted, int]]:
    """What was received in a financial year, as far as Ofsted’s figures tell it apart, and how often."""
    numbers = examples(session, year, asked.rules)
    wanted = Enquiry.public_ref.in_(numbers)
    for one in live_rows(session, wanted, year, asked, offers=False, applications=False):
        yield one, numbers[str(one.reference)]
    for one in kept_rows(session, AnonymousEnquiry.fy == year):
        yield one, 1


def applications_by(session: Session, year: int) -> Iterator[Application]:
    """The applications of `counted_applications` alone, which costs less than whole rows."""
    columns = [getattr(Enquiry, name) for name in APPLIED]
    live = select(Enquiry.id, *columns).where(applied_by(year)).order_by(Enquiry.received_at, Enquiry.id)
    for batch in session.execute(live.execution_options(yield_per=BATCH)).partitions():
        histories = histories_of(session, [one.id for one in batch])
        for one in batch:
            yield from applications_of(one, histories.get(one.id, ()))
    for kept in kept_rows(session, kept_applied(year)):
        yield from kept.row.applications


def applied_by(year: int) -> ColumnElement[bool]:
    """Whether a figure of this year can count an application of this enquiry."""
    months = months_of_year(year)
    before_its_end = Enquiry.received_at < start_of(month_after(months[-1]))
    return and_(Enquiry.application_at.is_not(None), before_its_end, ~over_before(start_of(months[0])))


def kept_applied(year: int) -> ColumnElement[bool]:
    """The same of a kept row."""
    kept = AnonymousEnquiry
    return and_(kept.days_to_application.is_not(None), kept.received_month <= months_of_year(year)[-1])


def counted_applications(session: Session, year: int, asked: Asked) -> Iterator[Counted]:
    """Enquiries that came before the end of this year, of any year, and have led to an application.

    Without those of which all was over and recorded before the year: no figure of it counts them. Nor do
    the rows have what a household offers.
    """
    yield from live_rows(session, applied_by(year), year, asked, offers=False, applications=True)
    yield from kept_rows(session, kept_applied(year))


def live_rows(
    session: Session,
    wanted: ColumnElement[bool],
    year: int,
    asked: Asked,
    *,
    offers: bool,
    applications: bool,
) -> Iterator[Counted]:
    """The enquiries that are there, in the order of receipt; households repeat within `year`.

    Needs a session with one unchanging view (`Database.reading`), which keeps the place between batches.
    """
    columns = [getattr(Enquiry, name) for name in COUNTED]
    columns += [getattr(Enquiry, name) if offers else null().label(name) for name in OFFERED]
    family = families_in(year, asked.rules)
    alone = family.c.household_key.is_(None)  # or it does not count itself: then nobody asks
    statement = (
        select(
            Enquiry.id,
            Enquiry.public_ref,
            *columns,
            case((alone, false()), else_=earlier_in(year, asked.rules)).label("earlier"),
            *(family.c[step.value] for step in TAKEN),
            may_read(asked.by).label("readable"),
        )
        .outerjoin(family, family.c.household_key == Enquiry.household_key)
        .where(wanted)
        .order_by(Enquiry.received_at, Enquiry.id)
        .execution_options(yield_per=BATCH)
    )
    with session.connection().execute(statement) as found:  # as columns, none of them an entity
        for batch in found.partitions():
            applied = [one.id for one in batch if applications and one.application_at is not None]
            histories = histories_of(session, applied)
            for one in batch:
                history = histories.get(one.id, ()) if applications else None
                row = deidentified(one, history, at=asked.at, team=asked.team, place=place_of(one))
                yield Counted(row, one.public_ref, one.readable)


def over_before(start: datetime) -> ColumnElement[bool]:
    """Whether an enquiry was finished before this instant and nothing was recorded of it since."""
    later = exists().where(HistoryEntry.enquiry_id == Enquiry.id, HistoryEntry.at >= start)
    closed = and_(Enquiry.status == Status.CLOSED, func.coalesce(Enquiry.closed_at, start) < start)
    approved = and_(Enquiry.status == Status.APPROVED, func.coalesce(Enquiry.approved_at, start) < start)
    return and_(or_(closed, approved), ~later)


def histories_of(session: Session, ids: Sequence[int]) -> History:
    """What was recorded of the applications of these enquiries, oldest first."""
    entry = HistoryEntry
    columns = (entry.enquiry_id, entry.at, entry.from_stage, entry.to_stage, entry.closure_code, entry.facts)
    wanted = select(*columns).where(entry.enquiry_id.in_(ids), entry.to_stage.in_(OF_APPLICATIONS))
    found: History = {}
    for one in session.execute(wanted.order_by(entry.enquiry_id, entry.at, entry.id)) if ids else ():
        found.setdefault(one.enquiry_id, []).append(one)
    return found


def kept_rows(session: Session, wanted: ColumnElement[bool]) -> Iterator[Counted]:
    """The rows of those that were made anonymous."""
    kept = AnonymousEnquiry
    statement = select(kept).where(wanted).order_by(kept.received_month, kept.id)
    for batch in session.scalars(statement.execution_options(yield_per=BATCH)).partitions():
        for one in batch:
            yield Counted(one.row)
        for one in batch:
            session.expunge(one)


def area_numbers(session: Session, year: int) -> dict[Area, int]:
    """How many enquiries came from each area in this financial year that anybody may read, or that are gone.

    A row of each is in a file. An area that has restricted ones alone is one of few: they are counted.
    """
    months, kept = months_of_year(year), AnonymousEnquiry
    begins, ends = start_of(months[0]), start_of(month_after(months[-1]))
    there = select(Enquiry.area, func.count()).where(
        Enquiry.received_at >= begins, Enquiry.received_at < ends
    )
    gone = select(kept.area, func.count()).where(kept.fy == year)
    secret = there.where(Enquiry.restricted_at.is_not(None))
    numbers, hidden = Counter[Area](), Counter[Area]()
    for statement, found in ((there, numbers), (gone, numbers), (secret, hidden)):
        for area, number in session.execute(statement.group_by(statement.selected_columns[0])):
            if area is not None:
                found[area] += number
    return {area: numbers[area] - hidden[area] or min(numbers[area], FEW - 1) for area in Area}


def closures_between(session: Session, first: str, last: str) -> Iterator[tuple[str, Closure, int]]:
    """Month, reason and number of what was closed, and not opened again since."""
    until = start_of(month_after(last))
    there = select(Enquiry.closed_at, Enquiry.closure_code).where(
        Enquiry.closed_at >= start_of(first), Enquiry.closed_at < until
    )
    for closed_at, code in session.execute(there.execution_options(yield_per=BATCH)):
        if closed_at is not None and code is not None:
            yield month_of(closed_at), code, 1
    kept = AnonymousEnquiry
    gone = select(kept.closed_month, kept.closure_code, func.count()).where(
        kept.closed_month >= first, kept.closed_month <= last
    )
    for month, code, number in session.execute(gone.group_by(kept.closed_month, kept.closure_code)):
        if code is not None:
            yield str(month), code, number


def reviews_between(session: Session, first: str, last: str) -> Iterator[str]:
    """A month for each household that is kept in touch with and is to be reviewed in it."""
    until = first_day(month_after(last))
    wanted = select(Enquiry.kit_review_on).where(
        Enquiry.status == Status.KEEP_IN_TOUCH,
        Enquiry.kit_review_on >= first_day(first),
        Enquiry.kit_review_on < until,
    )
    for day in session.scalars(wanted):
        if day is not None:
            yield month_of(day)


def open_by_age(session: Session, since: Sequence[datetime]) -> dict[Stage, list[int]]:
    """How many are open in each stage: received since the first instant, since the next, and earlier."""
    edges = [(start, end) for end, start in pairwise((None, *since, None))]
    ages = [func.count().filter(*between(start, end)) for start, end in edges]
    wanted = select(Enquiry.stage, *ages).where(Enquiry.status.in_((Status.OPEN, Status.KEEP_IN_TOUCH)))
    return {stage: list(numbers) for stage, *numbers in session.execute(wanted.group_by(Enquiry.stage))}


def received_in(session: Session, edges: Sequence[datetime]) -> list[int]:
    """How many came from each of these instants to the next, whatever became of them."""
    counts = [
        select(func.count()).select_from(Enquiry).where(*between(start, end)).scalar_subquery()
        for start, end in pairwise(edges)
    ]
    return list(session.execute(select(*counts)).one())


def between(start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    """Received from one instant to another; None is no limit."""
    found: list[ColumnElement[bool]] = []
    if start is not None:
        found.append(Enquiry.received_at >= start)
    if end is not None:
        found.append(Enquiry.received_at < end)
    return found or [true()]


def first_year(session: Session, at: datetime) -> int:
    """The financial year of the first enquiry there is or was."""
    first = session.scalar(select(func.min(Enquiry.received_at)))
    kept = session.scalar(select(func.min(AnonymousEnquiry.fy)))
    years = [financial_year(first or at), kept if kept is not None else financial_year(at)]
    return min(years)
