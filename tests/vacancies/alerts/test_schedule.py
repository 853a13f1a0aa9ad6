"""Mornings of London: every day, once a week, and over the nights when the clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.council import load_council
from portal.vacancies.alerts.models import Frequency
from portal.vacancies.alerts.schedule import london_day, months_before, next_look, next_morning

SETTINGS = load_council().alerts


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-23T06:59:59", "2026-11-23T07:00:00"),
        ("2026-11-23T07:00:00", "2026-11-24T07:00:00"),
        ("2026-11-23T23:30:00", "2026-11-24T07:00:00"),
        ("2026-06-30T23:30:00", "2026-07-01T06:00:00"),  # already the first of July in London
        ("2026-03-28T12:00:00", "2026-03-29T06:00:00"),  # the clocks go forward in between
        ("2026-10-24T12:00:00", "2026-10-25T07:00:00"),  # and back
        ("2026-10-25T00:30:00", "2026-10-25T07:00:00"),
    ],
)
def test_the_next_morning_is_londons(now: str, morning: str) -> None:
    assert next_morning(utc(now), SETTINGS) == utc(morning)
    assert next_look(Frequency.DAILY, utc(now), SETTINGS) == utc(morning)


@pytest.mark.parametrize(
    ("now", "look"),
    [
        ("2026-11-23T06:00:00", "2026-11-23T07:00:00"),  # a Monday before seven
        ("2026-11-23T07:00:00", "2026-11-30T07:00:00"),
        ("2026-11-24T12:00:00", "2026-11-30T07:00:00"),
        ("2026-11-29T23:59:00", "2026-11-30T07:00:00"),
        ("2026-03-23T12:00:00", "2026-03-30T06:00:00"),  # over the change to summer time
        ("2026-10-19T12:00:00", "2026-10-26T07:00:00"),
    ],
)
def test_once_a_week_is_on_the_councils_day(now: str, look: str) -> None:
    assert next_look(Frequency.WEEKLY, utc(now), SETTINGS) == utc(look)


def test_the_council_chooses_day_and_time() -> None:
    fridays = replace(SETTINGS, weekly_day="friday", sends_at="18:30")
    assert next_look(Frequency.WEEKLY, utc("2026-11-23T10:00:00"), fridays) == utc("2026-11-27T18:30:00")


def test_a_year_before_is_the_same_day_of_the_calendar() -> None:
    assert months_before(utc("2026-11-23T10:00:00"), 12) == utc("2025-11-23T10:00:00")
    assert months_before(utc("2028-02-29T10:00:00"), 12) == utc("2027-02-28T10:00:00")
    assert london_day(months_before(utc("2026-07-01T10:00:00"), 6)).isoformat() == "2026-01-01"
