"""Answers beside the questions as they were worded: one shape for every place where answers are shown.

The check page, the staff's page, print, mail and export all read a snapshot. It is stored with what was
sent, because wording changes and an answer means what was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.core.forms import PortalForm
from portal.journeys.answers import Answers
from portal.journeys.engine import AnyStep, Facts, Journey, Progress, RepeatingStep

Snapshot = dict[str, Any]
"""JSON: journey, version, title, and sections with groups of rows."""

FINAL = "check-answers"
"""The section of what was confirmed when sending."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question as worded, the answer in words, and its codes."""

    name: str
    question: str
    text: str
    answer: Any = None


@dataclass(frozen=True, slots=True)
class SnapshotGroup:
    """The rows of one page, or of one entry of a repeating step (then with a heading)."""

    step: str
    rows: tuple[Row, ...]
    heading: str = ""
    item: str | None = None


@dataclass(frozen=True, slots=True)
class SnapshotSection:
    """Groups under the title of a section."""

    slug: str
    title: str
    groups: tuple[SnapshotGroup, ...]


def build_snapshot(
    journey: Journey,
    answers: Answers,
    facts: Facts | None = None,
    final: PortalForm | None = None,
) -> Snapshot:
    """The questions on the path with their answers; `final` adds what was confirmed when sending."""
    return snapshot_of(Progress(journey, answers, facts), final)


def snapshot_of(progress: Progress, final: PortalForm | None = None) -> Snapshot:
    """The same of somebody's progress, whose forms are made already."""
    journey = progress.journey
    sections = [
        {
            "slug": section.slug,
            "title": section.title,
            "groups": [group for step in progress.steps_of(section) for group in groups_of(progress, step)],
        }
        for section in progress.visible_sections
    ]
    confirmed = rows_of(final) if final is not None else []
    if confirmed:
        group = {"step": FINAL, "heading": "", "item": None, "rows": confirmed}
        sections.append({"slug": FINAL, "title": "Confirmed when sending", "groups": [group]})
    return {
        "journey": journey.name,
        "version": journey.version,
        "title": journey.title,
        "sections": sections,
    }


def groups_of(progress: Progress, step: AnyStep) -> list[dict[str, Any]]:
    """A page is one group; a repeating step is one for each entry."""
    if isinstance(step, RepeatingStep):
        return [
            {
                "step": step.slug,
                "heading": step.title_of(item.answers, number),
                "item": item.id,
                "rows": rows_of(progress.form_of(step, item)),
            }
            for number, item in enumerate(progress.entries(step), 1)
        ]
    return [{"step": step.slug, "heading": "", "item": None, "rows": rows_of(progress.form(step))}]


def rows_of(form: PortalForm) -> list[dict[str, Any]]:
    """A row for each question that was put."""
    return [
        {
            "name": field.short_name,
            "question": field.question,
            "text": field.display(field.answer),
            "answer": field.answer,
        }
        for field in form.questions
        if field.in_summary and field.asked
    ]


def sections_of(snapshot: Mapping[str, Any]) -> list[SnapshotSection]:
    """A snapshot as objects, for pages and print."""
    return [
        SnapshotSection(
            section["slug"],
            section["title"],
            tuple(
                SnapshotGroup(
                    group["step"],
                    tuple(
                        Row(row["name"], row["question"], row["text"], row["answer"]) for row in group["rows"]
                    ),
                    group["heading"],
                    group["item"],
                )
                for group in section["groups"]
            ),
        )
        for section in snapshot["sections"]
    ]


def cells_of(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """Each question's name to the answer in words, for exports; entries of a list share one cell."""
    cells: dict[str, str] = {}
    for section in sections_of(snapshot):
        for group in section.groups:
            for row in group.rows:
                before = cells.get(row.name)
                cells[row.name] = f"{before}\n{row.text}" if before is not None else row.text
    return cells
