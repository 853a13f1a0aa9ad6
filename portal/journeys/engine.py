"""Journeys as data, and where somebody is on one. Knows no request and no database.

The path is computed from declaration and answers each time: nothing about position is stored, so an
answer that is changed later can neither leave a page behind nor skip one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

from portal.core.forms import PortalForm
from portal.journeys.answers import Answers, Item, Stored

__all__ = [
    "Answers",
    "Item",
    "Journey",
    "Progress",
    "RepeatingStep",
    "Section",
    "Status",
    "Step",
    "Stored",
    "Submission",
    "always",
]

Condition = Callable[[Answers], bool]
Facts = Mapping[str, Any]

SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
RESERVED = frozenset({"check-answers", "confirmation", "delete-answers", "answers-deleted", "add"})
"""Addresses of the journey itself."""


class JourneyMistake(ValueError):
    """The declaration of a journey contradicts itself; found when the application starts."""


def always(_answers: Answers) -> bool:
    """A step that everybody meets."""
    return True


def no_rules(_items: Sequence[Stored], _answers: Answers) -> Sequence[str]:
    """Nothing to say about a list as a whole."""
    return ()


@dataclass(frozen=True, kw_only=True)
class _Page:
    """What every step has."""

    applies: Condition = always
    """Sees only the answers of earlier steps on the path."""
    button: str = ""
    """Text of the button, where it is not the journey's usual one."""


@dataclass(frozen=True)
class Step(_Page):
    """One page of questions."""

    slug: str
    title: str
    form: type[PortalForm]
    template: str = "journeys/step.html"


@dataclass(frozen=True)
class RepeatingStep(_Page):
    """A list of entries with the same questions: jobs, referees.

    `one` names an entry in the middle of a sentence (“Add another job”). `rules` judges the list as a
    whole and returns messages, `judge` does so where facts or the time are needed; a message may be Linked.
    `item_title` heads one entry in lists and summaries, `item_heading` its page.
    """

    slug: str
    title: str
    form: type[PortalForm]
    one: str
    many: str = ""
    """Several of `one`, where that is not `one` with an s."""
    min_items: int = 0
    max_items: int = 50
    rules: Callable[[Sequence[Stored], Answers], Sequence[str]] = no_rules
    judge: Callable[[Progress], Sequence[str]] = lambda _progress: ()
    judge_entry: Callable[[Progress, Item], Mapping[str, str]] = lambda _progress, _item: {}
    """What is wrong with one entry beside the others, by question; looked at when it is saved as complete."""
    item_title: Callable[[Stored], str] | None = None
    item_heading: Callable[[Stored], str] | None = None
    order: Callable[[Stored], Any] | None = None
    """Sorts the entries wherever they are shown; they are kept in the order in which they were added."""
    beside: Callable[[Progress], Mapping[str, Any]] = lambda _progress: {}
    """What the list's page shows beside its entries."""
    begin: Callable[[Progress, Mapping[str, str]], Stored | None] = lambda _progress, _asked: {}
    """What a new entry begins with, given the address's query; None where there is none to be added."""
    in_rows: bool = False
    """Whether the check page gives an entry one row: for long lists of short entries."""
    template: str = "journeys/items.html"
    item_template: str = "journeys/item.html"

    def title_of(self, answers: Stored, number: int) -> str:
        """What an entry is called: the author's words, else “Job 1”."""
        title = self.item_title(answers) if self.item_title is not None else ""
        return title or f"{self.one[:1].upper()}{self.one[1:]} {number}"

    def heading_of(self, answers: Stored, otherwise: str) -> str:
        """The heading of an entry's own page."""
        return (self.item_heading(answers) if self.item_heading is not None else "") or otherwise

    def sorted(self, items: Sequence[Item]) -> Sequence[Item]:
        """Entries in the order in which they are shown."""
        order = self.order
        return items if order is None else sorted(items, key=lambda item: order(item.answers))


AnyStep = Step | RepeatingStep


@dataclass(frozen=True)
class Section:
    """Steps under one title; one line of a task list. `can_start` opens it once other answers are there."""

    slug: str
    title: str
    steps: tuple[AnyStep, ...]
    can_start: Condition = always


class Status(StrEnum):
    """Where a section stands; the value is what people read."""

    NOT_STARTED = "Not yet started"
    IMPORTED = "Imported"
    IN_PROGRESS = "In progress"
    COMPLETED = "Completed"
    CANNOT_START = "Cannot start yet"


@dataclass(frozen=True)
class Journey:
    """A whole journey. `version` names the wording; it is stored with whatever is sent."""

    name: str
    version: str
    title: str
    sections: tuple[Section, ...]
    final_form: type[PortalForm] = PortalForm
    mode: Literal["linear", "task_list"] = "linear"
    send_button: str = "Send"
    asks_before_overwriting: bool = False
    """Whether a page that somebody saved meanwhile is shown in both versions; see meanwhile.py."""

    def __post_init__(self) -> None:
        """Raise JourneyMistake for what would only show on some path."""
        slugs = [step.slug for step in self.steps] + [section.slug for section in self.sections]
        for slug in slugs:
            if not SLUG.fullmatch(slug) or slug in RESERVED:
                raise JourneyMistake(f"{slug!r} cannot be an address in the journey {self.name}")
        refuse_twice(self.name, [step.slug for step in self.steps])
        refuse_twice(self.name, [section.slug for section in self.sections])
        names = [name for step in self.steps if isinstance(step, Step) for name in question_names(step.form)]
        refuse_twice(self.name, names)

    @cached_property
    def steps(self) -> tuple[AnyStep, ...]:
        """Every step, in order."""
        return tuple(step for section in self.sections for step in section.steps)

    @property
    def is_task_list(self) -> bool:
        """Whether sections are taken in any order and marked as completed."""
        return self.mode == "task_list"

    def step(self, slug: str) -> AnyStep | None:
        """The step of this address."""
        return next((step for step in self.steps if step.slug == slug), None)

    def section_of(self, step: AnyStep) -> Section:
        """The section that a step belongs to."""
        return next(section for section in self.sections if step in section.steps)


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """What is handed to a journey's author when somebody sends it. Times are UTC."""

    answers: Answers
    """Only what is on the path, judged again."""
    snapshot: dict[str, Any]
    """Questions as worded with answers, JSON; see snapshot.py."""
    key: str
    """One for each draft; stored under a unique constraint with what is made of it."""
    final: Stored
    """Answers of the form on the check page."""
    signs: tuple[str, ...]
    """Signs that no person filled it in (core/forms); a reason to look, not to refuse."""
    version: str
    started_at: datetime
    at: datetime


def refuse_twice(journey: str, names: Sequence[str]) -> None:
    """Raise JourneyMistake when a name occurs twice."""
    for name in names:
        if names.count(name) > 1:
            raise JourneyMistake(f"{name!r} occurs twice in the journey {journey}")


def question_names(form: type[PortalForm]) -> list[str]:
    """Names of the fields of a form that hold answers."""
    return [field.short_name for field in form.from_answers({}).questions]


class Progress:
    """Where somebody is: computed from a journey, the answers and the installation's facts."""

    def __init__(self, journey: Journey, answers: Answers, facts: Facts | None = None) -> None:
        self.journey = journey
        self.answers = answers
        self.facts = facts or {}
        self._complete: dict[tuple[str, ...], bool] = {}
        self._forms: dict[tuple[str, ...], PortalForm] = {}

    @cached_property
    def path(self) -> tuple[AnyStep, ...]:
        """The steps that apply, each judged by the answers of those before it."""
        path: list[AnyStep] = []
        seen = Answers()
        for step in self.journey.steps:
            if step.applies(seen):
                path.append(step)
                seen = self.answers.only(found.slug for found in path)
        return tuple(path)

    @cached_property
    def on_path(self) -> Answers:
        """The answers that count: those of steps on the path."""
        return self.answers.only(step.slug for step in self.path)

    @cached_property
    def given(self) -> dict[str, Any]:
        """The same by the names of the questions: what every page may know of the others."""
        return self.on_path.flat()

    def form(self, step: AnyStep) -> PortalForm:
        """The form of a step with its stored answers, to be judged or displayed; made once."""
        key = (step.slug,)
        if key not in self._forms:
            self._forms[key] = self.item_form(step, self.answers.steps.get(step.slug, {}))
        return self._forms[key]

    def item_form(self, step: AnyStep, answers: Stored) -> PortalForm:
        """The form of a step with these answers: those of one entry."""
        return step.form.from_answers(answers, facts=self.facts, given=self.given)

    def form_of(self, step: RepeatingStep, item: Item) -> PortalForm:
        """The form of one stored entry; made once."""
        key = (step.slug, item.id)
        if key not in self._forms:
            self._forms[key] = self.item_form(step, item.answers)
        return self._forms[key]

    # Judging

    def complete(self, step: AnyStep) -> bool:
        """Whether a step was saved and its rules hold for what is stored now."""
        key = (step.slug,)
        if key not in self._complete:
            self._complete[key] = self._judge(step)
        return self._complete[key]

    def _judge(self, step: AnyStep) -> bool:
        if step.slug not in self.answers.steps:
            return False
        if isinstance(step, RepeatingStep):
            return not self.list_problems(step)
        return self.form(step).validate()

    def item_complete(self, step: RepeatingStep, item: Item) -> bool:
        """Whether one stored entry satisfies its form."""
        key = (step.slug, item.id)
        if key not in self._complete:
            self._complete[key] = self.form_of(step, item).validate()
        return self._complete[key]

    def entries(self, step: RepeatingStep) -> Sequence[Item]:
        """The entries of a list as they are shown."""
        return step.sorted(self.answers.items.get(step.slug, ()))

    def entries_of(self, slug: str) -> Sequence[Item]:
        """The same by the list's address; none where it is off the path."""
        step = self.journey.step(slug)
        return self.entries(step) if isinstance(step, RepeatingStep) and step in self.path else ()

    def list_problems(self, step: RepeatingStep) -> list[str]:
        """What is wrong with a list of entries, in words for the person who fills it in."""
        items = self.entries(step)
        problems: list[str] = []
        if len(items) < step.min_items:
            several = step.many or f"{step.one}s"
            least = f"at least {step.min_items} {several}" if step.min_items > 1 else f"a {step.one}"
            problems.append(f"Add {least}")
        if len(items) > step.max_items:
            problems.append(f"Remove a {step.one}: you can add {step.max_items} at most")
        for number, item in enumerate(items, 1):
            if not self.item_complete(step, item):
                problems.append(f"Complete or remove “{step.title_of(item.answers, number)}”")
        problems += step.rules([item.answers for item in items], self.on_path)
        return [*problems, *step.judge(self)]

    # Finding the way

    @cached_property
    def first_missing(self) -> AnyStep | None:
        """The first step on the path that is not complete."""
        return next((step for step in self.path if not self.complete(step)), None)

    @property
    def ready(self) -> bool:
        """Whether it can be sent: everything on the path is complete, and in a task list said to be."""
        if self.journey.is_task_list:
            return all(self.status(section) is Status.COMPLETED for section in self.visible_sections)
        return self.first_missing is None

    def may_see(self, step: AnyStep) -> bool:
        """Whether this page can be opened now: everything before it is complete, or its section is open."""
        if step not in self.path:
            return False
        if self.journey.is_task_list:
            return self.journey.section_of(step).can_start(self.on_path)
        missing = self.first_missing
        return missing is None or self.path.index(step) <= self.path.index(missing)

    def after(self, step: AnyStep) -> AnyStep | None:
        """The next step on the path; in a task list, of the same section."""
        return next(self._beside(step, 1), None)

    def before(self, step: AnyStep) -> AnyStep | None:
        """The previous step on the path; in a task list, of the same section."""
        return next(self._beside(step, -1), None)

    def _beside(self, step: AnyStep, direction: int) -> Iterator[AnyStep]:
        path = self.path
        if self.journey.is_task_list:
            section = self.journey.section_of(step)
            path = tuple(other for other in path if other in section.steps)
        order = self.journey.steps
        place = order.index(step)
        if direction > 0:
            return (other for other in path if order.index(other) > place)
        return (other for other in reversed(path) if order.index(other) < place)

    # Sections

    @cached_property
    def visible_sections(self) -> tuple[Section, ...]:
        """Sections with a step on the path."""
        return tuple(section for section in self.journey.sections if self.steps_of(section))

    def steps_of(self, section: Section) -> tuple[AnyStep, ...]:
        """The steps of a section that are on the path."""
        return tuple(step for step in section.steps if step in self.path)

    def status(self, section: Section) -> Status:
        """Where a section stands."""
        if not section.can_start(self.on_path):
            return Status.CANNOT_START
        steps = self.steps_of(section)
        if not any(self.answers.saved(step.slug) for step in steps):
            return Status.NOT_STARTED
        if section.slug in self.answers.imported:
            return Status.IMPORTED
        said = not self.journey.is_task_list or section.slug in self.answers.completed
        if said and all(self.complete(step) for step in steps):
            return Status.COMPLETED
        return Status.IN_PROGRESS

    def asks_completion(self, step: AnyStep) -> bool:
        """Whether the page asks “Have you completed this section?”: the last of a section in a task list."""
        return self.journey.is_task_list and self.after(step) is None
