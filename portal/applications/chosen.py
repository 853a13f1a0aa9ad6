"""Which applications of a vacancy somebody chose: a list, some by their references, or all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from portal.applications.models import Application
from portal.applications.options import Tab
from portal.applications.transitions import TAB_OF
from portal.core.text import clean_line

MOST_CHOSEN = 200
"""Applications chosen one by one, in an address."""
LONGEST_REFERENCE = 24


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which applications of a vacancy: a list, some by their references, or all."""

    tab: Tab | None = None
    references: tuple[str, ...] = ()

    def describe(self) -> str | list[str]:
        """For the audit."""
        if self.references:
            return list(self.references)
        return self.tab.value if self.tab else "all"

    def condition(self) -> list[ColumnElement[bool]]:
        """As the database is asked."""
        if self.references:
            return [Application.reference.in_(self.references)]
        if self.tab is None:
            return []
        return [Application.status.in_([status for status, tab in TAB_OF.items() if tab is self.tab])]


def references_of(typed: Iterable[str]) -> tuple[str, ...]:
    """The references in an address, as stored."""
    found = [clean_line(one[:LONGEST_REFERENCE]).upper() for one in typed]
    return tuple(dict.fromkeys(one for one in found if one))[:MOST_CHOSEN]
