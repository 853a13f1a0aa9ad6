"""Honest pay: the figures for the hours of a post, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from portal.vacancies.pay import actual_pay, actual_salary, actual_share, full_time_pay, half_time_pay


def post(hours="37", full="37", weeks=None, lowest=41_000, highest=45_000):
    return SimpleNamespace(
        hours_per_week=Decimal(hours),
        full_time_hours=Decimal(full),
        paid_weeks=None if weeks is None else Decimal(weeks),
        salary_min=lowest,
        salary_max=highest,
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (post(), ""),
        (post(hours="18.5"), "£20,500 to £22,500 a year"),
        (post(hours="22.2", lowest=48_700, highest=52_900), "£29,220 to £31,740 a year"),
        (post(hours="30", lowest=40_000, highest=40_000), "£32,432 a year"),  # 40,000 × 30 / 37 = 32,432.43
        (post(hours="29.6", lowest=54_100, highest=59_300), "£43,280 to £47,440 a year"),
        (post(hours="36", full="36"), ""),
        (post(weeks="44", lowest=30_000, highest=30_000), "£25,315 a year"),  # × 44 / 52.142857 = 25,315.07
        (
            post(hours="18.5", weeks="44", lowest=30_000, highest=30_000),
            "£12,658 a year",
        ),  # half of 25,315.07, up
        (post(hours="48"), ""),
        (post(weeks="53"), ""),
    ],
)
def test_pay_for_the_hours(given, said):
    assert actual_pay(given) == said


def test_full_time_pay_is_a_range_or_one_figure():
    assert full_time_pay(post()) == "£41,000 to £45,000 a year"
    assert full_time_pay(post(lowest=45_000)) == "£45,000 a year"


def test_half_of_a_full_time_post():
    assert half_time_pay(post()) == "£20,500 to £22,500 a year"


def test_pounds_are_rounded_half_up_and_thirds_stay_exact():
    assert actual_salary(30_001, Decimal("0.5")) == 15_001
    assert actual_share(post(hours="12.33", full="37")) * 37 == pytest.approx(Decimal("12.33"))
