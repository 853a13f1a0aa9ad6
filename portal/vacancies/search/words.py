"""From what was typed as a keyword to the things an advert must have.

**What may be typed.** Anything: a query becomes plain words (letters and digits only) before it meets a
database, so there is no syntax to break. Each word must occur, by its stem or as the beginning of a word;
`synonyms.py` says what counts as the same.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from portal.vacancies.search.synonyms import SAME_THING, SMALL_WORDS, TYPED_FOR

MOST_WORDS = 8
LONGEST_WORD = 40
LONGEST_QUERY = 200
SHORT_WORD = 4
"""Letters of what may be an abbreviation: "cps" is not several clinical psychologists."""

Phrase = tuple[str, ...]
WORD = re.compile(r"[^\W_]+")


def all_words(typed: str) -> list[str]:
    """Runs of letters and digits, small ones included."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST_QUERY]).casefold()
    return [word[:LONGEST_WORD] for word in WORD.findall(plain)]


def words_of(typed: str) -> list[str]:
    """The words that narrow the search, at most `MOST_WORDS`; empty when nothing usable was typed."""
    return [word for word in all_words(typed) if word not in SMALL_WORDS][:MOST_WORDS]


def only_small_words(typed: str) -> bool:
    """Whether words were typed and none of them narrows anything: "jobs" is the whole list."""
    return bool(all_words(typed)) and not words_of(typed)


def phrase_of(entry: str) -> Phrase:
    """One entry of the synonyms as words, small ones kept: phrases are compared word by word."""
    return tuple(WORD.findall(entry.casefold()))


SYNONYMS: dict[Phrase, tuple[Phrase, ...]] = {
    phrase_of(entry): tuple(phrase_of(other) for other in line if other != entry)
    for line in SAME_THING
    for entry in line
}
# What people type loses its small words, so "head of service" is met as "head service".
TYPED_SYNONYMS = {
    tuple(word for word in phrase if word not in SMALL_WORDS): others for phrase, others in SYNONYMS.items()
}
LED_TO = {
    phrase_of(typed): (phrase_of(entry), *SYNONYMS[phrase_of(entry)]) for typed, entry in TYPED_FOR.items()
}
LONGEST_PHRASE = max(map(len, (*TYPED_SYNONYMS, *LED_TO)))


class Thing(NamedTuple):
    """One thing that was typed: an advert has it that has all the words, or one of the phrases."""

    words: Phrase
    """Empty where only the phrases are looked for."""
    phrases: tuple[Phrase, ...]


def things_of(words: list[str]) -> list[Thing]:
    """What was typed, cut into things.

    The longest known phrase wins, so "assistant team manager" is one thing and not two.
    """
    things = []
    start = 0
    while start < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
            thing = thing_of(tuple(words[start : start + length]))
            if thing is not None or length == 1:
                things.append(thing or Thing((words[start],), ()))
                start += length
                break
    return things


def thing_of(phrase: Phrase) -> Thing | None:
    """A known phrase, or several of it ("social workers"), with what means the same."""
    *head, last = phrase
    one = (*head, last.removesuffix("s")) if len(last) > SHORT_WORD else phrase
    for known in (phrase, one):
        if known in LED_TO:
            return Thing(known if len(known) == 1 else (), LED_TO[known])
        if known in TYPED_SYNONYMS:
            return Thing(known, TYPED_SYNONYMS[known])
    return None


def is_abbreviation(phrase: Phrase) -> bool:
    """Short codes are matched whole: "ep" must not find "episode"."""
    return len(phrase) == 1 and (len(phrase[0]) < 3 or phrase in TYPED_SYNONYMS)
