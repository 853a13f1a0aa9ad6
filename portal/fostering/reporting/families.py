"""Reading which enquiries of a household there are in a financial year, and how far they came together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from portal.fostering.models import Enquiry
from portal.fostering.options import Stage
from portal.fostering.reporting.deidentified import DeidentifiedRow
from portal.fostering.reporting.outcomes import (
    ALONE,
    REPEATS,
    Place,
    Reached,
    Steps,
    in_order,
    steps_of,
    together,
)
from portal.fostering.reporting.periods import financial_year, month_after, month_of, months_of_year, start_of
from portal.fostering.reporting.rules import Rules

TAKEN = {
    Reached.VISIT: Enquiry.visit_done_at.is_not(None),
    Reached.APPLICATION: Enquiry.application_at.is_not(None),
    Reached.APPROVAL: or_(Enquiry.stage == Stage.APPROVED, Enquiry.approved_at.is_not(None)),
}
"""`steps_of` as SQL."""


def received_in_year(year: int) -> ColumnElement[bool]:
    """Whether an enquiry came in this financial year."""
    months = months_of_year(year)
    begins, until = start_of(months[0]), start_of(month_after(months[-1]))
    return and_(Enquiry.received_at >= begins, Enquiry.received_at < until)


def is_counted(enquiry: type[Enquiry], rules: Rules) -> ColumnElement[bool]:
    """`Rules.counts` as SQL."""
    applied, code = enquiry.application_at.is_not(None), enquiry.closure_code
    return or_(applied, code.is_(None), code.not_in(sorted(rules.excluded)))


def earlier_in(year: int, rules: Rules) -> ColumnElement[bool]:
    """Whether an earlier enquiry of the same household in this year is there and counts."""
    earlier = aliased(Enquiry)
    return exists().where(
        earlier.household_key == Enquiry.household_key,
        earlier.received_at >= start_of(months_of_year(year)[0]),
        tuple_(earlier.received_at, earlier.id) < tuple_(Enquiry.received_at, Enquiry.id),
        is_counted(earlier, rules),
    )


def families_in(year: int, rules: Rules) -> Subquery:
    """Households of which several enquiries of this year are there and count, and what those came to."""
    taken = [func.max(case((test, 1), else_=0)).label(step.value) for step, test in TAKEN.items()]
    return (
        select(Enquiry.household_key, *taken)
        .where(received_in_year(year), is_counted(Enquiry, rules))
        .group_by(Enquiry.household_key)
        .having(func.count() > 1)
        .subquery("families")
    )


def place_of(row: Any) -> Place:
    """Where an enquiry stands, read with `earlier`, its own columns of the household, and its family’s."""
    if row.earlier:
        return REPEATS
    if row.VISIT is None and not row.household_counted and row.household_reached is None:
        return ALONE  # nearly all of them
    taken = (step for step in TAKEN if getattr(row, step.value))
    return Place(
        row.household_counted, row.household_month, steps_told(row.household_reached), together(taken)
    )


def steps_told(kept: list[str] | None) -> Steps:
    """As they were kept."""
    return frozenset(map(Reached, kept or ()))


def place_of_leaving(session: Session, enquiry: Enquiry, rules: Rules) -> Place:
    """The same of one that goes: its row tells of itself alone, in the month of the household’s first."""
    year = financial_year(enquiry.received_at)
    columns = (Enquiry.household_counted, Enquiry.household_month, Enquiry.household_reached)
    wanted = select(earlier_in(year, rules).label("earlier"), *columns).where(Enquiry.id == enquiry.id)
    stands = session.execute(wanted).one()
    told = steps_told(stands.household_reached)
    if stands.household_counted or not stands.earlier:
        return Place(stands.household_counted, stands.household_month, told)
    return Place(repeats=True, month=month_of(first_received(session, enquiry, year, rules)), told=told)


def first_received(session: Session, enquiry: Enquiry, year: int, rules: Rules) -> datetime:
    """When the first one came that is there and counts, of a household that has one."""
    same = Enquiry.household_key == enquiry.household_key
    first = select(func.min(Enquiry.received_at)).where(
        same, received_in_year(year), is_counted(Enquiry, rules)
    )
    return session.scalars(first).one()


def tell_the_others(
    session: Session, enquiry: Enquiry, row: DeidentifiedRow, place: Place, rules: Rules
) -> None:
    """What else the household sent in the year knows from now on what the row of one that goes tells.

    After the one that counted, the rest repeats it.
    """
    if not rules.counts(row):
        return
    values: dict[str, Any] = {"household_reached": list(in_order(together(place.told, steps_of(enquiry))))}
    if rules.is_household(row):
        values |= {"household_counted": True, "household_month": row.received_month}
    same = and_(Enquiry.household_key == enquiry.household_key, Enquiry.id != enquiry.id)
    session.execute(update(Enquiry).where(same, received_in_year(row.fy)).values(**values))
