"""Words that an advert had better not use, as data: banned and coded ones, each with a suggestion.

The list is a TOML file (`data/wording.toml`, or the council's own), so that it can follow the law and the
research without a change of the program.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OWN_LIST = Path(__file__).with_name("data") / "wording.toml"
APOSTROPHES = str.maketrans("’ʼ", "''")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to avoid, what to say instead, and why."""

    pattern: re.Pattern[str]
    say: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """One of them in a text, as it was written there."""

    words: str
    say: str
    why: str


@cache
def phrases(file: str = "") -> tuple[Phrase, ...]:
    """The council's list, or the one that comes with the portal; raises what reading it raises."""
    path = Path(file) if file else OWN_LIST
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["entry"]
    return tuple(Phrase(pattern_of(entry["words"]), entry["say"], entry["why"]) for entry in entries)


def pattern_of(words: list[str]) -> re.Pattern[str]:
    """Any of these words on their own; a star stands for any ending."""
    spelt = (re.escape(word.translate(APOSTROPHES)).replace(r"\*", r"\w*") for word in words)
    spelt = (word.replace(r"\ ", r"\s+") for word in spelt)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelt)})(?!\w)", re.IGNORECASE)


def phrases_in(text: str, file: str = "") -> list[Found]:
    """Each entry that the text has words of, once, in the order of the list."""
    plain = text.translate(APOSTROPHES)
    found = ((phrase, phrase.pattern.search(plain)) for phrase in phrases(file))
    return [Found(text[hit.start() : hit.end()], phrase.say, phrase.why) for phrase, hit in found if hit]
