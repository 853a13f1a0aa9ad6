"""The figures by stage as they are stored and shown: tables, what is hidden in them, when they are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.applications.equality.lists import PREFER_NOT, Lists, Question
from portal.applications.equality.queries import SETTLED, Counts, Scope, Standing
from portal.applications.equality.stages import STAGES
from portal.applications.equality.suppression import protect

NOT_SAID = "Prefer not to say, or left blank"
OTHER = "Other answers of earlier lists"
HIDDEN = "[c]"
"""The sign for confidential figures in tables of official statistics."""


@dataclass(frozen=True, slots=True)
class Table:
    """One question: a row for each category, then the totals; None where a figure is hidden."""

    title: str
    code: str
    rows: tuple[tuple[str, str, tuple[int | None, ...]], ...]
    """Code, label and figures, one for each stage."""
    totals: tuple[int | None, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing of it may be shown."""
        return all(total is None for total in self.totals)

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        rows = [[code, label, list(figures)] for code, label, figures in self.rows]
        return {"title": self.title, "code": self.code, "rows": rows, "totals": list(self.totals)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Table:
        """As it was stored."""
        rows = tuple((code, label, tuple(figures)) for code, label, figures in stored["rows"])
        return cls(stored["title"], stored["code"], rows, tuple(stored["totals"]))


def is_settled(scope: Scope, standing: Standing, at: datetime) -> bool:
    """Whether figures can be made: everything is over for everybody, and nothing has changed for two days.

    An archived vacancy can be neither extended, which would take it to another quarter, nor can a decision
    about its applicants be undone.
    """
    quiet_since = at - SETTLED
    if standing.unfinished or standing.undecided:
        return False
    if scope.closed_at is None or scope.closed_at > quiet_since:
        return False
    return standing.changed_at is None or standing.changed_at <= quiet_since


def tables(counts: Counts, lists: Lists) -> list[Table]:
    """A table for each question that figures are published of."""
    return [table_of(question, counts) for question in lists.summarised]


def table_of(question: Question, counts: Counts) -> Table:
    """One question's table, with what may not be shown hidden."""
    counter = counts[question.name]
    labels = {**dict(question.options), PREFER_NOT: NOT_SAID}
    older = {code for code, _stage in counter} - set(labels)
    categories = [([code], code, label) for code, label in labels.items()]
    categories += [(sorted(older), "other", OTHER)] if older else []
    figures = [
        [
            sum(counter[code, reached.value] for code in codes for reached in STAGES[STAGES.index(stage) :])
            for stage in STAGES
        ]
        for codes, _code, _label in categories
    ]
    shown = protect(figures)
    return Table(
        title=question.summary,
        code=question.name,
        rows=tuple(
            (code, label, tuple(row))
            for (_codes, code, label), row in zip(categories, shown.figures, strict=True)
        ),
        totals=tuple(shown.totals),
    )
