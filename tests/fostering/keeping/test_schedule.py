"""When a record goes, by which rule, and what becomes of it: each row of domain §8.2."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.keeping.options import Ending, Rule
from portal.fostering.keeping.schedule import Going, going_of
from portal.fostering.options import Status

PERIODS = load_council().retention
DAY = date(2026, 11, 26)
APPLIED = datetime(2024, 2, 1, 12, tzinfo=UTC)


@dataclass
class Row:
    """What the schedule looks at."""

    status: Status = Status.CLOSED
    closure_code: Closure | None = None
    stage_since: datetime | None = None
    application_at: datetime | None = None
    approved_at: datetime | None = None
    retention_due_on: date | None = DAY


def test_what_is_open_never_goes() -> None:
    assert going_of(Row(status=Status.OPEN), datetime(2001, 1, 1, tzinfo=UTC), PERIODS) is None


@pytest.mark.parametrize(
    ("code", "rule", "ending"),
    [
        (Closure.X03, Rule.SPAM, Ending.DELETE),
        (Closure.X02, Rule.REDIRECTED, Ending.DELETE),
        (Closure.X04, Rule.REDIRECTED, Ending.DELETE),
        (Closure.X07, Rule.REDIRECTED, Ending.DELETE),
        (Closure.X09, Rule.REDIRECTED, Ending.DELETE),
        (Closure.X08, Rule.CLOSED, Ending.ANONYMISE),
        (Closure.X01, Rule.CLOSED, Ending.ANONYMISE),
        (Closure.Q00, Rule.CLOSED, Ending.ANONYMISE),
        (Closure.S10, Rule.CLOSED, Ending.ANONYMISE),
        (Closure.X10, Rule.ERASED, Ending.DELETE),
        (Closure.AW0, Rule.APPLIED, Ending.ANONYMISE),
        (Closure.ADN, Rule.APPLIED, Ending.ANONYMISE),
    ],
)
def test_a_closed_one_goes_by_its_reason(code: Closure, rule: Rule, ending: Ending) -> None:
    assert going_of(Row(closure_code=code), APPLIED, PERIODS) == Going(DAY, rule)
    assert rule.ending is ending


def test_whoever_has_applied_is_kept_as_an_application_whatever_the_reason() -> None:
    going = going_of(Row(closure_code=Closure.X02, application_at=APPLIED), APPLIED, PERIODS)
    assert going == Going(DAY, Rule.APPLIED)


@pytest.mark.parametrize(
    ("heard", "goes"),
    [
        (datetime(2023, 11, 26, 12, tzinfo=UTC), date(2026, 11, 26)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), date(2027, 2, 28)),
        (datetime(2023, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 1)),  # already July in London
    ],
)
def test_keep_in_touch_goes_three_years_after_the_last_contact(heard: datetime, goes: date) -> None:
    row = Row(status=Status.KEEP_IN_TOUCH, retention_due_on=None)
    assert going_of(row, heard, PERIODS) == Going(goes, Rule.KEPT_IN_TOUCH)


def test_whoever_has_applied_before_is_kept_in_touch_with_no_shorter_than_the_law_asks() -> None:
    heard, since = datetime(2024, 1, 5, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)
    row = Row(Status.KEEP_IN_TOUCH, application_at=APPLIED, stage_since=since, retention_due_on=None)
    for months in (36, 1):
        going = going_of(row, heard, replace(PERIODS, keep_in_touch_max=months))
        assert going == Going(date(2027, 3, 1), Rule.KEPT_IN_TOUCH)


def test_an_approved_household_goes_a_year_after_the_approval() -> None:
    row = Row(status=Status.APPROVED, approved_at=datetime(2025, 11, 26, 9, tzinfo=UTC))
    assert going_of(row, APPLIED, PERIODS) == Going(DAY, Rule.APPROVED)
    assert Rule.APPROVED.ending is Ending.DELETE
