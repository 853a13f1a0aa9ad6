"""From what was typed to the filters that it means: the table of `phrases`, and amounts of pay.

The same words are always understood alike, and what is left over is never understood again, so that the
address of what was understood is an address of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from portal.vacancies.search.phrases import NEGATIONS, PHRASES
from portal.vacancies.search.synonyms import SMALL_WORDS

LOWEST_PAY = 10_000
HIGHEST_PAY = 250_000
WORD = re.compile(r"[^\W_]+")
EDGES = " ,;:.+&/|-–()"

AMOUNT = r"""
    (£\s?[0-9]{2,3}(?:,?[0-9]{3})? | [0-9]{2,3}(?=\s?k\b) | [0-9]{2,3},[0-9]{3} | [0-9]{5,6})
    (\s?k)?
    (?![\w.,]*[0-9])\b"""
"""Digits, and the k behind them; not the beginning of a longer number."""

A_YEAR = r"""
    (?:\s*(?:\+ | plus\b | or\ more\b | and\ above\b))?
    (?:\s*(?:a\ year | per\ year | per\ annum | pa | salary | pay)\b)?"""
FLAGS = re.IGNORECASE | re.VERBOSE
FROM_TO = re.compile(
    rf"(?<![\w£]) (?:between\s+ | from\s+)? {AMOUNT} \s*(?:- | – | to\b | and\b)\s* {AMOUNT} {A_YEAR}", FLAGS
)
ONE_AMOUNT = re.compile(
    rf"""(?<![\w£])
    (?:(?P<below>up\ to | under | below | less\ than | at\ most | max(?:imum)?)
        | from | over | above | more\ than | at\ least | min(?:imum)? | earning | paying | salary(?:\ of)?)?
    \s*(?<![\w,£-]) {AMOUNT} {A_YEAR}""",
    FLAGS,
)


class Reading(NamedTuple):
    """What was understood of a keyword, and what is left of it."""

    rest: str
    phrases: tuple[str, ...]
    """The words that were understood, as they were typed; none where nothing was."""
    codes: dict[str, frozenset[str]]
    """Filter with boxes → those that are meant."""
    salary_from: int | None
    salary_to: int | None


class Found(NamedTuple):
    """One phrase, and where it stands."""

    start: int
    end: int
    codes: dict[str, frozenset[str]]
    salary: tuple[int | None, int | None]


TABLE = {
    tuple(phrase.split()): (name, frozenset(codes)) for name, codes, typed in PHRASES for phrase in typed
}
LONGEST = max(map(len, TABLE))


@lru_cache(maxsize=512)
def reading_of(typed: str) -> Reading:
    """Everything in it that is a filter, taken out until nothing more is found."""
    rest, phrases = typed, []
    codes: dict[str, frozenset[str]] = {}
    lowest = highest = None
    while found := pay_in(rest) or phrase_in(rest):
        phrases.append(" ".join(rest[found.start : found.end].split()))
        for name, meant in found.codes.items():
            codes[name] = codes.get(name, frozenset()) | meant
        lowest, highest = found.salary[0] or lowest, found.salary[1] or highest
        rest = tidy(f"{rest[: found.start]} {rest[found.end :]}")
    return Reading(rest, tuple(sorted(phrases, key=typed.find)), codes, lowest, highest)


def phrase_in(text: str) -> Found | None:
    """The first phrase of the table, the longest that begins there; not after a “no”."""
    words = list(WORD.finditer(text))
    plain = [word[0].casefold() for word in words]
    for start in range(len(words)):
        if start and plain[start - 1] in NEGATIONS:
            continue
        for end in range(min(start + LONGEST, len(words)), start, -1):
            meant = TABLE.get(tuple(plain[start:end]))
            if meant is not None:
                return Found(words[start].start(), words[end - 1].end(), dict([meant]), (None, None))
    return None


def pay_in(text: str) -> Found | None:
    """The first amount of pay a year: “£40k”, “up to 45,000”, “£40-50k”. A bare one is the least."""
    for match in FROM_TO.finditer(text):
        lowest, highest = pounds_of(match[1], match[2] or match[4]), pounds_of(match[3], match[4])
        if lowest and highest:
            return Found(match.start(), match.end(), {}, (min(lowest, highest), max(lowest, highest)))
    for match in ONE_AMOUNT.finditer(text):
        amount = pounds_of(match[2], match[3])
        if amount:
            salary = (None, amount) if match["below"] else (amount, None)
            return Found(match.start(), match.end(), {}, salary)
    return None


def pounds_of(digits: str, thousands: str | None) -> int | None:
    """Whole pounds; None for what no post pays in a year."""
    amount = int(re.sub(r"[^0-9]", "", digits))
    if thousands and amount < LOWEST_PAY:
        amount *= 1_000
    return amount if LOWEST_PAY <= amount <= HIGHEST_PAY else None


def tidy(text: str) -> str:
    """Without marks and small words at its edges: they held together what was taken out."""
    words = [word for word in (part.strip(EDGES) for part in text.split()) if word]
    while words and words[0].casefold() in SMALL_WORDS:
        words.pop(0)
    while words and words[-1].casefold() in SMALL_WORDS:
        words.pop()
    return " ".join(words)
