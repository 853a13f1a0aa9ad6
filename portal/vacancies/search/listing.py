"""The public list as its template draws it: cards, filters with counts, chips, what to loosen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from portal.core.options import Option
from portal.core.wording import money, plural
from portal.vacancies.options import ContractType, JobFamily, WorkingPattern
from portal.vacancies.pay import actual_pay, full_time_pay
from portal.vacancies.search.filters import SALARY_STEPS, Filters
from portal.vacancies.search.queries import Listed, Page, Team
from portal.vacancies.search.statements import COUNTED
from portal.vacancies.wording import closes_soon, closing_time, hours_in_words, patterns_in_words, time_left

CONTRACTS = {option.value: option.label for option in ContractType}
FAMILIES = {option.value: option.label for option in JobFamily}
LEGENDS = {"family": "Kind of work", "team": "Team", "contract": "Contract", "pattern": "Working pattern"}


class Card(NamedTuple):
    """One advert in the list."""

    url: str
    title: str
    is_demo: bool
    asye: bool
    family: str
    team: str
    place: str
    pay: str
    actual_pay: str
    """For the hours of the post; empty for a full-time one."""
    hours: str
    contract: str
    summary: str
    closes: str
    left: str
    soon: bool


class Choice(NamedTuple):
    """One option of a filter."""

    value: str
    label: str
    number: int | None
    """Adverts if only this were chosen; None when they were not counted."""
    chosen: bool


class Filter(NamedTuple):
    """A filter with its options."""

    name: str
    legend: str
    choices: list[Choice]


class Link(NamedTuple):
    """A way to another list."""

    text: str
    url: str
    number: int | None = None


class Listing(NamedTuple):
    """The whole page."""

    heading: str
    """What was found, in words."""
    title_note: str
    """“page 2 of 3”; empty on the only page."""
    filters: Filters
    groups: list[Filter]
    salaries: list[Choice]
    narrowed: int
    """How many choices are made beside the keyword."""
    chips: list[Link]
    sorts: list[tuple[str, str, bool]]
    """Label, address, whether it is the current one."""
    cards: list[Card]
    loosen: list[Link]
    previous: Link | None
    next: Link | None


def listing_of(page: Page, path: str, at: datetime) -> Listing:
    """Everything the page says; `path` is the list's own address."""
    filters = page.filters
    last = page.last
    chips = chips_of(page.filters, page.teams, path)
    several = last != 1 and (filters.page > 1 or page.has_next)
    position = f"page {filters.page}" + (f" of {last}" if last else "")
    teams = {team.id: team.name for team in page.teams}
    return Listing(
        heading=heading_of(page),
        title_note=position if several else "",
        filters=filters,
        groups=groups_of(page),
        salaries=salaries_of(filters),
        narrowed=len(chips) - bool(filters.q),
        chips=chips,
        sorts=[
            (sort.label, path + filters.sorted_by(sort).query(), sort is page.order) for sort in page.orders
        ],
        cards=[card_of(row, teams, path, filters.query(), at) for row in page.rows],
        loosen=loosen_of(page, path),
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


def card_of(row: Listed, teams: dict[int, str], path: str, query: str, at: datetime) -> Card:
    """A row in words; its address carries the search along, for the way back."""
    return Card(
        url=f"{path}/{row.slug}{query}",
        title=row.title,
        is_demo=row.is_demo,
        asye=row.asye_suitable,
        family=FAMILIES[row.family],
        team=teams[row.team_id],
        place=row.location_base,
        pay=full_time_pay(row),
        actual_pay=actual_pay(row),
        hours=f"{patterns_in_words(row.working_patterns)}, {hours_in_words(row.hours_per_week)}",
        contract=CONTRACTS[row.contract_type],
        summary=row.summary,
        closes=closing_time(row.closes_at),
        left=time_left(row.closes_at, at),
        soon=closes_soon(row.closes_at, at),
    )


def groups_of(page: Page) -> list[Filter]:
    """The filters with boxes to tick: kinds of work always, of the rest what would find something."""
    teams = [(team.slug, team.name) for team in page.teams]
    return [
        Filter("family", LEGENDS["family"], choices_of(page, "family", pairs(JobFamily), every=True)),
        Filter("team", LEGENDS["team"], choices_of(page, "team", teams)),
        Filter("contract", LEGENDS["contract"], choices_of(page, "contract", pairs(ContractType))),
        Filter("pattern", LEGENDS["pattern"], choices_of(page, "pattern", pairs(WorkingPattern))),
    ]


def pairs(options: type[Option]) -> list[tuple[str, str]]:
    """Values and labels as plain strings."""
    return [(option.value, option.label) for option in options]


def choices_of(
    page: Page, name: str, options: Iterable[tuple[str, str]], *, every: bool = False
) -> list[Choice]:
    """The options of one filter with their counts."""
    counts = None if page.counts is None else page.counts.beside[name]
    chosen = getattr(page.filters, name)
    choices = [
        Choice(value, label, None if counts is None else counts.get(value, 0), value in chosen)
        for value, label in options
    ]
    return [choice for choice in choices if every or choice.chosen or choice.number != 0]


def salaries_of(filters: Filters) -> list[Choice]:
    """The amounts on offer, and the one in use where it is another."""
    amounts = sorted({*SALARY_STEPS, *([filters.salary_from] if filters.salary_from else [])})
    some = [Choice(str(amount), money(amount), None, amount == filters.salary_from) for amount in amounts]
    return [Choice("", "Any", None, filters.salary_from is None), *some]


def chips_of(filters: Filters, teams: Iterable[Team], path: str) -> list[Link]:
    """The filters in use, each with the list that would be without it."""
    labels = {
        "family": FAMILIES,
        "team": {team.slug: team.name for team in teams},
        "contract": CONTRACTS,
        "pattern": dict(pairs(WorkingPattern)),
    }
    chips = [Link(f"“{filters.q}”", path + filters.without("q").query())] if filters.q else []
    for name, names in labels.items():
        chips += [
            Link(names[value], path + filters.without(name, value).query())
            for value in getattr(filters, name)
        ]
    if filters.salary_from is not None:
        text = f"{money(filters.salary_from)} or more"
        chips.append(Link(text, path + filters.without("salary_from").query()))
    return chips


def loosen_of(page: Page, path: str) -> list[Link]:
    """When nothing was found: what to take off, with how many vacancies each step would find."""
    if page.counts is None or page.counts.total:
        return []
    words = {
        "q": f"Search without “{page.filters.q}”",
        "family": "Look at every kind of work",
        "team": "Look in every team",
        "contract": "Include every kind of contract",
        "pattern": "Include every working pattern",
        "salary_from": "Include every salary",
    }
    return [
        Link(words[name], path + page.filters.without(name).query(), count)
        for name, count in page.counts.without.items()
        if count
    ]


def page_link(filters: Filters, path: str, number: int, last: int | None) -> Link:
    """Another page of the same list."""
    return Link(f"{number} of {last}" if last else f"Page {number}", path + filters.query(page=number))
