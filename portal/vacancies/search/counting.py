"""How many adverts each choice would leave: counted once over what one statement says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from portal.vacancies.options import Asye, Closing, Offer
from portal.vacancies.search.filters import BOXES, SALARY_STEPS, Filters

COUNTABLE = (*BOXES, "salary_from", "salary_to")
"""Filters that show a count beside each option."""

ASYE = (Asye.YES.value,)
SOON = (Closing.WEEK.value,)


class Traits(NamedTuple):
    """What filters look at of one advert."""

    codes: dict[str, Sequence[str]]
    """Filter → the options by which the advert is found."""
    salary_min: int
    salary_max: int

    def passes(self, name: str, filters: Filters) -> bool:
        """Whether one filter in use lets it through."""
        if name == "salary_from":
            return filters.salary_from is None or self.salary_max >= filters.salary_from
        if name == "salary_to":
            return filters.salary_to is None or self.salary_min <= filters.salary_to
        return not set(getattr(filters, name)).isdisjoint(self.codes[name])


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many adverts each choice would leave."""

    total: int
    beside: dict[str, dict[str, int]]
    """Filter name, option, adverts found if that option were the only one chosen of its filter."""
    without: dict[str, int]
    """Filter name in use, adverts found if it were taken off."""


def traits_of(row: Sequence[Any], slugs: dict[int, str]) -> Traits:
    """A row of `traits_statement`, its first column left aside."""
    _number, family, level, team_id, contract, patterns, flexible, asye, sponsorship = row[:9]
    soon, salary_min, salary_max = row[9:]
    codes: dict[str, Sequence[str]] = {
        "family": (family,),
        "level": (level,),
        "team": (slugs.get(team_id, ""),),
        "contract": (contract,),
        "pattern": patterns.split(),
        "flexible": flexible.split(),
        "asye": ASYE if asye else (),
        "sponsorship": (sponsorship,) if sponsorship != Offer.NO else (),
        "closing": SOON if soon else (),
        "salary_from": [str(step) for step in SALARY_STEPS if salary_max >= step],
        "salary_to": [str(step) for step in SALARY_STEPS if salary_min <= step],
    }
    return Traits(codes, salary_min, salary_max)


def counts_of(adverts: Iterable[Traits], filters: Filters) -> Counts:
    """What passes every filter counts everywhere, what fails one only beside that one."""
    beside: dict[str, Counter[str]] = {name: Counter() for name in COUNTABLE}
    in_use = [name for name in filters.narrowed_by if name != "q"]
    without = dict.fromkeys(in_use, 0)
    total = 0
    for advert in adverts:
        failed = [name for name in in_use if not advert.passes(name, filters)]
        if len(failed) > 1:
            continue
        total += not failed
        for name in failed or COUNTABLE:
            for option in advert.codes[name]:
                beside[name][option] += 1
        for name in failed or in_use:
            without[name] += 1
    return Counts(total=total, beside={name: dict(found) for name, found in beside.items()}, without=without)
