"""Hidden figures stay hidden: an independent search finds another table for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.applications.equality.suppression import LEAST, LEAST_TOTAL, protect

Rows = list[list[int]]


def possible_rows(shown: list[int | None], most: list[int]) -> Iterator[tuple[int, ...]]:
    """Every row that never grows and agrees with what is shown of it."""
    ranges = [
        [figure] if figure is not None else range(limit + 1)
        for figure, limit in zip(shown, most, strict=True)
    ]
    return (row for row in product(*ranges) if all(before >= after for before, after in pairwise(row)))


def sums_with(
    sums: set[tuple[int, ...]], rows: list[tuple[int, ...]], totals: list[int]
) -> set[tuple[int, ...]]:
    """The sums that one more row makes, as far as the totals allow."""
    added = (tuple(a + b for a, b in zip(so_far, row, strict=True)) for so_far in sums for row in rows)
    return {one for one in added if all(part <= total for part, total in zip(one, totals, strict=True))}


def values_of(figures: list[list[int | None]], totals: list[int], row: int, column: int) -> set[int]:
    """Every number that a figure could be, all else shown being as it is.

    Rows are added one after the other, keeping only the sums that they make: no use is made of how figures
    were hidden.
    """
    sums: set[tuple[int, ...]] = {(0,) * len(totals)}
    for number, other in enumerate(figures):
        if number != row:
            sums = sums_with(sums, list(possible_rows(other, totals)), totals)
    return {
        candidate[column]
        for candidate in possible_rows(figures[row], totals)
        if tuple(total - one for total, one in zip(totals, candidate, strict=True)) in sums
    }


def hidden_and_told(rows: Rows) -> list[tuple[int, int]]:
    """Hidden figures of stages that are shown which can only be what they are."""
    shown = protect(rows)
    totals = [total for total in shown.totals if total is not None]
    figures = [row[: len(totals)] for row in shown.figures]
    return [
        (row, column)
        for row in range(len(rows))
        for column in range(len(totals))
        if figures[row][column] is None and len(values_of(figures, totals, row, column)) < 2
    ]


def shrinking(most: int, width: int) -> st.SearchStrategy[list[int]]:
    row = st.lists(st.integers(0, most), min_size=width, max_size=width)
    return row.map(lambda figures: sorted(figures, reverse=True))


two_stages = st.lists(shrinking(14, 2), min_size=2, max_size=4)
three_stages = st.lists(shrinking(7, 3), min_size=2, max_size=3)


@given(two_stages)
@settings(max_examples=150)
@example([[12, 12], [0, 0], [0, 0]])
@example([[6, 5], [6, 4]])
@example([[10, 10], [3, 3], [0, 0]])
@example([[7, 7], [5, 5], [4, 0]])
def test_no_figure_of_two_stages_can_be_worked_out(rows: Rows) -> None:
    assert hidden_and_told(rows) == []


@given(three_stages)
@settings(max_examples=40)
@example([[8, 8, 8], [8, 8, 2], [4, 1, 0]])
def test_no_figure_of_three_stages_can_be_worked_out(rows: Rows) -> None:
    assert hidden_and_told(rows) == []


@given(st.lists(shrinking(200, 4), min_size=2, max_size=9))
def test_what_is_shown_is_true_and_never_small(rows: Rows) -> None:
    shown = protect(rows)
    for row, figures in zip(rows, shown.figures, strict=True):
        for figure, shown_figure in zip(row, figures, strict=True):
            assert shown_figure is None or (shown_figure == figure and figure >= LEAST)
    for column, total in enumerate(shown.totals):
        real = sum(row[column] for row in rows)
        assert total == (real if real >= LEAST_TOTAL else None)
        if total is None:
            assert all(figures[column] is None for figures in shown.figures)


def test_the_search_finds_what_is_not_protected() -> None:
    """The only hidden figure of its column, and hidden ones that add up to nothing."""
    assert values_of([[7], [6], [None]], [16], 2, 0) == {3}
    assert values_of([[7], [None], [None]], [7], 1, 0) == {0}
    assert values_of([[7, 7], [6, None], [6, None]], [19, 8], 1, 1) == {0, 1}


@pytest.mark.parametrize(
    ("rows", "figures"),
    [
        ([[20, 10], [15, 7], [9, 6]], [[20, 10], [15, 7], [9, 6]]),
        ([[20], [15], [3]], [[20], [None], [None]]),
        ([[20], [15], [3], [2]], [[20], [15], [None], [None]]),
        ([[20], [0], [0]], [[None], [None], [None]]),
        ([[20, 4], [15, 3]], [[20, None], [15, None]]),
        ([[9]], [[None]]),
        ([], []),
    ],
)
def test_examples(rows: Rows, figures: list[list[int | None]]) -> None:
    assert protect(rows).figures == figures
