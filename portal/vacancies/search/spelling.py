"""“Did you mean”: a word that no advert has, compared with the words that adverts use.

The words are those of the titles and teams of open adverts and of the tables of the search. They are
gathered when a keyword finds nothing, and kept by each worker until something is published.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.vacancies.models import ServiceTeam, Vacancy
from portal.vacancies.queries import AT
from portal.vacancies.search.phrases import PHRASES
from portal.vacancies.search.synonyms import SAME_THING, SMALL_WORDS, TYPED_FOR
from portal.vacancies.search.words import all_words, words_of

MOST_ADVERTS = 500
SHORTEST = 3
"""Letters: what is shorter is an abbreviation, and near to too many others."""

ALIKE = 0.75
"""Of `SequenceMatcher.ratio`: “physcologist” and “psychologist” have 0.83."""

LOOKED_AT = 8
"""Words that share most pairs of letters; only these are compared letter by letter."""


class Words:
    """The words that adverts use, to be asked for the one that is nearest."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.known = {word for text in texts for word in all_words(text)} - SMALL_WORDS
        self.by_pair: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self.known):
            if len(word) >= SHORTEST:
                for pair in pairs_of(word):
                    self.by_pair[pair].append(word)

    def spelt(self, typed: str) -> str | None:
        """The keyword with each unknown word replaced by the nearest known one; None where none is near."""
        nearest = {word: self.nearest(word) for word in words_of(typed) if not self.knows(word)}
        if not any(nearest.values()):
            return None
        return " ".join(nearest.get(word) or word for word in words_of(typed))

    def knows(self, word: str) -> bool:
        """Whether a word begins like that: the search finds beginnings."""
        return word in self.known or any(known.startswith(word) for known in self.known)

    def nearest(self, word: str) -> str | None:
        """The known word that is most like it, if any is like it."""
        if len(word) < SHORTEST:
            return None
        shared = Counter(known for pair in pairs_of(word) for known in self.by_pair.get(pair, ()))
        likeness = {
            known: SequenceMatcher(None, word, known, autojunk=False).ratio()
            for known, _number in shared.most_common(LOOKED_AT)
        }
        best = max(likeness, key=lambda known: (likeness[known], known), default=None)
        return best if best is not None and likeness[best] >= ALIKE else None


def pairs_of(word: str) -> set[str]:
    """Pairs of neighbouring letters, the edges being letters too."""
    edged = f"^{word}$"
    return {edged[start : start + 2] for start in range(len(edged) - 1)}


def texts_in_use(session: Session, at: datetime) -> list[str]:
    """Titles and teams of open adverts, and what the tables of the search know."""
    synonyms = (entry for line in SAME_THING for entry in line)
    phrases = (phrase for _name, _codes, typed in PHRASES for phrase in typed)
    rows = session.execute(texts_statement(), {"at": at})
    return [*(text for row in rows for text in row), *synonyms, *phrases, *TYPED_FOR]


@cache
def texts_statement() -> Select[Any]:
    """Titles and teams of the adverts that opened last."""
    columns = Vacancy.__table__.c
    return (
        select(columns.title, ServiceTeam.__table__.c.name)
        .join(ServiceTeam, ServiceTeam.id == Vacancy.team_id)
        .where(Vacancy.open_at(AT))
        .order_by(columns.publish_at.desc())
        .limit(MOST_ADVERTS)
    )
