"""Two versions of an advert, one beside the other: what it says now, and what somebody wrote meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from portal.core.errors import StaleEdit
from portal.journeys.engine import Progress
from portal.journeys.snapshot import cells_of, sections_of, snapshot_of
from portal.journeys.summary import in_lines
from portal.vacancies.writing.desk import Desk


@dataclass(frozen=True, slots=True)
class Pair:
    """One question that both versions answer differently."""

    question: str
    now: Markup
    mine: Markup


def pairs_of(now: Progress, mine: Progress) -> list[Pair]:
    """Every question with two answers, in the order of the pages; entries of a list count together."""
    snapshots = snapshot_of(now), snapshot_of(mine)
    cells = [cells_of(snapshot) for snapshot in snapshots]
    questions: dict[str, str] = {}
    for snapshot in reversed(snapshots):
        for section in sections_of(snapshot):
            for group in section.groups:
                questions |= {row.name: row.question for row in group.rows}
    order = [name for name in cells[1] if name in questions] + [
        name for name in cells[0] if name not in cells[1]
    ]
    return [
        Pair(questions[name], in_lines(cells[0].get(name, "")), in_lines(cells[1].get(name, "")))
        for name in order
        if cells[0].get(name, "") != cells[1].get(name, "")
    ]


def both_versions(desk: Desk, mine: Progress, stale: StaleEdit) -> StaleEdit:
    """The same refusal, with what its page shows."""
    now = desk.progress(stale.facts["now"])
    return StaleEdit(pairs=pairs_of(now, mine), version=stale.facts["version"], reference=desk.reference)
