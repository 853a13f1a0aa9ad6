"""What somebody wants to see of a vacancy’s applications: to and from the address of the list.

Whatever an address says, the result is a sane set of filters: what is not known is ignored. A name that was
searched for is never in an address; it is kept in the session’s row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from portal.applications.options import Tab
from portal.core.options import Option
from portal.core.text import clean_line

LONGEST_KEY = 20
LONGEST_SEARCH = 120
PLACE = re.compile(r"APP-[0-9A-Z]{8}")


class Sort(Option):
    """In which order."""

    OLDEST = "oldest", "First received first"
    NEWEST = "newest", "Last received first"
    NAME = "name", "Name"


class Only(Option):
    """A list within the list."""

    FLAGS = "flags", "With a flag"
    GAPS = "gaps", "With a gap in the history"
    SCHEME = "scheme", "Under an interview scheme"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListFilters:
    """Which list, in which order, narrowed to what, and behind which row it begins."""

    tab: Tab = Tab.NEW
    sort: Sort = Sort.OLDEST
    only: Only | None = None
    after: str = ""
    """The reference of the row that the page before ended with; a name would say too much."""

    def address(self, **changes: Any) -> str:
        """The query string of these filters, some of them changed; always from the beginning of the list."""
        values = {
            "tab": self.tab,
            "sort": self.sort if self.sort is not Sort.OLDEST else "",
            "only": self.only,
            **changes,
        }
        pairs = [(name, str(value)) for name, value in values.items() if value]
        return f"?{urlencode(pairs)}" if pairs else ""

    def further(self, reference: str) -> str:
        """The query string of what comes behind this row."""
        return self.address(after=reference)

    def describe(self) -> str:
        """For the audit."""
        return ".".join([self.tab.value, *([self.only.value] if self.only else [])])


def read_place(text: str) -> str:
    """The reference in an address behind which the list goes on; anything else means the first page."""
    found = clean_line(text[:LONGEST_KEY]).upper()
    return found if PLACE.fullmatch(found) else ""


def filters_of(arguments: Mapping[str, str], default: Tab) -> ListFilters:
    """Read a query string; never raises."""
    return ListFilters(
        tab=code_of(Tab, arguments.get("tab", "")) or default,
        sort=code_of(Sort, arguments.get("sort", "")) or Sort.OLDEST,
        only=code_of(Only, arguments.get("only", "")),
        after=read_place(arguments.get("after", "")),
    )


Code = TypeVar("Code", bound=Option)


def code_of(kind: type[Code], text: str) -> Code | None:
    """The code that this text is, None when it is not on offer."""
    return next((code for code in kind if code.value == clean_line(text)), None)
