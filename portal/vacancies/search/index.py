"""What the keyword search needs in the database, and how it is kept right.

**What there is.** PostgreSQL: two columns of `vacancies` (tsvector), `vacancy_search` with all the words and
an index, and the small `vacancy_search_heading` that the order is worked out from; triggers keep them right.
SQLite: a full-text table of that name (FTS5), kept right by the mapper events below; triggers cannot do it,
because our connections do not trust the schema (`trusted_schema=OFF`) and SQLite then refuses virtual tables
inside triggers. Nothing of this is mapped: `is_search_object(name)` tells Alembic what to leave alone.

**Who makes it.** `create_search(connection)` may be called at any time and as often as you like: it starts
afresh and indexes the rows that exist. `Base.metadata.create_all` calls it by itself. A migration spells the
statements out (0004), since it must not import what changes later, and makes the search *again after any
batch migration of `vacancies`*; `drop_search(connection)` goes the other way. Rows written without the mapper
(bulk inserts by Core, seeding) need `create_search` afterwards on SQLite.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, event
from sqlalchemy.orm import Mapper

from portal.core.database import Base
from portal.vacancies.models import ServiceTeam, Vacancy


def is_search_object(name: str | None) -> bool:
    """Whether Alembic should leave a table, column or index of this name alone."""
    return name is not None and name.startswith(("vacancy_search", "ix_vacancies_search"))


Base.metadata.info.setdefault("unmapped", []).append(is_search_object)


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
