"""The search follows every change of an advert, and migrations make what the program makes."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import text

from portal.vacancies.models import Criterion, Vacancy
from portal.vacancies.search.index import create_search, drop_search, is_search_object
from tests.support.builders import make_team, make_vacancy
from tests.vacancies.search.asking import found


def test_an_edit_is_found_at_once_and_the_old_words_are_not(db, at):
    with db.transaction() as session:
        kept = make_vacancy(session, title="Aardvark keeper").id
    with db.transaction() as session:
        session.get_one(Vacancy, kept).title = "Badger keeper"
    assert (found(db, at, "aardvark"), found(db, at, "badger")) == ([], ["Badger keeper"])


def test_a_renamed_team_is_found_by_its_new_name(db, at):
    with db.transaction() as session:
        team = make_team(session, slug="youth-justice", name="Youth Justice Service")
        make_vacancy(session, title="Team manager", team=team)
    assert found(db, at, "yot") == ["Team manager"]
    with db.transaction() as session:
        make_team(session, slug="youth-justice").name = "Lighthouse"
    assert (found(db, at, "lighthouse"), found(db, at, "yot")) == (["Team manager"], [])


def test_a_rolled_back_edit_leaves_no_trace(db, at):
    with db.transaction() as session:
        kept = make_vacancy(session, title="Aardvark keeper").id
    with suppress(LookupError), db.transaction() as session:
        session.get_one(Vacancy, kept).title = "Badger keeper"
        session.flush()
        raise LookupError
    assert (found(db, at, "aardvark"), found(db, at, "badger")) == (["Aardvark keeper"], [])


def test_a_deleted_advert_is_forgotten(db, at):
    with db.transaction() as session:
        row = make_vacancy(session, title="Aardvark keeper", criteria=[])
        session.flush()
        session.delete(row)
    with db.transaction() as session:
        left = "SELECT count(*) FROM vacancy_search" if db.is_sqlite else "SELECT count(*) FROM vacancies"
        assert session.scalar(text(left)) == 0
        assert session.query(Criterion).count() == 0


def test_the_search_can_be_made_again_over_rows_that_exist(db, at):
    with db.transaction() as session:
        make_vacancy(session, title="First steps", asye_suitable=True)
    with db.engine.begin() as connection:
        drop_search(connection)
        create_search(connection)
        create_search(connection)
    assert found(db, at, "AYSE") == ["First steps"]


def test_what_the_search_needs_is_named_for_the_migrations():
    assert all(map(is_search_object, ("vacancy_search", "vacancy_search_data", "ix_vacancies_search")))
    assert not any(map(is_search_object, ("vacancies", None, "ix_vacancies_team_id")))


SEARCH_OBJECTS = {
    "sqlite": "SELECT name, sql FROM sqlite_schema ORDER BY name",
    "postgresql": """
        SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'vacancy_search%'
        UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger
        UNION ALL SELECT indexname, indexdef FROM pg_indexes
        UNION ALL SELECT column_name, concat(data_type, is_nullable, column_default)
        FROM information_schema.columns WHERE table_name = 'vacancies'
        ORDER BY 1, 2""",
}


def search_objects(connection) -> list[tuple[str, str]]:
    """Name and definition of everything the search needs in this database."""
    rows = connection.execute(text(SEARCH_OBJECTS[connection.dialect.name]))
    return [(name, definition) for name, definition in rows if is_search_object(name)]


def test_the_migrations_make_what_the_program_makes(db):
    with db.engine.begin() as connection:
        migrated = search_objects(connection)
        create_search(connection)
        assert search_objects(connection) == migrated
    assert len(migrated) == 6 if db.is_sqlite else 7
