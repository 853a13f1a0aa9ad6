"""What tests of the list ask with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portal.vacancies.search import known, listing, statements
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.queries import search_vacancies

HOSTILE = [
    "'",
    '"',
    '""""',
    "a\x00b",
    "\x00",
    "OR AND NOT NEAR(",
    "NEAR(social worker, 3)",
    "title:social",
    "soci* OR *",
    "^social -worker +x",
    "'social':* & !'worker' | ()",
    "); DROP TABLE vacancies; --",
    "%_\\",
    "\\' \\\\ \\u0000",
    "🙂",
    "👩🏽‍⚕️ social",
    "x" * 10_000,
    "social " * 2_000,
    "&" * 500,
    "ﷺ ﬁ ² ٣ Ⅷ",
    "𞤀𞤣𞤤𞤢𞤥 你好 مرحبا Đặng",
    "\ud800",
    "\u202esocial",
    "{}[]<>|&!~:*@#",
    "-",
    "social/worker",
]
"""What somebody may type to see the search break."""


def page_of(db, at, **filters):
    with db.reading() as session:
        return search_vacancies(session, Filters(**filters), at)


def slugs(db, at, **filters) -> list[str]:
    """Of the adverts on a page, in their order."""
    return [row.slug.removesuffix("-demonstration") for row in page_of(db, at, **filters).rows]


def found(db, at, typed: str) -> list[str]:
    """The titles that a keyword finds."""
    return [row.title for row in page_of(db, at, q=typed).rows]


@contextmanager
def counting_to(number: int) -> Iterator[None]:
    """As if no more adverts than that were counted."""
    built = (statements.teams_statement, statements.traits_statement)
    with pytest.MonkeyPatch.context() as patch:
        for module in (statements, known, listing):
            patch.setattr(module, "COUNTED", number)
        for statement in built:
            statement.cache_clear()
        yield
    for statement in built:
        statement.cache_clear()
