"""Keeping what can be counted of an enquiry that goes; changing how it is counted; noting what leaves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import Actor
from portal.core.database import violates
from portal.core.errors import InvalidInput, StaleEdit
from portal.core.export import refuse_large_workbook
from portal.council import Council
from portal.fostering.closures import Closure
from portal.fostering.models import Enquiry
from portal.fostering.reporting.areas import small
from portal.fostering.reporting.content import Content, Purpose
from portal.fostering.reporting.deidentified import DeidentifiedRow, deidentified
from portal.fostering.reporting.events import FIGURES_EXPORTED, REFERENCES_READ, RULES_CHANGED
from portal.fostering.reporting.families import place_of_leaving, tell_the_others
from portal.fostering.reporting.models import AnonymousEnquiry, CountingRules
from portal.fostering.reporting.periods import financial_year, year_label
from portal.fostering.reporting.queries import Asked, area_numbers, current_rules, histories_of
from portal.fostering.reporting.rules import in_order

MOST_AT_A_TIME = 50_000
"""Rows of a workbook that a web request makes."""


def keep_row(
    session: Session, enquiry: Enquiry, *, at: datetime, council: Council, bare: bool = False
) -> DeidentifiedRow:
    """Keep the row of an enquiry that goes in this transaction, whether it is deleted or made anonymous.

    What is deleted without it is missing from the figures of its year from then on. A `bare` row says nothing
    of the household: only that there was an enquiry, when, how quickly it was answered, and how it ended.
    """
    rules = current_rules(session)
    year = financial_year(enquiry.received_at)
    place = place_of_leaving(session, enquiry, rules)
    row = deidentified(
        enquiry,
        histories_of(session, [enquiry.id]).get(enquiry.id, ()),
        at=at,
        team=council.fostering,
        place=place,
    )
    row = without_household(row) if bare else row.without_areas(small(area_numbers(session, year)))
    session.add(AnonymousEnquiry.of(row))
    tell_the_others(session, enquiry, row, place, rules)
    return row


def without_household(row: DeidentifiedRow) -> DeidentifiedRow:
    """The row without what was answered and where they live."""
    return replace(
        row,
        heard_from=None,
        area=None,
        enquirer_type=None,
        care_types=(),
        availability=None,
        housing=None,
        spare_bedrooms_band=None,
        fostering_status=None,
        flags=(),
    )


def change_rules(
    session: Session, excluded: Collection[Closure], reason: str, *, known: int, by: Actor, at: datetime
) -> CountingRules:
    """Count by other rules from now on, for every year; raises StaleEdit unless `known` still holds.

    Raises InvalidInput where nothing is different.
    """
    before = current_rules(session)
    if before.number != known:
        raise StaleEdit(reference="")
    if before.excluded == frozenset(excluded):
        raise InvalidInput("excluded", "Nothing is different from the rules in force")
    changed = CountingRules(
        number=known + 1,
        at=at,
        excluded=[code.value for code in in_order(excluded)],
        reason=reason,
        by_id=by.id,
        by_name=by.name,
    )
    try:
        with session.begin_nested():
            session.add(changed)
    except IntegrityError as error:
        if violates(error, "uq_fostering_counting_rules_number"):
            raise StaleEdit(reference="") from error
        raise
    codes = [code.value for code in in_order(before.excluded)]
    audit.record(
        session, RULES_CHANGED, by=by, at=at, number=changed.number, before=codes, after=changed.excluded
    )
    return changed


def note_export(
    session: Session,
    content: Content,
    asked: Asked,
    *,
    year: int,
    file_format: str,
    purpose: Purpose,
    rows: int,
) -> None:
    """The audit of a file of figures, before its first byte."""
    refuse_large_workbook(file_format, rows, most=MOST_AT_A_TIME, things="rows")
    audit.record(
        session,
        FIGURES_EXPORTED,
        by=asked.by,
        at=asked.at,
        content=content.value,
        year=year_label(year),
        format=file_format,
        purpose=purpose.value,
        rows=rows,
    )


def note_references(session: Session, asked: Asked, *, year: int, figure: str, shown: int) -> None:
    """The audit of somebody looking at what is behind a figure."""
    label = year_label(year)
    audit.record(session, REFERENCES_READ, by=asked.by, at=asked.at, year=label, figure=figure, shown=shown)
