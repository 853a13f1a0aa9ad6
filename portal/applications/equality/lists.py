"""The questions and options that are asked, as data by version (`data/lists.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("data") / "lists.toml"

PREFER_NOT = "prefer_not_to_say"
PREFER_NOT_LABEL = "Prefer not to say"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its options, without the one that ends them all."""

    name: str
    wording: str
    options: tuple[tuple[str, str], ...]
    summary: str = ""
    """What the figures call it; empty where none are published."""
    shown_for: tuple[str, str] | None = None
    """The question and the answer that bring this one up."""
    text: tuple[str, str] | None = None
    """The option beside which people may use their own words, and what that box is called."""

    @property
    def text_name(self) -> str:
        """The name of the box for own words."""
        return f"{self.name}_words"


@dataclass(frozen=True, slots=True)
class Lists:
    """Everything that is asked from a day on."""

    name: str
    begins: date
    questions: tuple[Question, ...]

    @property
    def summarised(self) -> tuple[Question, ...]:
        """The questions that figures are published of."""
        return tuple(question for question in self.questions if question.summary)


@cache
def versions() -> tuple[Lists, ...]:
    """Every version there ever was, the oldest first."""
    with FILE.open("rb") as file:
        data = tomllib.load(file)
    return tuple(
        Lists(
            one["name"],
            one["from"],
            tuple(
                Question(
                    name=question["name"],
                    wording=question["wording"],
                    options=tuple((code, label) for code, label in question["options"]),
                    summary=question.get("summary", ""),
                    shown_for=tuple(question["shown_for"]) if "shown_for" in question else None,
                    text=tuple(question["text"]) if "text" in question else None,
                )
                for question in one["question"]
            ),
        )
        for one in data["version"]
    )


def lists_on(day: date) -> Lists:
    """What is asked on this day; before the first version began, the first."""
    return [versions()[0], *(one for one in versions() if one.begins <= day)][-1]


def lists_named(name: str) -> Lists | None:
    """The version of this name."""
    return next((one for one in versions() if one.name == name), None)
