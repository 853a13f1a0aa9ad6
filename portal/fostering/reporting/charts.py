"""Figures drawn as SVG on the server: where each mark stands. The template writes it; a table says the same.

Units are those of the drawing, which is as wide as the narrowest phone and grows with its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 330
COLUMN_HEIGHT = 120
TOP, FOOT = 20, 22
BAR, LINE = 16, 42
VALUE_ROOM = 62
"""What is kept free at the end of the longest bar for its number."""
LEAST = 2
"""So that one in a thousand is still seen."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar or a column, what it stands for, and what it says. Nothing is drawn of what cannot be told."""

    label: str
    value: str
    x: float
    y: float
    width: float
    height: float
    label_x: float
    label_y: float
    value_x: float
    value_y: float
    strong: bool = False
    """The one that is spoken of: this week, the whole."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its name and one sentence that says what it shows."""

    name: str
    title: str
    description: str
    height: float
    marks: tuple[Mark, ...]
    upright: bool = False
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a chart; `value` is how it is written, `amount` how long it is."""

    label: str
    amount: float | None
    value: str
    strong: bool = False


def bars(name: str, title: str, description: str, points: Sequence[Point]) -> Chart:
    """Lying bars, each under its label, which may be long."""
    most = max((point.amount or 0 for point in points), default=0) or 1
    marks = []
    for number, point in enumerate(points):
        top = number * LINE
        width = length(point.amount, most, WIDTH - VALUE_ROOM)
        marks.append(
            Mark(
                label=point.label,
                value=point.value,
                x=0,
                y=top + 18,
                width=width,
                height=BAR,
                label_x=0,
                label_y=top + 13,
                value_x=width + (6 if width else 0),
                value_y=top + 31,
                strong=point.strong,
            )
        )
    return Chart(name, title, description, max(LINE * len(points), LINE), tuple(marks))


def columns(
    name: str, title: str, description: str, points: Sequence[Point], most: float | None = None
) -> Chart:
    """Standing columns over their labels, in time from left to right; only some labels fit under them."""
    highest = most or max((point.amount or 0 for point in points), default=0) or 1
    room = WIDTH / max(len(points), 1)
    step = max(1, -(-len(points) // 4))
    marks = []
    for number, point in enumerate(points):
        height = length(point.amount, highest, COLUMN_HEIGHT)
        shown = (len(points) - 1 - number) % step == 0
        middle = round(room * (number + 0.5), 1)
        marks.append(
            Mark(
                label=point.label if shown else "",
                value=point.value,
                x=round(room * number + room * 0.12, 1),
                y=round(TOP + COLUMN_HEIGHT - height, 1),
                width=round(room * 0.76, 1),
                height=height,
                label_x=middle,
                label_y=TOP + COLUMN_HEIGHT + 16,
                value_x=middle,
                value_y=round(TOP + COLUMN_HEIGHT - height - 5, 1),
                strong=point.strong,
            )
        )
    return Chart(name, title, description, TOP + COLUMN_HEIGHT + FOOT, tuple(marks), upright=True)


def length(amount: float | None, most: float, room: float) -> float:
    """How long a mark is, to a tenth; something is never nothing."""
    if not amount:
        return 0
    return round(max(LEAST, min(amount, most) / most * room), 1)
