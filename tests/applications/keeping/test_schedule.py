"""When records go, as dates alone: by status, by the calendar, on the nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.applications.keeping.schedule import application_goes_on, counts_from, draft_goes_on, is_over
from portal.applications.options import ApplicationStatus as Status
from portal.council import load_council

PERIODS = load_council().retention
ENDED = datetime(2026, 8, 31, 22, 59, 59, tzinfo=UTC)  # 31 August in London, one second before September
SECOND = timedelta(seconds=1)


def test_the_defaults_are_those_of_the_schedule() -> None:
    periods = (PERIODS.candidate_draft_days, PERIODS.candidate_unsuccessful, PERIODS.candidate_appointed)
    assert periods == (30, 12, 12)


@pytest.mark.parametrize("status", list(Status))
def test_only_what_has_ended_goes(status: Status) -> None:
    day = application_goes_on(status, date(2027, 2, 1), ENDED, PERIODS)
    if status is Status.STARTED:
        assert day == date(2028, 2, 1)
    elif status in (
        *(Status.NOT_SHORTLISTED, Status.UNSUCCESSFUL_INTERVIEW, Status.DID_NOT_ATTEND, Status.WITHDRAWN),
        *(Status.OFFER_DECLINED, Status.OFFER_WITHDRAWN, Status.POST_ENDED),
    ):
        assert day == date(2027, 8, 31)
        assert application_goes_on(status, None, ENDED + SECOND, PERIODS) == date(2027, 9, 1)
        assert application_goes_on(status, None, None, PERIODS) is None
    else:
        assert day is None


def test_nobody_who_has_no_first_day_goes() -> None:
    assert application_goes_on(Status.STARTED, None, ENDED, PERIODS) is None


def test_a_draft_goes_thirty_london_days_after_the_advert_ended() -> None:
    assert draft_goes_on(datetime(2026, 12, 13, 23, 59, tzinfo=UTC), PERIODS) == date(2027, 1, 12)
    assert draft_goes_on(None, PERIODS) is None


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 12, 1), datetime(2026, 12, 1, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 6, 30, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, tzinfo=UTC)),  # the clocks go forward that night
        (date(2026, 3, 30), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 23, tzinfo=UTC)),  # and back
        (date(2026, 10, 26), datetime(2026, 10, 26, tzinfo=UTC)),
    ],
)
def test_it_goes_with_the_first_second_of_its_day_in_london(day: date, begins: datetime) -> None:
    assert not is_over(day, begins - SECOND)
    assert is_over(day, begins)
    assert not is_over(None, begins)


CLOSED = datetime(2026, 1, 10, 23, 59, tzinfo=UTC)
WAITED = datetime(2026, 7, 9, 23, tzinfo=UTC)  # midnight of 10 July in London, six months on


@pytest.mark.parametrize(
    ("decided", "campaign", "counted"),
    [
        (CLOSED, CLOSED + timedelta(days=30), CLOSED + timedelta(days=30)),
        (CLOSED, None, WAITED),
        (CLOSED, WAITED + timedelta(days=400), WAITED),
        (WAITED + timedelta(days=3), None, WAITED + timedelta(days=3)),
        (WAITED + timedelta(days=3), WAITED + timedelta(days=9), WAITED + timedelta(days=3)),
    ],
    ids=["usual", "nobody knows when", "a decision that came late", "decided late", "both late"],
)
def test_a_campaign_that_drags_on_counts_as_over(
    decided: datetime, campaign: datetime | None, counted: datetime
) -> None:
    assert counts_from(decided, campaign, CLOSED, PERIODS) == counted


def test_an_advert_without_an_end_waits_for_everybody() -> None:
    assert counts_from(CLOSED, None, None, PERIODS) is None
