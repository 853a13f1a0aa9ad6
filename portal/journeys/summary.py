"""Lists that the pages of a journey show: answers to check, entries of a list, sections of a task list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from portal.core.fields import HiddenField
from portal.journeys.engine import Progress, RepeatingStep, Section, Status, Step
from portal.journeys.snapshot import SnapshotGroup, SnapshotSection, rows_of, sections_of, snapshot_of

Url = Callable[..., str]
SummaryRow = tuple[str, Markup, str | None]
"""Question, answer, address to change it: what `summary_rows` of components/page.html takes."""

KINDS = {
    Status.NOT_STARTED: "",
    Status.IMPORTED: "warn",
    Status.IN_PROGRESS: "warn",
    Status.COMPLETED: "good",
    Status.CANNOT_START: "quiet",
}
"""The look of a status' tag; its words say the same."""


@dataclass(frozen=True, slots=True)
class Card:
    """Rows under a heading of their own; the heading is empty for an ordinary page."""

    heading: str
    rows: list[SummaryRow]


@dataclass(frozen=True, slots=True)
class CheckSection:
    """A section of the check page."""

    title: str
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class ItemCard:
    """An entry of a repeating step on the page that lists them."""

    title: str
    rows: list[SummaryRow]
    change_url: str
    remove_url: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A line of a task list; `url` is None while the section cannot be started."""

    slug: str
    title: str
    url: str | None
    status: str
    kind: str


def in_lines(text: str) -> Markup:
    """What was typed, with its line breaks."""
    return escape(text).replace("\n", Markup("<br>"))


def check_sections(progress: Progress, url: Url) -> list[CheckSection]:
    """Every answer on the path, each with the address to change it."""
    shown_only = names_shown_only(progress)
    in_rows = {step.slug: step for step in progress.path if isinstance(step, RepeatingStep) and step.in_rows}
    sections = [
        CheckSection(section.title, list(cards_of(section, in_rows, url, shown_only)))
        for section in sections_of(snapshot_of(progress))
    ]
    return [section for section in sections if section.cards]


def names_shown_only(progress: Progress) -> frozenset[str]:
    """Answers that no page lets anybody type, like the account’s address: nothing leads to them."""
    return frozenset(
        field.short_name
        for step in progress.path
        if isinstance(step, Step)
        for field in progress.form(step).questions
        if isinstance(field, HiddenField)
    )


def cards_of(
    section: SnapshotSection,
    in_rows: Mapping[str, RepeatingStep],
    url: Url,
    shown_only: frozenset[str],
) -> Iterator[Card]:
    """A card for each page or entry; one for a whole list whose entries are rows."""
    for slug, groups in groupby(section.groups, key=lambda group: group.step):
        if slug in in_rows:
            step = in_rows[slug]
            yield Card(step.title, [row_of(step, *entry, url) for entry in enumerate(groups, 1)])
        else:
            yield from (card_of(group, url, shown_only) for group in groups if group.rows)


def row_of(step: RepeatingStep, number: int, group: SnapshotGroup, url: Url) -> SummaryRow:
    """An entry in one row: its first answer, and the others in a line below."""
    first, *others = [row.text.replace("\n", ", ") for row in group.rows if row.text]
    below = Markup('<br><span class="muted">{}</span>').format("; ".join(others)) if others else ""
    address = url("item", step=group.step, item=group.item, change="1")
    return f"{step.one[:1].upper()}{step.one[1:]} {number}", escape(first) + below, address


def card_of(group: SnapshotGroup, url: Url, shown_only: frozenset[str]) -> Card:
    """The rows of one page or entry."""
    if group.item is None:
        rows: list[SummaryRow] = [
            (
                row.question,
                in_lines(row.text),
                None
                if row.name in shown_only
                else url("step", step=group.step, change="1", _anchor=row.name),
            )
            for row in group.rows
        ]
    else:
        where: dict[str, Any] = {"step": group.step, "item": group.item, "change": "1"}
        rows = [
            (row.question, in_lines(row.text), url("item", **where, _anchor=row.name)) for row in group.rows
        ]
    return Card(group.heading, rows)


def item_cards(progress: Progress, step: RepeatingStep, url: Url) -> list[ItemCard]:
    """The entries of a repeating step, in order."""
    return [
        ItemCard(
            step.title_of(item.answers, number),
            [
                (row["question"], in_lines(row["text"]), None)
                for row in rows_of(progress.form_of(step, item))
                if row["text"]
            ],
            url("item", step=step.slug, item=item.id),
            url("remove_item", step=step.slug, item=item.id),
            progress.item_complete(step, item),
        )
        for number, item in enumerate(progress.entries(step), 1)
    ]


def task_list(progress: Progress, url: Url) -> list[Task]:
    """A line for each section that applies."""
    return [task_of(progress, section, url) for section in progress.visible_sections]


def task_of(progress: Progress, section: Section, url: Url) -> Task:
    """Leads to the section's first page that is missing, to its first when none is or all were taken over."""
    status = progress.status(section)
    steps = progress.steps_of(section)
    missing = next((step for step in steps if not progress.complete(step)), steps[0])
    step = steps[0] if status is Status.IMPORTED else missing
    address = None if status is Status.CANNOT_START else url("step", step=step.slug)
    return Task(section.slug, section.title, address, status.value, KINDS[status])
