"""Months, spans and the gap finder: by hand, and as promises about any history."""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.history.gaps import find_gaps
from portal.applications.history.months import Month
from portal.applications.history.spans import Span, uncovered, union

NOW = Month.of(2026, 11)

months = st.integers(Month.of(1990, 1).number, NOW.number).map(Month)
any_spans = st.lists(st.builds(Span, months, months), max_size=12)


def month(text: str) -> Month:
    found = Month.read(text)
    assert found is not None
    return found


def spans(text: str) -> list[Span]:
    """“2020-01..2021-02 2021-05..now”."""
    pairs = (part.split("..") for part in text.split())
    return [Span(month(first), NOW if last == "now" else month(last)) for first, last in pairs]


def covered(given_spans: list[Span]) -> set[int]:
    return {number for span in given_spans for number in range(span.first.number, span.last.number + 1)}


def test_a_month_is_read_written_and_said() -> None:
    assert str(month("2021-03")) == "March 2021"
    assert month("2021-12").plus(1).code == "2022-01"
    assert Month.on(date(2026, 11, 30)) == NOW
    for junk in (
        "2021-13",
        "2021-3",
        "2021-00",
        "٢٠٢١-٠٣",
        "2021-03-01",
        " 2021-03",
        "",
        None,
        3,
        {"month": "3"},
    ):
        assert Month.read(junk) is None


BY_HAND = [
    ("left this month", "2026-11", "", []),
    ("left last month, and this one is not over", "2026-10", "", []),
    ("left two months ago", "2026-09", "", ["October 2026 to November 2026"]),
    ("never worked", "2024-06", "", ["July 2024 to November 2026"]),
    ("a job from the next month until now", "2020-06", "2020-07..now", []),
    ("began two months after leaving", "2020-06", "2020-08..now", ["July 2020"]),
    ("a job that began before leaving", "2020-06", "2019-01..now", []),
    ("next job in the month after", "2019-12", "2020-01..2021-02 2021-03..now", []),
    ("the domain’s example", "2019-12", "2020-01..2021-02 2021-09..now", ["March 2021 to August 2021"]),
    ("exactly one month", "2019-12", "2020-01..2021-02 2021-04..now", ["March 2021"]),
    ("overlapping jobs", "2019-12", "2020-01..2022-05 2021-01..2021-03 2022-04..now", []),
    ("one job inside another", "2019-12", "2020-01..2022-05 2020-03..2020-04 2022-07..now", ["June 2022"]),
    ("left the last job last month", "2019-12", "2020-01..2026-10", []),
    ("left the last job in September", "2019-12", "2020-01..2026-09", ["October 2026 to November 2026"]),
    ("left the last job this month", "2019-12", "2020-01..2026-11", []),
    ("a job wholly before leaving", "2020-06", "2018-01..2019-01 2020-07..now", []),
    ("a job that ends before it starts covers nothing", "2026-08", "2026-10..2026-09",
     ["September 2026 to November 2026"]),
    ("over the new year", "2019-12", "2020-01..2020-11 2021-02..now", ["December 2020 to January 2021"]),
    ("two gaps", "2019-12", "2020-02..2020-03 2020-05..now", ["January 2020", "April 2020"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "told", "gaps"), [case[1:] for case in BY_HAND], ids=[c[0] for c in BY_HAND]
)
def test_gaps_found_by_hand(left: str, told: str, gaps: list[str]) -> None:
    assert [str(gap.span) for gap in find_gaps(month(left), spans(told), now=NOW)] == gaps


def test_who_is_still_in_education_has_no_gap() -> None:
    assert find_gaps(None, [], now=NOW) == []


def test_a_left_education_that_is_still_to_come_is_no_gap() -> None:
    assert find_gaps(NOW.plus(5), [], now=NOW) == []


def test_a_gap_says_where_it_stands() -> None:
    first, last = find_gaps(month("2020-06"), spans("2021-01..2025-01"), now=NOW)
    assert (first.after_education, first.to_now) == (True, False)
    assert (last.after_education, last.to_now) == (False, True)


@pytest.mark.parametrize(("shortest", "found"), [(1, 2), (2, 1), (3, 1), (4, 0)])
def test_the_setting_says_how_long_a_gap_is(shortest: int, found: int) -> None:
    told = spans("2020-01..2020-11 2021-03..2025-01 2025-03..now")
    assert len(find_gaps(month("2019-12"), told, now=NOW, shortest=shortest)) == found


def test_a_gap_is_said_in_a_sentence() -> None:
    assert Span(month("2021-03"), month("2021-08")).between == "between March 2021 and August 2021"
    assert Span(month("2021-03"), month("2021-03")).between == "in March 2021"


@given(any_spans, st.randoms(use_true_random=False))
def test_the_union_does_not_depend_on_the_order(told: list[Span], shuffler: random.Random) -> None:
    mixed = told[:]
    shuffler.shuffle(mixed)
    assert union(mixed) == union(told) == union(union(told))


@given(any_spans)
def test_the_union_covers_the_same_months_with_space_between(told: list[Span]) -> None:
    joined = union(told)
    assert covered(joined) == covered(told)
    assert all(one.last.plus(1) < other.first for one, other in pairwise(joined))


@given(months, any_spans)
def test_what_is_uncovered_is_exactly_the_rest(begins: Month, told: list[Span]) -> None:
    rest = uncovered(Span(begins, NOW), told)
    period = set(range(begins.number, NOW.number + 1))
    assert covered(rest) == period - covered(told)
    assert all(len(run) for run in rest)


@given(months, any_spans, st.builds(Span, months, months))
def test_adding_a_span_never_uncovers_a_month(left: Month, told: list[Span], more: Span) -> None:
    before = covered([gap.span for gap in find_gaps(left, told, now=NOW)])
    after = covered([gap.span for gap in find_gaps(left, [*told, more], now=NOW)])
    assert after <= before


@given(months, any_spans)
def test_explaining_every_gap_leaves_none(left: Month, told: list[Span]) -> None:
    found = [gap.span for gap in find_gaps(left, told, now=NOW)]
    assert find_gaps(left, [*told, *found], now=NOW) == []


@given(months, any_spans, st.integers(1, 6))
def test_a_higher_threshold_finds_no_other_gaps(left: Month, told: list[Span], shortest: int) -> None:
    every = [gap.span for gap in find_gaps(left, told, now=NOW)]
    assert {gap.span for gap in find_gaps(left, told, now=NOW, shortest=shortest)} <= set(every)


def test_two_hundred_jobs_are_looked_through_in_no_time() -> None:
    """Sorting and one pass: a thousand times as many stay quick."""
    first = Month.of(1990, 1)
    told = [Span(first.plus(number % 400), first.plus(number % 400)) for number in range(0, 200_000, 2)]
    assert len(find_gaps(first.plus(-1), told, now=NOW)) > 100
