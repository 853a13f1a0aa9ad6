"""Taking over what somebody said in their last application (WCAG 3.3.7: nothing is typed twice).

What was declared, and what was asked about this or that post only, is never taken over. All else is, and its
sections stand as Imported until somebody has looked at them and saved them: what was true may not be now.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from portal.journeys.answers import Answers, Item, Stored
from portal.journeys.engine import Journey, RepeatingStep, Section, question_names

NEVER_SECTIONS = frozenset({"support", "declarations"})
"""What helps at an interview, schemes and declarations belong to one application."""

NEVER_QUESTIONS = ("source", "fitness*", "at_risk")
"""Where somebody heard of the post, and what can change from one day to the next and must be said anew."""


def taken_over(journey: Journey, sent: Stored) -> Answers:
    """The answers for a new application, of those that were sent with an earlier one.

    A question is known by its name: an answer to a criterion of another advert finds no question here.
    """
    earlier = Answers.from_json(sent)
    answers = Answers()
    for section in journey.sections:
        if section.slug not in NEVER_SECTIONS:
            answers = with_section(answers, section, earlier)
    return answers


def with_section(answers: Answers, section: Section, earlier: Answers) -> Answers:
    """One section taken over, and marked so where anything was."""
    before = answers
    for slug, stored in steps_of(section, earlier):
        answers = answers.with_step(slug, stored)
    for slug, items in lists_of(section, earlier):
        for item in items:
            answers = answers.with_item(slug, item)
    return answers if answers is before else answers.taken_over(section.slug)


def steps_of(section: Section, earlier: Answers) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pages of the section with answers that were given to the same questions."""
    given = earlier.flat()
    for step in section.steps:
        if isinstance(step, RepeatingStep):
            if step.slug in earlier.steps:
                yield step.slug, {}
            continue
        stored = {name: given[name] for name in question_names(step.form) if name in given and may_go(name)}
        if stored:
            yield step.slug, stored


def lists_of(section: Section, earlier: Answers) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """Lists of the section that have entries."""
    for step in section.steps:
        if isinstance(step, RepeatingStep) and step.slug in earlier.items:
            yield step.slug, earlier.items[step.slug]


def may_go(name: str) -> bool:
    """Whether the answer to a question may be taken over."""
    return not any(fnmatchcase(name, never) for never in NEVER_QUESTIONS)
