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
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    String,
    Table,
    bindparam,
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
from portal.vacancies.synonyms import SAME_THING, SMALL_WORDS

MOST_WORDS = 8
LONGEST_WORD = 40
LONGEST_QUERY = 200

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
LONGEST_PHRASE = max(len(phrase) for phrase in TYPED_SYNONYMS)


def groups_of(words: list[str]) -> list[tuple[Phrase, tuple[Phrase, ...]]]:
    """What was typed, cut into things: the words themselves, and phrases that mean the same.

    The longest known phrase wins, so "assistant team manager" is one thing and not two.
    """
    groups = []
    start = 0
    while start < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
            phrase = tuple(words[start : start + length])
            if phrase in TYPED_SYNONYMS or length == 1:
                groups.append((phrase, TYPED_SYNONYMS.get(phrase, ())))
                start += length
                break
    return groups


def expression_of(dialect: str, typed: str) -> str:
    """What was typed, as this database wants to be asked; empty when nothing usable was typed."""
    spell = postgresql_group if dialect == "postgresql" else sqlite_group
    joined = " & " if dialect == "postgresql" else " AND "
    return joined.join(f"({spell(*group)})" for group in groups_of(words_of(typed)))


def has_keyword(dialect: str) -> ColumnElement[bool]:
    """Adverts that have what the parameter `keyword` says, an expression of `expression_of`."""
    keyword: BindParameter[str] = bindparam("keyword", type_=String)
    if dialect == "postgresql":
        # Not websearch_to_tsquery: it knows no beginnings of words, and takes "-" and "or" as commands.
        document: ColumnElement[Any] = column("vacancy_search", _selectable=Vacancy.__table__)
        asked = func.to_tsquery(literal_column("'english'::regconfig"), keyword)
        return document.op("@@", is_comparison=True)(asked)
    words = table("vacancy_search", column("rowid"), column("vacancy_search"))
    found = select(words.c.rowid).where(words.c.vacancy_search.op("MATCH", is_comparison=True)(keyword))
    return Vacancy.__table__.c.id.in_(found)


def is_abbreviation(phrase: Phrase) -> bool:
    """Short codes are matched whole: "ep" must not find "episode"."""
    return len(phrase) == 1 and (len(phrase[0]) < 3 or phrase in TYPED_SYNONYMS)


def sqlite_group(phrase: Phrase, others: tuple[Phrase, ...]) -> str:
    """FTS5: all of the words, or one of the phrases; what is in quotation marks is never syntax."""
    star = "" if is_abbreviation(phrase) else " *"
    typed = " AND ".join(f'"{word}"{star}' for word in phrase)
    return " OR ".join([f"({typed})", *(f'"{" ".join(other)}"' for other in others)])


def postgresql_group(phrase: Phrase, others: tuple[Phrase, ...]) -> str:
    """The same for `to_tsquery`.

    A word is asked for whole as well as for its beginning: the planner knows how common whole words are,
    and only then walks the list in its order instead of gathering every advert that has a common word.
    """
    whole = is_abbreviation(phrase)
    typed = " & ".join(f"'{word}'" if whole else f"('{word}' | '{word}':*)" for word in phrase)
    phrases = (" <-> ".join(f"'{word}'" for word in other) for other in others)
    return " | ".join(f"({option})" for option in [typed, *phrases])


# The objects in the database

DOCUMENT = """{v}.title || ' ' || {team} || ' ' || {v}.reference || ' ' || {v}.family || ' ' || {v}.role_level
    || ' ' || {v}.contract_type || ' ' || {v}.working_patterns
    || {v}.flexible || CASE WHEN {v}.asye_suitable THEN ' asye ' ELSE ' ' END
    || {v}.summary || ' ' || {v}.location_base || ' ' || {v}.description
    || ' ' || COALESCE({v}.about_team, '') || ' ' || COALESCE({v}.benefits, '')"""
"""What is searched. Codes are words too ("part_time"), so a pattern is found though the text forgets it."""

SQLITE_CREATE = (
    "CREATE VIRTUAL TABLE vacancy_search USING fts5(words, tokenize='porter unicode61 remove_diacritics 2')",
)
SQLITE_DROP = ("DROP TABLE IF EXISTS vacancy_search",)
SQLITE_FILL = f"""INSERT INTO vacancy_search(rowid, words)
    SELECT vacancies.id, {DOCUMENT.format(v="vacancies", team="service_teams.name")}
    FROM vacancies JOIN service_teams ON service_teams.id = vacancies.team_id"""  # noqa: S608 - constants only

# The parser would read "EP/SEND" as a file's name and "a.b" as a host, so punctuation becomes spaces. A
# tsvector holds a megabyte, so no more is read.
POSTGRESQL_WORDS = f"""to_tsvector('english'::regconfig, left(translate({
    DOCUMENT.format(v="NEW", team="(SELECT name FROM service_teams WHERE id = NEW.team_id)")
}, '_/.-:@&+''"()[]{{}}*#,', repeat(' ', 20)), 200000))"""  # noqa: S608 - constants only
POSTGRESQL_CREATE = (
    "ALTER TABLE vacancies ADD COLUMN vacancy_search tsvector",
    """CREATE FUNCTION vacancy_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.vacancy_search := """
    + POSTGRESQL_WORDS
    + """;
        RETURN NEW;
    END $$""",
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
