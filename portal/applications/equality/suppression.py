"""Which figures may be shown, so that nobody can be told from them.

A table has a row for each category and a column for each stage; a stage includes the later ones, so figures
never grow along a row, and the totals of the columns are shown. A figure under five is hidden. That alone
protects nobody: a hidden figure can be worked out when it is the only one of its column, when the hidden ones
add up to nothing, or from the stage before. So more is hidden until for every hidden figure there is another
table that shows the same figures and totals and has another number in its place.

Such a table is looked for in the simplest form: one person moves from one row to another, in neighbouring
stages that are hidden in both rows. That it is found is enough; what is not found is taken for not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5
"""The smallest figure that is shown."""
LEAST_TOTAL = 10
"""A stage that fewer people came to is not shown at all, its total neither."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a table: None where a figure is hidden."""

    figures: list[list[int | None]]
    totals: list[int | None]


def protect(table: Sequence[Sequence[int]]) -> Shown:
    """The figures that may be shown of rows that never grow from left to right."""
    width = len(table[0]) if table else 0
    totals = [sum(row[column] for row in table) for column in range(width)]
    seen = next((column for column, total in enumerate(totals) if total < LEAST_TOTAL), width)
    kept = Table([list(row[:seen]) for row in table]).shown_columns() if len(table) > 1 and seen else None
    shown = kept or [0] * len(table)
    return Shown(
        [
            [figure if column < shown[number] else None for column, figure in enumerate(row)]
            for number, row in enumerate(table)
        ],
        [total if column < seen else None for column, total in enumerate(totals)],
    )


class Table:
    """The stages that are shown, while it is worked out how many figures of each row are.

    Figures shrink along a row, so what is hidden of a row is its end: one number a row says it all.
    """

    def __init__(self, rows: list[list[int]]) -> None:
        self.rows = rows
        self.width = len(rows[0])
        self.shown = [
            next((place for place, figure in enumerate(row) if figure < LEAST), self.width) for row in rows
        ]

    def shown_columns(self) -> list[int]:
        """How many figures of each row may be shown, from the left."""
        while (cell := self.told()) is not None:
            self.hide_more(cell)
        return self.shown

    def told(self) -> int | None:
        """The column of a hidden figure for which no other number was found; the leftmost."""
        return next(
            (
                column
                for column in range(self.width)
                for row in range(len(self.rows))
                if self.shown[row] <= column and not self.is_ambiguous(row, column)
            ),
            None,
        )

    def is_ambiguous(self, row: int, column: int) -> bool:
        """Whether somebody could be moved into or out of this figure and nothing shown would change."""
        others = (other for other in range(len(self.rows)) if other != row and self.shown[other] <= column)
        return any(self.can_move(row, other, column) or self.can_move(other, row, column) for other in others)

    def can_move(self, giving: int, taking: int, column: int) -> bool:
        """Whether one person of the first row could as well be one of the second, in this stage.

        The one who is moved must be there; and the second row must have somebody who stopped at a stage
        before, or be hidden from the first stage on, to come so far instead.
        """
        first = max(self.shown[giving], self.shown[taking])
        if self.rows[giving][column] < 1:
            return False
        stopped = (
            self.rows[taking][place] - self.rows[taking][place + 1] for place in range(first - 1, column)
        )
        return first == 0 or any(left > 0 for left in stopped)

    def hide_more(self, column: int) -> None:
        """Hide the smallest figure shown in this column; where none is, the smallest that ends a row."""
        rows = range(len(self.rows))
        inside = [row for row in rows if self.shown[row] > column]
        if inside:
            row = min(inside, key=lambda one: self.rows[one][column])
            self.shown[row] = column
            return
        row = min(
            (one for one in rows if self.shown[one]), key=lambda one: self.rows[one][self.shown[one] - 1]
        )
        self.shown[row] -= 1
