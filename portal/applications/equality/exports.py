"""The figures by stage as a file, in the order of domain: recruitment §10.7; what is hidden stays hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.applications.equality.figures import HIDDEN, Table
from portal.applications.equality.stages import STAGES, Stage
from portal.core.export import Column


class FigureRow(NamedTuple):
    """One category of one question."""

    scope: str
    characteristic: str
    category: str
    figures: dict[Stage, int | None]


def figure_of(stage: Stage) -> Callable[[FigureRow], int | str]:
    """The figure of a stage, or the sign for a hidden one."""

    def value(row: FigureRow) -> int | str:
        figure = row.figures[stage]
        return HIDDEN if figure is None else figure

    return value


COLUMNS: list[Column[FigureRow]] = [
    Column("vacancy_or_quarter", lambda row: row.scope, "Vacancy or quarter", width=20),
    Column("characteristic", lambda row: row.characteristic, "Characteristic", width=40),
    Column("category", lambda row: row.category, "Category", width=50),
    *(Column(stage.value, figure_of(stage), stage.label) for stage in STAGES),
]


def figure_rows(scope: str, tables: Iterable[Table]) -> list[FigureRow]:
    """A row for each category, and one for all of them."""
    return [
        FigureRow(scope, table.title, label, dict(zip(STAGES, figures, strict=True)))
        for table in tables
        for label, figures in (*((label, row) for _code, label, row in table.rows), ("All", table.totals))
    ]


def rows_for(rows: Sequence[FigureRow]) -> Callable[[Session], Iterator[FigureRow]]:
    """They are worked out before: what is hidden depends on all of them."""
    return lambda _session: iter(rows)
