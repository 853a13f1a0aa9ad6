"""The figures by stage as they are shown: tables, what is hidden in them, and which stages are shown yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.applications.equality.lists import PREFER_NOT, Lists, Question
from portal.applications.equality.queries import SETTLED, Counts, Scope, Standing
from portal.applications.equality.stages import STAGES, Stage
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
    stages: tuple[Stage, ...]
    rows: tuple[tuple[str, str, tuple[int | None, ...]], ...]
    """Code, label and figures."""
    totals: tuple[int | None, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing of it may be shown."""
        return all(total is None for total in self.totals)


def stages_shown(scope: Scope, standing: Standing, at: datetime) -> tuple[Stage, ...]:
    """The stages that are over for everybody, of vacancies that are archived: their figures stay for good.

    Figures that differ by one between two looks tell about that one. An archived vacancy can be neither
    extended, which would take it to another quarter, nor can a decision about its applicants be undone.
    """
    if standing.unfinished:
        return ()
    quiet_since = at - SETTLED
    if scope.closed_at is None or scope.closed_at > quiet_since:
        return ()
    if standing.changed_at is not None and standing.changed_at > quiet_since:
        return ()
    shown: list[Stage] = []
    for stage in STAGES:
        if standing.undecided[stage]:
            break
        shown.append(stage)
    return tuple(shown)


def tables(counts: Counts, lists: Lists, stages: Sequence[Stage]) -> list[Table]:
    """A table for each question that figures are published of."""
    return [table_of(question, counts, tuple(stages)) for question in lists.summarised]


def table_of(question: Question, counts: Counts, stages: tuple[Stage, ...]) -> Table:
    """One question's table, with what may not be shown hidden."""
    counter = counts[question.name]
    labels = {**dict(question.options), PREFER_NOT: NOT_SAID}
    older = {code for code, _stage in counter} - set(labels)
    categories = [([code], code, label) for code, label in labels.items()]
    categories += [(sorted(older), "other", OTHER)] if older else []
    figures = [
        [
            sum(counter[code, reached.value] for code in codes for reached in STAGES[STAGES.index(stage) :])
            for stage in stages
        ]
        for codes, _code, _label in categories
    ]
    shown = protect(figures)
    return Table(
        title=question.summary,
        code=question.name,
        stages=stages,
        rows=tuple(
            (code, label, tuple(row))
            for (_codes, code, label), row in zip(categories, shown.figures, strict=True)
        ),
        totals=tuple(shown.totals),
    )
