"""The keyword as each database wants to be asked for it, and how well an advert matches.

Each row of the index has three parts: the title, the facts (team, level, family, pattern…) and the text.
`has_keyword` looks in all of them; `hits` counts how many of the things typed the title has, or the facts.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    String,
    bindparam,
    case,
    column,
    func,
    literal_column,
    select,
    table,
)

from portal.vacancies.models import Vacancy
from portal.vacancies.search.words import Thing, is_abbreviation, things_of, words_of

PARTS = {"title": "A", "facts": "B"}
"""What decides the order, the weightier first, with the label PostgreSQL keeps for it."""

WORDS = table("vacancy_search", column("rowid"), column("vacancy_search"))
"""SQLite's full-text table."""


# What is asked


def expression_of(dialect: str, typed: str) -> str:
    """What was typed, as this database wants to be asked; empty when nothing usable was typed."""
    spell = postgresql_thing if dialect == "postgresql" else sqlite_thing
    joined = " & " if dialect == "postgresql" else " AND "
    return joined.join(f"({spell(thing)})" for thing in things_of(words_of(typed)))


def number_of_things(typed: str) -> int:
    """How many parameters of each part `hits` needs."""
    return len(things_of(words_of(typed)))


def expressions_of_parts(dialect: str, typed: str) -> dict[str, str]:
    """Each thing by itself, looked for in the title and in the facts only: the parameters of `hits`."""
    things = list(enumerate(things_of(words_of(typed))))
    if dialect == "postgresql":
        return {f"{part}_{n}": postgresql_thing(thing, PARTS[part]) for part in PARTS for n, thing in things}
    return {f"{part}_{n}": f"{part} : ({sqlite_thing(thing)})" for part in PARTS for n, thing in things}


def sqlite_thing(thing: Thing) -> str:
    """FTS5: all of the words, or one of the phrases; what is in quotation marks is never syntax."""
    star = "" if is_abbreviation(thing.words) else " *"
    typed = " AND ".join(f'"{word}"{star}' for word in thing.words)
    phrases = (f'"{" ".join(phrase)}"' for phrase in thing.phrases)
    return " OR ".join([f"({typed})", *phrases] if typed else phrases)


def postgresql_thing(thing: Thing, label: str = "") -> str:
    """The same for `to_tsquery`; with a label, only words that carry it count.

    A word is asked for whole as well as for its beginning: the planner knows how common whole words are,
    and only then walks the list in its order instead of gathering every advert that has a common word.
    """
    only = f":{label}" if label else ""
    whole = is_abbreviation(thing.words)
    typed = " & ".join(
        f"'{word}'{only}" if whole else f"('{word}'{only} | '{word}':*{label})" for word in thing.words
    )
    phrases = [" <-> ".join(f"'{word}'{only}" for word in phrase) for phrase in thing.phrases]
    return " | ".join(f"({option})" for option in [typed, *phrases] if option)


# How it is asked


def has_keyword(dialect: str, *, few_open: bool = False) -> ColumnElement[bool]:
    """Adverts that have what the parameter `keyword` says, an expression of `expression_of`.

    With few open adverts it is written so that PostgreSQL has no index for it: the index holds every closed
    advert of years with a common word, while the open ones are found by their dates and read one by one.
    """
    return has(dialect, "keyword", "vacancy_search", indexed=not few_open)


def hits(dialect: str, part: str, number: int) -> ColumnElement[int]:
    """How many of the `number` things typed this part of an advert has; meant for few rows.

    PostgreSQL looks in its small column: the large one would be unpacked anew for each thing and part.
    """
    document = "vacancy_search_heading"
    found = (has(dialect, f"{part}_{n}", document, indexed=False) for n in range(number))
    return reduce(add, (case((one, 1), else_=0) for one in found))


def has(dialect: str, parameter: str, document: str, *, indexed: bool = True) -> ColumnElement[bool]:
    """Adverts that have what the parameter asks for; `document` is the column for PostgreSQL to look in.

    SQLite gathers the adverts once. Asked of one after the other it would go through every word with that
    beginning each time, which is fifteen times slower among ten thousand.
    """
    asked: BindParameter[str] = bindparam(parameter, type_=String)
    if dialect == "postgresql":
        # Not websearch_to_tsquery: it knows no beginnings of words, and takes "-" and "or" as commands.
        words: ColumnElement[Any] = column(document, _selectable=Vacancy.__table__)
        query = func.to_tsquery(literal_column("'english'::regconfig"), asked)
        if indexed:
            return words.op("@@", is_comparison=True)(query)
        # In brackets of its own it is read once for the statement; a prepared one would read it for each row.
        return func.coalesce(words, words).op("@@", is_comparison=True)(select(query).scalar_subquery())
    matching = WORDS.c.vacancy_search.op("MATCH", is_comparison=True)(asked)
    return Vacancy.__table__.c.id.in_(select(WORDS.c.rowid).where(matching))
