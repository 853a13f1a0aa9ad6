"""The public list as its template draws it: cards, filters with counts, chips, what to loosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from portal.core.clock import london
from portal.core.wording import money, plural
from portal.vacancies.search.cards import Card, card_of
from portal.vacancies.search.filters import BOXES, SALARY_STEPS, Filters
from portal.vacancies.search.queries import Page
from portal.vacancies.search.statements import COUNTED, Team
from portal.vacancies.search.understanding import reading_of
from portal.vacancies.wording import in_words

WORDS_INSTEAD = "Search for the words exactly as typed instead"
LEGENDS = {
    "family": "Kind of work",
    "level": "Level",
    "team": "Team",
    "contract": "Contract",
    "pattern": "Working pattern",
    "flexible": "Flexible working",
    "asye": "First year in practice",
    "sponsorship": "Visa",
    "closing": "Closing date",
}
LOOSEN = {
    "family": "Look at every kind of work",
    "level": "Look at every level",
    "team": "Look in every team",
    "contract": "Include every kind of contract",
    "pattern": "Include every working pattern",
    "flexible": "Include posts without flexible working",
    "asye": "Include posts for experienced people",
    "sponsorship": "Include posts without visa sponsorship",
    "closing": "Include vacancies that close later",
    "salary_from": "Include lower pay",
    "salary_to": "Include higher pay",
}


class Choice(NamedTuple):
    """One option of a filter."""

    value: str
    label: str
    number: int | None
    """Adverts if only this were chosen; None when they were not counted."""
    chosen: bool


class Link(NamedTuple):
    """A way to another list."""

    text: str
    url: str
    number: int | None = None


class Notice(NamedTuple):
    """What was made of the keyword, and the other way to take it."""

    text: str
    link: Link | None


class Filter(NamedTuple):
    """A filter with its options."""

    name: str
    legend: str
    choices: tuple[Choice, ...]


class Listing(NamedTuple):
    """The whole page."""

    heading: str
    """What was found, in words."""
    title_note: str
    """“page 2 of 3”; empty on the only page."""
    filters: Filters
    groups: list[Filter]
    salaries: list[Filter]
    narrowed: int
    """How many choices are made beside the keyword."""
    notice: Notice | None
    chips: list[Link]
    sorts: list[tuple[str, str, bool]]
    """Label, address, whether it is the current one."""
    cards: list[Card]
    meant: Link | None
    """“Did you mean”."""
    loosen: list[Link]
    search: str
    """The search without order and page, as a query string: for alerts and feeds."""
    previous: Link | None
    next: Link | None


def listing_of(page: Page, path: str, at: datetime) -> Listing:
    """Everything the page says; `path` is the list's own address."""
    filters = page.filters
    last = page.last
    chips = chips_of(filters, page.teams, path)
    several = last != 1 and (filters.page > 1 or page.has_next)
    position = f"page {filters.page}" + (f" of {last}" if last else "")
    teams = {team.id: team.name for team in page.teams}
    query, today = filters.query(), london(at).date()
    return Listing(
        heading=heading_of(page),
        title_note=position if several else "",
        filters=filters,
        groups=groups_of(page),
        salaries=[
            Filter("salary_from", "From", salaries_of(page, "salary_from", "or more")),
            Filter("salary_to", "To", salaries_of(page, "salary_to", "or less")),
        ],
        narrowed=len(chips) - bool(filters.q),
        notice=notice_of(page, path),
        chips=chips,
        sorts=[
            (sort.label, path + filters.sorted_by(sort).query(), sort is page.order) for sort in page.orders
        ],
        cards=[card_of(row, teams, path, query, today) for row in page.rows],
        meant=meant_of(page, path),
        loosen=loosen_of(page, path),
        search=filters.alone().query(),
        previous=page_link(filters, path, filters.page - 1, last) if filters.page > 1 else None,
        next=page_link(filters, path, filters.page + 1, last) if page.has_next else None,
    )


def way_back_of(filters: Filters, path: str) -> Link:
    """From an advert to the list it was found in."""
    return Link("Back to your search" if filters.narrowed_by else "All vacancies", path + filters.query())


def heading_of(page: Page) -> str:
    """“3 vacancies for “asye””, “No vacancies match”, “More than 200 vacancies”."""
    keyword = f" for “{page.filters.q}”" if page.filters.q else ""
    if page.counts is not None:
        if not page.counts.total:
            return f"No vacancies{keyword}" if page.filters.narrowed_by else "No vacancies are open today"
        return plural(page.counts.total, "vacancy", "vacancies") + keyword
    if not page.rows:
        return "No vacancies on this page"
    return f"Vacancies{keyword} that match" if page.filters.narrowed_by else f"More than {COUNTED} vacancies"


def groups_of(page: Page) -> list[Filter]:
    """The filters with boxes to tick: kinds of work always, of the rest what would find something."""
    labels = labels_of(page.teams)
    return [
        Filter(name, LEGENDS[name], choices_of(page, name, labels[name], every=name == "family"))
        for name in BOXES
    ]


def labels_of(teams: Iterable[Team]) -> dict[str, dict[str, str]]:
    """Filter with boxes → option → what people see."""
    return LABELS | {"team": {team.slug: team.name for team in teams}}


LABELS = {name: {option.value: option.label for option in options} for name, options in BOXES.items()}


def choices_of(page: Page, name: str, labels: dict[str, str], *, every: bool = False) -> tuple[Choice, ...]:
    """The options of one filter with their counts."""
    counts = None if page.counts is None else page.counts.beside[name]
    chosen = getattr(page.filters, name)
    choices = [
        Choice(value, label, None if counts is None else counts.get(value, 0), value in chosen)
        for value, label in labels.items()
    ]
    return tuple(choice for choice in choices if every or choice.chosen or choice.number != 0)


def salaries_of(page: Page, name: str, words: str) -> tuple[Choice, ...]:
    """The amounts on offer with their counts, and the one in use where it is another."""
    amount = getattr(page.filters, name)
    own = {str(amount): money(amount)} if amount else {}
    steps = {str(step): money(step) for step in SALARY_STEPS}
    labels = {value: f"{label} {words}" for value, label in sorted((steps | own).items(), key=by_amount)}
    counts = None if page.counts is None else page.counts.beside[name]
    some = [
        Choice(value, label, counts.get(value, 0) if counts and value in steps else None, value in own)
        for value, label in labels.items()
    ]
    return (Choice("", "Any", None, not own), *some)


def by_amount(choice: tuple[str, str]) -> int:
    """Amounts in their order as numbers."""
    return int(choice[0])


def chips_of(filters: Filters, teams: Iterable[Team], path: str) -> list[Link]:
    """The filters in use, each with the list that would be without it."""
    chips = [Link(f"“{filters.q}”", path + filters.without("q").query())] if filters.q else []
    for name, labels in labels_of(teams).items():
        chips += [
            Link(labels[value], path + filters.without(name, value).query())
            for value in getattr(filters, name)
        ]
    for name, words in (("salary_from", "or more"), ("salary_to", "or less")):
        amount = getattr(filters, name)
        if amount is not None:
            chips.append(Link(f"{money(amount)} {words}", path + filters.without(name).query()))
    return chips


def notice_of(page: Page, path: str) -> Notice | None:
    """Which words were taken as filters, or could be: never silently, and always with the other way."""
    asked = replace(page.asked, page=1)
    phrases = reading_of(asked.q).phrases
    if not phrases:
        return None
    said = in_words(f"“{phrase}”" for phrase in phrases)
    as_filters = "as a filter" if len(phrases) == 1 else "as filters"
    words = Link(WORDS_INSTEAD, path + replace(asked, exact=True).query())
    if not page.filters.exact:
        return Notice(f"We took {said} {as_filters}.", words)
    if asked.exact:
        meaning = replace(asked, exact=False).understood().query()
        return Notice(
            "You searched for these words exactly.", Link(f"Take {said} {as_filters} instead", path + meaning)
        )
    return Notice(
        f"Nothing is open with {said} {as_filters}, so these are the vacancies with the words you typed.",
        None,
    )


def meant_of(page: Page, path: str) -> Link | None:
    """Other words that would find something, with how many."""
    if page.meant is None:
        return None
    return Link(page.meant.filters.q, path + page.meant.filters.query(), page.meant.number)


def loosen_of(page: Page, path: str) -> list[Link]:
    """When nothing was found: what to take off, with how many vacancies each step would find."""
    if page.counts is None or page.counts.total:
        return []
    words = {"q": f"Search without “{page.filters.q}”", **LOOSEN}
    return [
        Link(words[name], path + page.filters.without(name).query(), count)
        for name, count in page.counts.without.items()
        if count
    ]


def page_link(filters: Filters, path: str, number: int, last: int | None) -> Link:
    """Another page of the same list."""
    return Link(f"{number} of {last}" if last else f"Page {number}", path + filters.query(page=number))
