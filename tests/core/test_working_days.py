"""Working days of England and due times, against cases worked out by hand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.core.working_days import WorkingCalendar, working_calendar

LONDON = ZoneInfo("Europe/London")
CALENDAR = WorkingCalendar()


def at(text: str) -> datetime:
    """A London wall-clock time as an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Good Friday, weekend, Easter Monday
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Boxing Day falls on a Saturday: Monday instead
        (date(2026, 12, 24), 5, date(2027, 1, 5)),
        (date(2026, 8, 28), 1, date(2026, 9, 1)),  # summer bank holiday
        (date(2027, 12, 24), 1, date(2027, 12, 29)),  # both substitute days
        (date(2027, 12, 31), 1, date(2028, 1, 4)),  # New Year’s Day is a Saturday
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # a plain weekend
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # counting from a Saturday
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_adds_working_days(start, days, expected):
    assert CALENDAR.add(start, days) == expected


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-04-02T16:59", 1, "2026-04-07T17:00"),  # the two cases of the domain notes
        ("2026-04-02T17:01", 1, "2026-04-08T17:00"),
        ("2026-04-02T16:59:59.999999", 1, "2026-04-07T17:00"),
        ("2026-04-02T17:00", 1, "2026-04-08T17:00"),  # closing time itself is too late
        ("2026-04-02T00:00", 1, "2026-04-07T17:00"),
        ("2026-04-04T12:00", 1, "2026-04-08T17:00"),  # Easter Saturday counts as Tuesday
        ("2026-12-24T10:00", 1, "2026-12-29T17:00"),
        ("2026-12-24T10:00", 5, "2027-01-05T17:00"),
        ("2026-12-24T17:30", 1, "2026-12-30T17:00"),
        ("2026-08-28T09:00", 1, "2026-09-01T17:00"),
        ("2026-03-27T18:00", 1, "2026-03-31T17:00"),  # across the spring change of clocks
        ("2026-10-23T10:00", 1, "2026-10-26T17:00"),  # across the autumn change of clocks
    ],
)
def test_due_at_closing_time_of_the_right_day(received, days, due):
    assert CALENDAR.due_at(at(received), days) == at(due)
    assert CALENDAR.due_at(at(received), days).utcoffset() == timedelta(0)


def test_closing_time_follows_the_clocks_not_utc():
    assert CALENDAR.due_at(at("2026-10-23T10:00"), 1) == datetime(2026, 10, 26, 17, tzinfo=UTC)
    assert CALENDAR.due_at(at("2026-10-22T10:00"), 1) == datetime(2026, 10, 23, 16, tzinfo=UTC)
    assert CALENDAR.due_at(at("2026-03-26T10:00"), 1) == datetime(2026, 3, 27, 17, tzinfo=UTC)
    assert CALENDAR.due_at(at("2026-03-27T10:00"), 1) == datetime(2026, 3, 30, 16, tzinfo=UTC)


def test_a_received_time_near_midnight_is_read_in_london():
    """00:30 in London on Tuesday 2 June is still Monday in UTC."""
    assert CALENDAR.effective_day(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)) == date(2026, 6, 2)


def test_every_minute_of_the_nights_when_the_clocks_change_has_one_due_time():
    for night in ("2026-03-29T00:00", "2026-10-25T00:00"):
        start = at(night)
        dues = {CALENDAR.due_at(start + timedelta(minutes=minute), 1) for minute in range(0, 240, 7)}
        assert len(dues) == 1  # both nights are Sundays: received on Monday, due on Tuesday
        assert dues.pop().astimezone(LONDON).isoformat()[:16] in ("2026-03-31T17:00", "2026-10-27T17:00")


def test_the_services_own_closed_days_count_as_closed():
    closed = working_calendar((date(2026, 12, 29), date(2026, 12, 30)), time(9), time(17))
    assert closed.add(date(2026, 12, 24), 1) == date(2026, 12, 31)
    assert CALENDAR.add(date(2026, 12, 24), 1) == date(2026, 12, 29)


def test_another_closing_time_moves_the_line_and_the_due_time():
    early = WorkingCalendar(closes=time(16, 30))
    assert early.due_at(at("2026-11-23T16:45"), 1) == at("2026-11-25T16:30")


def test_refuses_to_count_backwards():
    with pytest.raises(ValueError, match="forwards"):
        CALENDAR.add(date(2026, 11, 23), -1)


def test_the_calendar_is_one_object_for_the_same_days_and_hours():
    first = working_calendar((date(2026, 12, 29),), time(9), time(17))
    assert first is working_calendar((date(2026, 12, 29),), time(9), time(17))


@pytest.mark.parametrize("working_days", [1, 5])
def test_what_is_overdue_is_found_from_either_side(working_days):
    hours = [timedelta(hours=hour, microseconds=tick) for hour in range(0, 24 * 21, 5) for tick in (0, -1)]
    closing = at("2026-12-17T17:00")
    moments = [closing + step for step in hours]
    for now in moments:
        limit = CALENDAR.overdue_before(now, working_days)
        for received in (*moments[::7], limit, limit - timedelta(microseconds=1)):
            assert (CALENDAR.due_at(received, working_days) < now) is (received < limit), (received, now)
