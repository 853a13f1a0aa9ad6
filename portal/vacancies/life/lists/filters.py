"""What somebody wants to see of the adverts: to and from the address of the list.

Whatever an address says, the result is a sane set of filters: what is not known is ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from portal.core.keyset import Key, read_key, write_key
from portal.core.options import Option
from portal.core.text import clean_line
from portal.vacancies.life.lists.tabs import Tab
from portal.vacancies.options import JobFamily

LONGEST_SEARCH = 120


class Only(Option):
    """Lists within a list: what somebody has to see to."""

    MINE = "mine", "Mine to approve"
    SOON = "soon", "Closing within a week"
    OVERDUE = "overdue", "Closed, promised day passed"


TAB_OF_ONLY = {Only.MINE: Tab.APPROVAL, Only.SOON: Tab.OPEN, Only.OVERDUE: Tab.CLOSED}


class Arguments(Protocol):
    """The query string as the web framework gives it."""

    def getlist(self, key: str) -> Sequence[str]:
        """Every value of a name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListFilters:
    """Which list, narrowed to what, and behind which row it begins. A search looks at every list."""

    tab: Tab = Tab.OPEN
    only: Only | None = None
    q: str = ""
    family: JobFamily | None = None
    team: str = ""
    """The slug of a team."""
    after: Key | None = None

    @property
    def narrowed(self) -> bool:
        """Whether less than a whole list is asked for."""
        return bool(self.only or self.q or self.family or self.team)

    def address(self, **changes: Any) -> str:
        """The query string of these filters, some of them changed; always from the beginning of the list."""
        values = {
            "state": self.tab,
            "only": self.only,
            "q": self.q,
            "family": self.family,
            "team": self.team,
            **changes,
        }
        pairs = [(name, str(value)) for name, value in values.items() if value]
        return f"?{urlencode(pairs)}" if pairs else ""

    def further(self, key: Key) -> str:
        """The query string of what comes behind this row."""
        return self.address(after=write_key(key))

    def describe(self) -> dict[str, str]:
        """For the audit of an export; words searched for are of adverts, not of people."""
        return {
            "list": self.tab.value if not self.q else "all",
            "only": self.only.value if self.only else "",
            "search": self.q,
            "family": self.family.value if self.family else "",
            "team": self.team,
        }


def filters_of(arguments: Arguments, default: Tab) -> ListFilters:
    """Read a query string; never raises."""
    only = code_of(Only, first(arguments, "only"))
    tab = TAB_OF_ONLY[only] if only else code_of(Tab, first(arguments, "state")) or default
    return ListFilters(
        tab=tab,
        only=only,
        q=clean_line(first(arguments, "q")[: LONGEST_SEARCH * 2])[:LONGEST_SEARCH],
        family=code_of(JobFamily, first(arguments, "family")),
        team=clean_line(first(arguments, "team")[:60]),
        after=read_key(first(arguments, "after")),
    )


def first(arguments: Arguments, name: str) -> str:
    """The first value of a name."""
    return next(iter(arguments.getlist(name)), "")


Code = TypeVar("Code", bound=Option)


def code_of(kind: type[Code], text: str) -> Code | None:
    """The code that this text is, None when it is not on offer."""
    return next((code for code in kind if code.value == text), None)
