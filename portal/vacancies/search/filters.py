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
from portal.vacancies.options import (
    Asye,
    Closing,
    ContractType,
    Flexibility,
    JobFamily,
    RoleLevel,
    Sort,
    Sponsorship,
    WorkingPattern,
)
from portal.vacancies.search.understanding import reading_of
from portal.vacancies.search.words import LONGEST_QUERY

LAST_PAGE = 1_000_000
MOST_TEAMS = 30
HIGHEST_SALARY = 250_000
SALARY_STEPS = (25_000, 30_000, 35_000, 40_000, 45_000, 50_000, 60_000, 70_000)
"""What the form offers; an address may name any amount."""

BOXES: dict[str, tuple[Option, ...]] = {
    "family": tuple(JobFamily),
    "level": tuple(RoleLevel),
    "team": (),
    "contract": tuple(ContractType),
    "pattern": tuple(WorkingPattern),
    "flexible": tuple(code for code in Flexibility if code is not Flexibility.OFFICE_BASED),
    "asye": tuple(Asye),
    "sponsorship": tuple(Sponsorship),
    "closing": tuple(Closing),
}
"""Filters with boxes to tick, in the order of the form, and their options; teams are rows."""

NOTHING: dict[str, Any] = {"q": "", **dict.fromkeys(BOXES, ()), "salary_from": None, "salary_to": None}
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
    exact: bool = False
    """Whether the keyword is only words, though some of it could be understood as filters."""
    family: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    """Slugs; those of no team are dropped when the teams are known."""
    contract: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()
    flexible: tuple[str, ...] = ()
    asye: tuple[str, ...] = ()
    sponsorship: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    salary_from: int | None = None
    """At least so much can be earned in the post, full time a year."""
    salary_to: int | None = None
    """Its pay begins at no more than that."""
    sort: Sort | None = None
    """None, and kept out of the address, for the order that the list has by itself."""
    page: int = 1

    def __post_init__(self) -> None:
        """What means the same is the same: defaults are left out, amounts stand in their order."""
        if self.sort is self.default_order or (self.sort is Sort.MATCH and not self.q):
            object.__setattr__(self, "sort", None)
        if self.exact and not reading_of(self.q).phrases:
            object.__setattr__(self, "exact", False)
        if self.salary_from and self.salary_to and self.salary_from > self.salary_to:
            lowest, highest = self.salary_to, self.salary_from
            object.__setattr__(self, "salary_from", lowest)
            object.__setattr__(self, "salary_to", highest)

    @classmethod
    def from_arguments(cls, arguments: Arguments) -> Self:
        """Read a query string; never raises."""
        boxes: dict[str, Any] = {
            name: known(options, arguments.getlist(name)) for name, options in BOXES.items() if options
        }
        teams = arguments.getlist("team")[:MOST_TEAMS]
        return cls(
            q=first(arguments, "q"),
            exact=first(arguments, "exact") == "1",
            team=tuple(dict.fromkeys(slug[:60] for slug in teams if slug)),
            **boxes,
            salary_from=pounds(first(arguments, "salary_from")),
            salary_to=pounds(first(arguments, "salary_to")),
            sort=next(iter(known(tuple(Sort), [first(arguments, "sort")])), None),
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

    def understood(self) -> Filters:
        """The same search with what its keyword means as filters; itself where that is nothing."""
        reading = reading_of(self.q)
        if self.exact or not reading.phrases:
            return self
        change: dict[str, Any] = {
            name: known(BOXES[name], [*getattr(self, name), *codes]) for name, codes in reading.codes.items()
        }
        if reading.salary_from or reading.salary_to:
            change |= {"salary_from": reading.salary_from, "salary_to": reading.salary_to}
        return replace(self, q=reading.rest, **change)

    def without(self, name: str, value: str | None = None) -> Filters:
        """The same search with one filter taken off, or one of its values; back on the first page."""
        change: dict[str, Any] = {name: NOTHING[name]}
        if value is not None:
            change[name] = tuple(other for other in getattr(self, name) if other != value)
        return replace(self, page=1, **change)

    def sorted_by(self, sort: Sort) -> Filters:
        """The same search in another order, on its first page."""
        return replace(self, sort=sort, page=1)

    def alone(self) -> Filters:
        """The search without order and page, as feeds and alerts take it."""
        return replace(self, sort=None, page=1)

    def query(self, page: int | None = None) -> str:
        """The query string, with its question mark; empty for the whole list."""
        number = self.page if page is None else page
        pairs: list[tuple[str, str | int]] = [("q", self.q)] if self.q else []
        if self.exact:
            pairs.append(("exact", 1))
        for name in BOXES:
            pairs += [(name, value) for value in getattr(self, name)]
        pairs += [("salary_from", self.salary_from)] if self.salary_from is not None else []
        pairs += [("salary_to", self.salary_to)] if self.salary_to is not None else []
        if self.sort is not None:
            pairs.append(("sort", self.sort.value))
        if number > 1:
            pairs.append(("page", number))
        return f"?{urlencode(pairs)}" if pairs else ""


def first(arguments: Arguments, name: str) -> str:
    """The first value of a name, without what could not be shown or stored."""
    value = next(iter(arguments.getlist(name)), "")
    return " ".join(clean_line(value[: LONGEST_QUERY * 2]).split())[:LONGEST_QUERY].rstrip()


def known(options: Sequence[Chosen], values: Sequence[str]) -> tuple[Chosen, ...]:
    """The options that were named, each once, in their own order."""
    return tuple(option for option in options if option.value in values) if values else ()


def whole_number(value: str, highest: int) -> int | None:
    """A number in plain digits, at most `highest`; None for anything else ("²" is a digit to Python)."""
    return min(int(value[:12]), highest) if ascii_digits(value) else None


def pounds(value: str) -> int | None:
    """An amount however it was typed ("£35,000"); None when it is none, or narrows nothing."""
    return whole_number(value.replace("£", "").replace(",", "").replace(" ", ""), HIGHEST_SALARY) or None
