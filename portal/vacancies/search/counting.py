"""How many adverts each choice would leave: counted once over what one statement says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from portal.vacancies.options import Offer
from portal.vacancies.search.filters import BOXES, SALARY_STEPS, Filters

COUNTABLE = (*BOXES, "salary_from", "salary_to")
"""Filters that show a count beside each option."""

Choice = tuple[str, str]
"""A filter and one of its options."""


class Traits(NamedTuple):
    """What filters look at of one advert."""

    choices: frozenset[Choice]
    """Every option by which the advert is found."""
    salary_min: int
    salary_max: int


Test = Callable[[Traits], bool]


def tests_of(filters: Filters) -> dict[str, Test]:
    """Of each filter in use, the keyword left aside, whom it lets through."""
    return {name: test_of(name, getattr(filters, name)) for name in filters.narrowed_by if name != "q"}


def test_of(name: str, value: Any) -> Test:
    """Whom one filter lets through; made once for all the adverts that it is asked of."""
    if name == "salary_from":
        return lambda traits: bool(traits.salary_max >= value)
    if name == "salary_to":
        return lambda traits: bool(traits.salary_min <= value)
    wanted = frozenset((name, code) for code in value)
    return lambda traits: not wanted.isdisjoint(traits.choices)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many adverts each choice would leave."""

    total: int
    beside: dict[str, dict[str, int]]
    """Filter name, option, adverts found if that option were the only one chosen of its filter."""
    without: dict[str, int]
    """Filter name in use, adverts found if it were taken off."""


def traits_of(row: Sequence[Any], slugs: dict[int, str]) -> Traits:
    """What stands in `statements.LOOKED_AT`, in its order."""
    family, level, team_id, contract, patterns, flexible, asye, sponsorship = row[:8]
    soon, salary_min, salary_max = row[8:]
    choices = (
        *choices_of("family", family),
        *choices_of("level", level),
        *choices_of("team", slugs.get(team_id, "")),
        *choices_of("contract", contract),
        *choices_of("pattern", patterns),
        *choices_of("flexible", flexible),
        *choices_of("asye", "yes" if asye else ""),
        *choices_of("sponsorship", "" if sponsorship == Offer.NO else sponsorship),
        *choices_of("closing", "week" if soon else ""),
        *amounts_of(salary_min, salary_max),
    )
    return Traits(frozenset(choices), salary_min, salary_max)


@lru_cache(maxsize=1024)
def choices_of(name: str, codes: str) -> tuple[Choice, ...]:
    """The options of one filter; codes stand with spaces between them."""
    return tuple((name, code) for code in codes.split())


@lru_cache(maxsize=1024)
def amounts_of(lowest: int, highest: int) -> tuple[Choice, ...]:
    """The amounts on offer by which such a salary is found."""
    reached = (("salary_from", str(step)) for step in SALARY_STEPS if highest >= step)
    allowed = (("salary_to", str(step)) for step in SALARY_STEPS if lowest <= step)
    return (*reached, *allowed)


def counts_of(adverts: Iterable[Traits], filters: Filters) -> Counts:
    """What passes every filter counts everywhere, what fails one only beside that one."""
    tests = tests_of(filters)
    passing: list[Traits] = []
    only_but: dict[str, list[Traits]] = {name: [] for name in tests}
    for advert in adverts:
        failed = [name for name, lets_through in tests.items() if not lets_through(advert)]
        if not failed:
            passing.append(advert)
        elif len(failed) == 1:
            only_but[failed[0]].append(advert)
    beside: dict[str, dict[str, int]] = {name: {} for name in COUNTABLE}
    for (name, code), number in Counter(chain.from_iterable(one.choices for one in passing)).items():
        beside[name][code] = number
    for name, others in only_but.items():
        for choice in chain.from_iterable(one.choices for one in others):
            if choice[0] == name:
                beside[name][choice[1]] = beside[name].get(choice[1], 0) + 1
    without = {name: len(passing) + len(others) for name, others in only_but.items()}
    return Counts(total=len(passing), beside=beside, without=without)
