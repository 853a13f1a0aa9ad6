"""Enquiries that no figure of Ofsted’s return tells apart: the database counts them, and one of each is read.

So a million take little longer than a thousand, and each figure still has its one definition, in Python.
"""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.fostering.models import Enquiry
from portal.fostering.reporting.families import earlier_in, received_in_year
from portal.fostering.reporting.rules import Rules


def told_apart_by(year: int, rules: Rules) -> Select[*tuple[object, ...]]:
    """What the figures of enquiries look at, of each enquiry of a year (`figures.RECEIVED`)."""
    return select(
        Enquiry.public_ref,
        Enquiry.channel,
        Enquiry.hub_origin,
        Enquiry.closure_code,
        Enquiry.application_at.is_not(None).label("applied"),
        Enquiry.household_counted,
        earlier_in(year, rules).label("earlier"),
    ).where(received_in_year(year))


def examples(session: Session, year: int, rules: Rules) -> dict[str, int]:
    """The reference of one of each kind, and how many there are of it."""
    one = told_apart_by(year, rules).subquery("one")
    kinds = [column for column in one.c if column.name != "public_ref"]
    wanted = select(func.min(one.c.public_ref), func.count()).group_by(*kinds)
    return {row[0]: row[1] for row in session.execute(wanted)}
