"""Keyword search: one function, two ways of asking a database, and the objects it needs there.

**What the database keeps.** PostgreSQL: a `vacancy_search` column of `vacancies` (tsvector) with an index,
kept right by triggers. SQLite: a full-text table of that name (FTS5), kept right by the mapper events
below; triggers cannot do it, because our connections do not trust the schema (`trusted_schema=OFF`) and
SQLite then refuses virtual tables inside triggers. Neither is mapped: `is_search_object(name)` tells Alembic
what to leave alone.

**Who makes it.** `create_search(connection)` may be called at any time and as often as you like: it starts
afresh and indexes the rows that exist. `Base.metadata.create_all` calls it by itself. A migration spells the
statements out (0004), since it must not import what changes later, and makes the search *again after any
batch migration of `vacancies`*; `drop_search(connection)` goes the other way. Rows written without the mapper
(bulk inserts by Core, seeding) need `create_search` afterwards on SQLite.

**What may be typed.** Anything: a query becomes plain words (letters and digits only) before it meets a
database, so there is no syntax to break. Each word must occur, by its stem or as the beginning of a word;
`synonyms.py` says what counts as the same.

**What comes first.** Each row is kept in three parts: its title, its facts (team, level, family, pattern…)
and its text. `hits` counts how many of the things typed the title has, or the facts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    String,
    Table,
    bindparam,
    case,
    column,
    event,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import Mapper

from portal.core.database import Base
from portal.vacancies.models import ServiceTeam, Vacancy
from portal.vacancies.synonyms import SAME_THING, SMALL_WORDS, TYPED_FOR

MOST_WORDS = 8
LONGEST_WORD = 40
LONGEST_QUERY = 200
SHORT_WORD = 4
"""Letters of what may be an abbreviation: "cps" is not several clinical psychologists."""

PARTS = {"title": "A", "facts": "B"}
"""What decides the order, the weightier first, with the label PostgreSQL keeps for it."""

Phrase = tuple[str, ...]
WORD = re.compile(r"[^\W_]+")


def is_search_object(name: str | None) -> bool:
    """Whether Alembic should leave a table, column or index of this name alone."""
    return name is not None and name.startswith(("vacancy_search", "ix_vacancies_search"))


Base.metadata.info.setdefault("unmapped", []).append(is_search_object)


# From what was typed to what must be found


def all_words(typed: str) -> list[str]:
    """Runs of letters and digits, small ones included."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST_QUERY]).casefold()
    return [word[:LONGEST_WORD] for word in WORD.findall(plain)]


def words_of(typed: str) -> list[str]:
    """The words that narrow the search, at most `MOST_WORDS`; empty when nothing usable was typed."""
    return [word for word in all_words(typed) if word not in SMALL_WORDS][:MOST_WORDS]


def only_small_words(typed: str) -> bool:
    """Whether words were typed and none of them narrows anything: "jobs" is the whole list."""
    return bool(all_words(typed)) and not words_of(typed)


def phrase_of(entry: str) -> Phrase:
    """One entry of the synonyms as words, small ones kept: phrases are compared word by word."""
    return tuple(WORD.findall(entry.casefold()))


SYNONYMS: dict[Phrase, tuple[Phrase, ...]] = {
    phrase_of(entry): tuple(phrase_of(other) for other in line if other != entry)
    for line in SAME_THING
    for entry in line
}
# What people type loses its small words, so "head of service" is met as "head service".
TYPED_SYNONYMS = {
    tuple(word for word in phrase if word not in SMALL_WORDS): others for phrase, others in SYNONYMS.items()
}
LED_TO = {
    phrase_of(typed): (phrase_of(entry), *SYNONYMS[phrase_of(entry)]) for typed, entry in TYPED_FOR.items()
}
LONGEST_PHRASE = max(map(len, (*TYPED_SYNONYMS, *LED_TO)))


class Thing(NamedTuple):
    """One thing that was typed: an advert has it that has all the words, or one of the phrases."""

    words: Phrase
    """Empty where only the phrases are looked for."""
    phrases: tuple[Phrase, ...]


def things_of(words: list[str]) -> list[Thing]:
    """What was typed, cut into things.

    The longest known phrase wins, so "assistant team manager" is one thing and not two.
    """
    things = []
    start = 0
    while start < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
            thing = thing_of(tuple(words[start : start + length]))
            if thing is not None or length == 1:
                things.append(thing or Thing((words[start],), ()))
                start += length
                break
    return things


def thing_of(phrase: Phrase) -> Thing | None:
    """A known phrase, or several of it ("social workers"), with what means the same."""
    *head, last = phrase
    one = (*head, last.removesuffix("s")) if len(last) > SHORT_WORD else phrase
    for known in (phrase, one):
        if known in LED_TO:
            return Thing(known if len(known) == 1 else (), LED_TO[known])
        if known in TYPED_SYNONYMS:
            return Thing(known, TYPED_SYNONYMS[known])
    return None


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


def has_keyword(dialect: str) -> ColumnElement[bool]:
    """Adverts that have what the parameter `keyword` says, an expression of `expression_of`."""
    if dialect == "postgresql":
        return tsvector_has("vacancy_search", "keyword")
    return Vacancy.__table__.c.id.in_(select(WORDS.c.rowid).where(words_match("keyword")))


def hits(dialect: str, part: str, number: int) -> ColumnElement[int]:
    """How many of the `number` things typed this part of an advert has; meant for few rows."""
    has = part_has_on_postgresql if dialect == "postgresql" else part_has_on_sqlite
    return reduce(add, (case((has(f"{part}_{n}"), 1), else_=0) for n in range(number)))


def part_has_on_postgresql(parameter: str) -> ColumnElement[bool]:
    """The small column: the large one would have to be unpacked anew for each thing and part."""
    return tsvector_has("vacancy_search_heading", parameter)


def part_has_on_sqlite(parameter: str) -> ColumnElement[bool]:
    """Asked of one row after the other: the whole index may know the word thousands of times."""
    this_row = WORDS.c.rowid == Vacancy.__table__.c.id
    return select(WORDS.c.rowid).where(words_match(parameter), this_row).correlate(Vacancy.__table__).exists()


def tsvector_has(name: str, parameter: str) -> ColumnElement[bool]:
    """Not websearch_to_tsquery: it knows no beginnings of words, and takes "-" and "or" as commands."""
    keyword: BindParameter[str] = bindparam(parameter, type_=String)
    document: ColumnElement[Any] = column(name, _selectable=Vacancy.__table__)
    asked = func.to_tsquery(literal_column("'english'::regconfig"), keyword)
    return document.op("@@", is_comparison=True)(asked)


WORDS = table("vacancy_search", column("rowid"), column("vacancy_search"))


def words_match(parameter: str) -> ColumnElement[bool]:
    """Rows of the full-text table that have what the parameter says."""
    keyword: BindParameter[str] = bindparam(parameter, type_=String)
    return WORDS.c.vacancy_search.op("MATCH", is_comparison=True)(keyword)


def is_abbreviation(phrase: Phrase) -> bool:
    """Short codes are matched whole: "ep" must not find "episode"."""
    return len(phrase) == 1 and (len(phrase[0]) < 3 or phrase in TYPED_SYNONYMS)


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


# The objects in the database

TITLE = "{v}.title"
FACTS = """{team} || ' ' || {v}.role_level || ' ' || {v}.family || ' ' || {v}.contract_type
            || {v}.working_patterns || {v}.flexible || CASE WHEN {v}.asye_suitable THEN 'asye' ELSE '' END"""
"""Codes are words too ("part_time"), so a pattern is found though the text forgets it."""
TEXT = """{v}.reference || ' ' || {v}.summary || ' ' || {v}.location_base
            || ' ' || {v}.description || ' ' || COALESCE({v}.about_team, '')
            || ' ' || COALESCE({v}.benefits, '')"""


def of_row(part: str, row: str, team: str) -> str:
    """A part of the row of that name, its team's name given."""
    return part.format(v=row, team=team)


SQLITE_CREATE = (
    """CREATE VIRTUAL TABLE vacancy_search
    USING fts5(title, facts, words, tokenize='porter unicode61 remove_diacritics 2')""",
)
SQLITE_DROP = ("DROP TABLE IF EXISTS vacancy_search",)
SQLITE_PARTS = ", ".join(of_row(part, "vacancies", "service_teams.name") for part in (TITLE, FACTS, TEXT))
SQLITE_FILL = f"""INSERT INTO vacancy_search(rowid, title, facts, words)
    SELECT vacancies.id, {SQLITE_PARTS}
    FROM vacancies JOIN service_teams ON service_teams.id = vacancies.team_id"""  # noqa: S608 - constants only

# The parser would read "EP/SEND" as a file's name and "a.b" as a host, so punctuation becomes spaces. A
# tsvector holds a megabyte, so no more is read.
POSTGRESQL_CREATE = (
    "ALTER TABLE vacancies ADD COLUMN vacancy_search_heading tsvector",
    "ALTER TABLE vacancies ADD COLUMN vacancy_search tsvector",
    f"""CREATE FUNCTION vacancy_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        english CONSTANT regconfig := 'english';
        marks CONSTANT text := '_/.-:@&+''"()[]{{}}*#,';
        spaces CONSTANT text := repeat(' ', length(marks));
        team CONSTANT text := (SELECT name FROM service_teams WHERE id = NEW.team_id);
        title CONSTANT text := {of_row(TITLE, "NEW", "team")};
        facts CONSTANT text := {of_row(FACTS, "NEW", "team")};
        words CONSTANT text := {of_row(TEXT, "NEW", "team")};
    BEGIN
        NEW.vacancy_search_heading :=
            setweight(to_tsvector(english, translate(title, marks, spaces)), 'A')
            || setweight(to_tsvector(english, translate(facts, marks, spaces)), 'B');
        NEW.vacancy_search := NEW.vacancy_search_heading
            || to_tsvector(english, left(translate(words, marks, spaces), 200000));
        RETURN NEW;
    END $$""",  # noqa: S608 - constants only
    """CREATE TRIGGER vacancy_search_words BEFORE INSERT OR UPDATE ON vacancies
    FOR EACH ROW EXECUTE FUNCTION vacancy_search_words()""",
    """CREATE FUNCTION vacancy_search_team() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE vacancies SET team_id = team_id WHERE team_id = NEW.id;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER vacancy_search_team AFTER UPDATE OF name ON service_teams
    FOR EACH ROW EXECUTE FUNCTION vacancy_search_team()""",
    "CREATE INDEX ix_vacancies_search ON vacancies USING gin (vacancy_search)",
    "UPDATE vacancies SET team_id = team_id",
)
POSTGRESQL_DROP = (
    "DROP TRIGGER IF EXISTS vacancy_search_team ON service_teams",
    "DROP TRIGGER IF EXISTS vacancy_search_words ON vacancies",
    "DROP FUNCTION IF EXISTS vacancy_search_team()",
    "DROP FUNCTION IF EXISTS vacancy_search_words()",
    "DROP INDEX IF EXISTS ix_vacancies_search",
    "ALTER TABLE vacancies DROP COLUMN IF EXISTS vacancy_search",
    "ALTER TABLE vacancies DROP COLUMN IF EXISTS vacancy_search_heading",
)


def create_search(connection: Connection) -> None:
    """Make the search afresh and index every row; safe to repeat."""
    drop_search(connection)
    if connection.dialect.name == "postgresql":
        statements: tuple[str, ...] = POSTGRESQL_CREATE
    else:
        statements = (*SQLITE_CREATE, SQLITE_FILL)
    for statement in statements:
        connection.exec_driver_sql(statement)


def drop_search(connection: Connection) -> None:
    """Take the search away; the tables of the adverts must still exist."""
    statements = POSTGRESQL_DROP if connection.dialect.name == "postgresql" else SQLITE_DROP
    for statement in statements:
        connection.exec_driver_sql(statement)


@event.listens_for(Base.metadata, "after_create")
def create_with_tables(_metadata: Any, connection: Connection, tables: list[Table], **_options: Any) -> None:
    """`create_all` makes the search with the tables."""
    if Vacancy.__table__ in tables:
        create_search(connection)


@event.listens_for(Base.metadata, "before_drop")
def drop_with_tables(_metadata: Any, connection: Connection, tables: list[Table], **_options: Any) -> None:
    """`drop_all` takes it away before the tables go."""
    if Vacancy.__table__ in tables:
        drop_search(connection)


# Upkeep on SQLite


@event.listens_for(Vacancy, "after_insert")
@event.listens_for(Vacancy, "after_update")
def index_vacancy(_mapper: Mapper[Vacancy], connection: Connection, vacancy: Vacancy) -> None:
    """Read the row again into the index, in the same transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DELETE FROM vacancy_search WHERE rowid = ?", (vacancy.id,))
        connection.exec_driver_sql(f"{SQLITE_FILL} WHERE vacancies.id = ?", (vacancy.id,))


@event.listens_for(Vacancy, "after_delete")
def forget_vacancy(_mapper: Mapper[Vacancy], connection: Connection, vacancy: Vacancy) -> None:
    """Take a deleted row out of the index."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DELETE FROM vacancy_search WHERE rowid = ?", (vacancy.id,))


@event.listens_for(ServiceTeam, "after_update")
def index_team(_mapper: Mapper[ServiceTeam], connection: Connection, team: ServiceTeam) -> None:
    """A renamed team is found by its new name."""
    if connection.dialect.name == "sqlite":
        mine = "SELECT id FROM vacancies WHERE team_id = ?"
        connection.exec_driver_sql(f"DELETE FROM vacancy_search WHERE rowid IN ({mine})", (team.id,))  # noqa: S608
        connection.exec_driver_sql(f"{SQLITE_FILL} WHERE vacancies.team_id = ?", (team.id,))
