"""The household's clocks: promised day, next attempt, courtesy follow-up, retention."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.council import load_council
from portal.fostering import clocks
from portal.fostering.closures import Closure

COUNCIL = load_council()
TEAM = COUNCIL.fostering


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


@pytest.mark.parametrize(
    ("received", "promised"),
    [
        ("2026-04-02T16:59", date(2026, 4, 7)),
        ("2026-04-02T17:01", date(2026, 4, 8)),
        ("2026-12-24T09:00", date(2026, 12, 29)),
        ("2026-11-23T10:00", date(2026, 11, 24)),
        ("2026-11-27T21:00", date(2026, 12, 1)),
    ],
)
def test_the_promised_day_is_one_working_day_on(received, promised):
    assert clocks.first_contact_due(at(received), TEAM) == at(f"{promised}T17:00")


def test_after_a_failed_attempt_the_initial_calls_target_stands_while_it_is_ahead():
    received = at("2026-11-23T10:00")
    assert clocks.due_after_attempt(received, at("2026-11-24T11:00"), TEAM) == at("2026-11-26T17:00")


def test_after_a_late_attempt_the_next_is_due_one_working_day_on():
    received = at("2026-11-23T10:00")
    assert clocks.due_after_attempt(received, at("2026-11-27T11:00"), TEAM) == at("2026-11-30T17:00")


@pytest.mark.parametrize(
    ("received", "follow_up"),
    [
        ("2026-11-23T10:00", "2026-12-23T09:00"),
        ("2026-11-26T10:00", "2026-12-29T09:00"),  # thirty days on is the Saturday of Boxing Day
        ("2026-10-01T23:30", "2026-11-02T09:00"),  # a Saturday, and winter time by then
    ],
)
def test_the_courtesy_follow_up_comes_on_a_working_morning_after_a_month(received, follow_up):
    assert clocks.follow_up_at(at(received), TEAM) == at(follow_up)


@pytest.mark.parametrize(
    ("code", "due"),
    [
        (Closure.X03, date(2026, 12, 23)),
        (Closure.X02, date(2027, 5, 23)),
        (Closure.X06, date(2027, 5, 23)),
        (Closure.X08, date(2028, 11, 23)),
        (Closure.X01, date(2028, 11, 23)),
        (Closure.Q04, date(2028, 11, 23)),
        (Closure.S10, date(2028, 11, 23)),
        (Closure.AW3, date(2029, 11, 23)),
        (Closure.ADN, date(2029, 11, 23)),
    ],
)
def test_retention_follows_the_reason(code, due):
    assert clocks.retention_due_on(code, date(2026, 11, 23), COUNCIL.retention) == due
