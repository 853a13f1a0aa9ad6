"""Working days of England and due times, against cases worked out by hand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.core.clock import london_instant
from portal.core.working_days import ONE_DAY, WorkingCalendar, working_calendar, working_hours

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


def part_day_by_day(calendar: WorkingCalendar, start: datetime, end: datetime, percent: int) -> datetime:
    """What `part_of` finds, found slowly: every day’s own two instants, one day after the other."""
    spans, day = [], start.astimezone(LONDON).date()
    while day <= end.astimezone(LONDON).date():
        opens, closes = london_instant(day, calendar.opens), london_instant(day, calendar.closes)
        if calendar.is_working_day(day) and max(opens, start) < min(closes, end):
            spans.append((max(opens, start), min(closes, end)))
        day += ONE_DAY
    left = sum((closes - opens for opens, closes in spans), timedelta()) * percent / 100
    for opens, closes in spans:
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    return end


CALENDARS = (
    CALENDAR,
    WorkingCalendar((date(2026, 12, 29), date(2026, 12, 30), date(2027, 3, 30)), time(8, 30), time(16, 45)),
    WorkingCalendar(opens=time(0), closes=time(23, 59, 59, 999999)),
    WorkingCalendar(opens=time(17), closes=time(9)),  # never open
)
MINUTES = st.integers(0, 3 * 365 * 24 * 60)


@given(
    calendar=st.sampled_from(CALENDARS),
    begin=MINUTES,
    tick=st.sampled_from((-1, 0, 1)),
    length=st.one_of(st.integers(-60, 3 * 24 * 60), st.integers(0, 900 * 24 * 60)),
    percent=st.sampled_from((0, 1, 33, 50, 67, 80, 99, 100, 120)),
)
@example(calendar=CALENDAR, begin=9 * 60, tick=0, length=32 * 60, percent=50)  # just as a day closes
@example(calendar=CALENDAR, begin=9 * 60, tick=0, length=56 * 60, percent=67)
@example(calendar=CALENDAR, begin=86 * 24 * 60, tick=0, length=10 * 24 * 60, percent=50)  # clocks go forward
@example(calendar=CALENDAR, begin=295 * 24 * 60, tick=0, length=10 * 24 * 60, percent=50)  # and back
def test_a_part_of_the_working_time_is_found_as_day_by_day(calendar, begin, tick, length, percent):
    start = at("2026-01-01T00:00") + timedelta(minutes=begin, microseconds=tick)
    end = start + timedelta(minutes=length)
    found = calendar.part_of(start, end, percent)
    assert found == part_day_by_day(calendar, start, end, percent)


def test_every_whole_hour_of_a_week_parts_as_day_by_day():
    start = at("2026-04-01T00:00")  # Good Friday and Easter Monday lie in it
    hours = [start + timedelta(hours=hour) for hour in range(0, 24 * 7, 4)]
    for first in hours:
        for last in hours:
            for percent in (0, 50, 100):
                found = CALENDAR.part_of(first, last, percent)
                assert found == part_day_by_day(CALENDAR, first, last, percent), (first, last, percent)


def test_the_clocks_change_on_days_that_are_never_worked():
    """Why a working day between others need not be asked for its instants: its length is always the same."""
    day, changes = date(1990, 1, 1), 0
    while day.year < 2061:
        if london_instant(day + ONE_DAY, time(0)) - london_instant(day, time(0)) != ONE_DAY:
            assert not CALENDAR.is_working_day(day), day
            changes += 1
        day += ONE_DAY
    assert changes >= 90  # twice a year, as far as the tables of the clocks go


def test_working_hours_are_what_the_clock_says():
    assert working_hours(time(8, 30), time(17)) == timedelta(hours=8, minutes=30)
