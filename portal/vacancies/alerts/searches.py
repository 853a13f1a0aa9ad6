"""The search of an alert: kept as the query string of the list, read back as filters, said in words.

A keyword is what an unverified person typed. It is shown on pages, where its owner sees it before confirming
anything; in mail it is never more than the plain words that are looked for, without anything a mail program
could make a link of, and only to somebody who has confirmed (docs/decisions/0016).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import parse_qs

from portal.vacancies.search.filters import Filters
from portal.vacancies.search.listing import Link, chips_of
from portal.vacancies.search.statements import Team
from portal.vacancies.search.words import words_of

EVERYTHING = "Every new vacancy"
KEYWORD = "the words that were typed"
LONGEST_SEARCH = 8000
"""Characters of a query string; every filter at its longest stays below it."""


class QueryString:
    """A query string as `Filters` reads one; never raises."""

    def __init__(self, text: str) -> None:
        self.values = parse_qs(text[:LONGEST_SEARCH], errors="replace")

    def getlist(self, key: str) -> Sequence[str]:
        """Every value of one name."""
        return self.values.get(key, [])


def wanted(asked: Filters, teams: Iterable[Team]) -> Filters:
    """What an alert would look for: as the list understands it, without what cannot be looked for.

    “Closing within a week” goes too: what is new has only just begun.
    """
    filters = with_known_teams(asked.understood(), teams)
    return replace(filters, q=filters.q if words_of(filters.q) else "", closing=()).alone()


def with_known_teams(filters: Filters, teams: Iterable[Team]) -> Filters:
    """A team that is not there narrows nothing, as on the list."""
    slugs = {team.slug for team in teams}
    return replace(filters, team=tuple(slug for slug in filters.team if slug in slugs))


def kept_search(filters: Filters) -> str:
    """The filters as they are stored: the same text for the same search."""
    return filters.alone().query().removeprefix("?")


def filters_of(search: str) -> Filters:
    """A stored search as filters."""
    return Filters.from_arguments(QueryString(search))


def chips_for(filters: Filters, teams: Iterable[Team], path: str) -> list[Link]:
    """The filters in use, each with the page that would be without it."""
    teams = [*teams]
    return chips_of(with_known_teams(filters, teams), teams, path)


def search_in_words(filters: Filters, teams: Iterable[Team]) -> list[str]:
    """What the list says beside its filters, for pages; empty for every vacancy."""
    return [chip.text for chip in chips_for(filters, teams, "")]


def search_for_mail(filters: Filters, teams: Iterable[Team], *, keyword: bool = True) -> str:
    """The same for a mail: filters in our own words, a keyword cut down to words or only mentioned."""
    parts = search_in_words(replace(filters, q=""), teams)
    words = " ".join(words_of(filters.q))
    if words:
        parts.insert(0, f"“{words}”" if keyword else KEYWORD)
    return ", ".join(parts) or EVERYTHING


def name_of(filters: Filters, teams: Iterable[Team]) -> str:
    """One line for a page: “asye”, Social work, Part time."""
    return ", ".join(search_in_words(filters, teams)) or EVERYTHING
