"""What tests of the list ask with."""

from __future__ import annotations

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
