"""Honest pay: what somebody would really be paid for the hours of the post.

Salaries are whole pounds a year for a full-time week. Pro rata is by hours and, where only term time is
worked, by paid weeks; local government reckons a year as 365 days, so 52.14 weeks.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Protocol

from portal.core.wording import money

WEEKS_IN_YEAR = Decimal(365) / Decimal(7)


class Paid(Protocol):
    """The columns that pay is worked out from: a vacancy, or a row of the list."""

    @property
    def salary_min(self) -> int: ...
    @property
    def salary_max(self) -> int: ...
    @property
    def hours_per_week(self) -> Decimal: ...
    @property
    def full_time_hours(self) -> Decimal: ...
    @property
    def paid_weeks(self) -> Decimal | None: ...


def actual_share(post: Paid) -> Decimal:
    """The part of a full-time, all-year salary that the post pays: 1 for a full-time post."""
    if post.hours_per_week >= post.full_time_hours and post.paid_weeks is None:
        return Decimal(1)
    weeks = Decimal(1) if post.paid_weeks is None else post.paid_weeks / WEEKS_IN_YEAR
    return min(post.hours_per_week / post.full_time_hours, Decimal(1)) * min(weeks, Decimal(1))


def actual_salary(full_time: int, share: Decimal) -> int:
    """The salary for that share, to the nearest pound."""
    return int((full_time * share).quantize(Decimal(1), ROUND_HALF_UP))


@lru_cache(maxsize=1024)
def salary_range(lowest: int, highest: int) -> str:
    """£41,000 to £45,000 a year; one figure where both are the same."""
    if lowest == highest:
        return f"{money(lowest)} a year"
    return f"{money(lowest)} to {money(highest)} a year"


def full_time_pay(post: Paid) -> str:
    """The salary as the grade has it."""
    return salary_range(post.salary_min, post.salary_max)


def actual_pay(post: Paid) -> str:
    """The salary for the hours of the post; empty where that is the whole of it."""
    share = actual_share(post)
    if share == 1:
        return ""
    return salary_range(actual_salary(post.salary_min, share), actual_salary(post.salary_max, share))


def half_time_pay(post: Paid) -> str:
    """What half of the post's hours would pay: an example for posts that may be worked part time."""
    share = actual_share(post) / 2
    return salary_range(actual_salary(post.salary_min, share), actual_salary(post.salary_max, share))
