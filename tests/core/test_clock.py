"""London time on the nights when it changes, and an aware UTC everywhere else."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from portal.core.clock import add_months, london, london_instant, now, today


def test_now_is_aware_and_in_utc(at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        assert now() == at
        assert now().tzinfo is UTC


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-07-01T22:59:59+00:00", date(2026, 7, 1)),
        ("2026-07-01T23:00:00+00:00", date(2026, 7, 2)),  # midnight in London, in summer
        ("2026-12-01T23:59:59+00:00", date(2026, 12, 1)),
        ("2026-12-02T00:00:00+00:00", date(2026, 12, 2)),
    ],
)
def test_today_is_londons(instant: str, day: date) -> None:
    with time_machine.travel(datetime.fromisoformat(instant), tick=False):
        assert today() == day


@pytest.mark.parametrize(
    ("day", "moment", "instant"),
    [
        (date(2026, 12, 13), time(23, 59), "2026-12-13T23:59:00+00:00"),
        (date(2026, 6, 13), time(23, 59), "2026-06-13T22:59:00+00:00"),
        (date(2026, 3, 28), time(23, 59), "2026-03-28T23:59:00+00:00"),
        (date(2026, 3, 29), time(23, 59), "2026-03-29T22:59:00+00:00"),  # summer time began that morning
        (date(2026, 3, 29), time(1, 30), "2026-03-29T01:30:00+00:00"),  # a time that did not exist
        (date(2026, 10, 24), time(23, 59), "2026-10-24T22:59:00+00:00"),
        (date(2026, 10, 25), time(1, 30), "2026-10-25T00:30:00+00:00"),  # a time that came twice: the first
        (date(2026, 10, 25), time(23, 59), "2026-10-25T23:59:00+00:00"),
    ],
)
def test_a_time_on_a_london_clock_is_one_instant(day: date, moment: time, instant: str) -> None:
    assert london_instant(day, moment) == datetime.fromisoformat(instant)


def test_hours_never_run_backwards_over_either_night() -> None:
    for start in (datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC)):
        instants = [start + timedelta(minutes=30 * step) for step in range(24)]
        assert [london(instant).astimezone(UTC) for instant in instants] == instants


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 23), 24, date(2028, 11, 23)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -24, date(2024, 1, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_are_added_by_the_calendar(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
