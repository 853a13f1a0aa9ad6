"""The filters of the public list, to and from an address.

Whatever an address says, the result is a sane set of filters: what is not known is ignored. The address
written from filters is always the same for the same filters, so that pages can be kept and shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self, TypeVar
from urllib.parse import urlencode

from portal.core.options import Option
from portal.core.text import ascii_digits, clean_line
from portal.vacancies.options import ContractType, JobFamily, Sort, WorkingPattern
from portal.vacancies.search.words import LONGEST_QUERY

LAST_PAGE = 1_000_000
MOST_TEAMS = 30
HIGHEST_SALARY = 250_000
SALARY_STEPS = (25_000, 30_000, 35_000, 40_000, 45_000, 50_000, 60_000, 70_000)
"""What the form offers; an address may name any amount."""

NOTHING: dict[str, Any] = {
    "q": "",
    "family": (),
    "team": (),
    "contract": (),
    "pattern": (),
    "salary_from": None,
}
"""Each filter, in the order of the form, with the value that means it is not used."""

Chosen = TypeVar("Chosen", bound=Option)


class Arguments(Protocol):
    """The query string as the web framework gives it."""

    def getlist(self, key: str) -> Sequence[str]:
        """Every value of one name, in order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What the list is narrowed to, in which order, and which page of it."""

    q: str = ""
    family: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    """Slugs; those of no team are dropped when the teams are known."""
    contract: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()
    salary_from: int | None = None
    sort: Sort | None = None
    """None, and kept out of the address, for the order that the list has by itself."""
    page: int = 1

    def __post_init__(self) -> None:
        """Asking for the default, or for an order that there is not, is asking for nothing."""
        if self.sort is self.default_order or (self.sort is Sort.MATCH and not self.q):
            object.__setattr__(self, "sort", None)

    @classmethod
    def from_arguments(cls, arguments: Arguments) -> Self:
        """Read a query string; never raises."""
        return cls(
            q=first(arguments, "q"),
            family=known(JobFamily, arguments.getlist("family")),
            team=tuple(dict.fromkeys(slug[:60] for slug in arguments.getlist("team")[:MOST_TEAMS] if slug)),
            contract=known(ContractType, arguments.getlist("contract")),
            pattern=known(WorkingPattern, arguments.getlist("pattern")),
            salary_from=pounds(first(arguments, "salary_from")),
            sort=next(iter(known(Sort, [first(arguments, "sort")])), None),
            page=whole_number(first(arguments, "page"), LAST_PAGE) or 1,
        )

    @property
    def default_order(self) -> Sort:
        """With a keyword the best match comes first, without one the newest."""
        return Sort.MATCH if self.q else Sort.NEWEST

    @property
    def order(self) -> Sort:
        """The order that is asked for."""
        return self.sort or self.default_order

    @property
    def narrowed_by(self) -> tuple[str, ...]:
        """The names of the filters in use, in the order of the form."""
        return tuple(name for name, nothing in NOTHING.items() if getattr(self, name) != nothing)

    def without(self, name: str, value: str | None = None) -> Filters:
        """The same search with one filter taken off, or one of its values; back on the first page."""
        change: dict[str, Any] = {name: NOTHING[name]}
        if value is not None:
            change[name] = tuple(other for other in getattr(self, name) if other != value)
        return replace(self, page=1, **change)

    def sorted_by(self, sort: Sort) -> Filters:
        """The same search in another order, on its first page."""
        return replace(self, sort=sort, page=1)

    def query(self, page: int | None = None) -> str:
        """The query string, with its question mark; empty for the whole list."""
        number = self.page if page is None else page
        pairs: list[tuple[str, str | int]] = [("q", self.q)] if self.q else []
        for name in ("family", "team", "contract", "pattern"):
            pairs += [(name, value) for value in getattr(self, name)]
        if self.salary_from is not None:
            pairs.append(("salary_from", self.salary_from))
        if self.sort is not None:
            pairs.append(("sort", self.sort.value))
        if number > 1:
            pairs.append(("page", number))
        return f"?{urlencode(pairs)}" if pairs else ""


def first(arguments: Arguments, name: str) -> str:
    """The first value of a name, without what could not be shown or stored."""
    value = next(iter(arguments.getlist(name)), "")
    return " ".join(clean_line(value[: LONGEST_QUERY * 2]).split())[:LONGEST_QUERY]


def known(options: type[Chosen], values: Sequence[str]) -> tuple[Chosen, ...]:
    """The options that were named, each once, in their own order."""
    return tuple(option for option in options if option.value in values)


def whole_number(value: str, highest: int) -> int | None:
    """A number in plain digits, at most `highest`; None for anything else ("²" is a digit to Python)."""
    return min(int(value[:12]), highest) if ascii_digits(value) else None


def pounds(value: str) -> int | None:
    """An amount however it was typed ("£35,000"); None when it is none, or narrows nothing."""
    return whole_number(value.replace("£", "").replace(",", "").replace(" ", ""), HIGHEST_SALARY) or None
