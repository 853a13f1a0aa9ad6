"""Keeping what can be counted of an enquiry that goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.council import Council
from portal.fostering.models import Enquiry
from portal.fostering.reporting.deidentified import DeidentifiedRow, deidentified
from portal.fostering.reporting.models import AnonymousEnquiry
from portal.fostering.reporting.periods import financial_year
from portal.fostering.reporting.queries import current_rules, histories_of, is_represented, small_areas

KEPT = "fostering.reporting.kept"
"""Enquiries of which this session has kept a row: those that are about to go count for nobody any more."""


def keep_row(
    session: Session, enquiry: Enquiry, *, at: datetime, council: Council, bare: bool = False
) -> DeidentifiedRow:
    """Keep the row of an enquiry that goes in this transaction, whether it is deleted or made anonymous.

    What is deleted without it is missing from the figures of its year from then on. A `bare` row says nothing
    of the household: only that there was an enquiry, when, how quickly it was answered, and how it ended.
    """
    gone: set[int] = session.info.setdefault(KEPT, set())
    year = financial_year(enquiry.received_at)
    row = deidentified(
        enquiry,
        histories_of(session, [enquiry.id]).get(enquiry.id, ()),
        at=at,
        team=council.fostering,
        repeats=is_represented(session, enquiry, current_rules(session), gone),
        small_areas=small_areas(session, year),
    )
    row = without_household(row) if bare else row
    session.add(AnonymousEnquiry.of(row))
    gone.add(enquiry.id)
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
