"""Keyword search on both databases: the same words find the same adverts, and nothing typed can break it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from portal.vacancies.filters import Filters
from portal.vacancies.models import Criterion, Vacancy
from portal.vacancies.options import ContractType, JobFamily, RoleLevel
from portal.vacancies.queries import search_vacancies
from portal.vacancies.search import (
    Thing,
    create_search,
    drop_search,
    expression_of,
    expressions_of_parts,
    is_search_object,
    number_of_things,
    things_of,
    words_of,
)
from portal.vacancies.synonyms import SAME_THING, SMALL_WORDS, TYPED_FOR
from tests.support.builders import make_team, make_vacancy

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


def found(db, at, typed: str) -> list[str]:
    with db.reading() as session:
        return [row.title for row in search_vacancies(session, Filters(q=typed), at).rows]


@pytest.fixture
def adverts(db):
    """One of each kind, with words that tell them apart."""
    with db.transaction() as session:
        make_vacancy(
            session,
            title="First steps",
            role_level=RoleLevel.NEWLY_QUALIFIED,
            asye_suitable=True,
            description="Learn.",
        )
        make_vacancy(session, title="Social worker, Fostering", description="Support for carers.")
        make_vacancy(
            session,
            title="Educational psychologist",
            family=JobFamily.PSYCHOLOGY,
            role_level=RoleLevel.PSYCHOLOGIST,
            description="Work in schools, with EHC/SEND advice.",
        )
        make_vacancy(
            session,
            title="Team manager",
            family=JobFamily.MANAGEMENT,
            role_level=RoleLevel.TEAM_MANAGER,
            working_patterns=["part_time"],
            contract_type=ContractType.SECONDMENT,
            description="Lead an episode of change.",
            team=make_team(session, slug="youth-justice", name="Youth Justice Service"),
        )


@pytest.mark.parametrize(
    "typed", ["ASYE", "AYSE", "nqsw", "newly qualified", "Newly-Qualified", "the ASYE job"]
)
def test_the_first_year_has_many_names(db, at, adverts, typed):
    assert found(db, at, typed) == ["First steps"]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("EP", {"Educational psychologist"}),
        ("educational psychologist", {"Educational psychologist"}),
        ("psychology", {"Educational psychologist"}),
        ("psycholog", {"Educational psychologist"}),
        ("psychologists", {"Educational psychologist"}),
        ("SW", {"Social worker, Fostering"}),
        ("social workers", {"Social worker, Fostering"}),
        ("TM", {"Team manager"}),
        ("managers", {"Team manager"}),
        ("yot", {"Team manager"}),
        ("part time", {"Team manager"}),
        ("part-time", {"Team manager"}),
        ("secondment", {"Team manager"}),
        ("foster", {"Social worker, Fostering"}),
        ("carer support", {"Social worker, Fostering"}),
        ("SEND", {"Educational psychologist"}),
        ("send psychologist", {"Educational psychologist"}),
        ("social psychologist", set()),
        ("zebra", set()),
    ],
)
def test_words_find_what_they_mean(db, at, adverts, typed, titles):
    assert set(found(db, at, typed)) == titles


@pytest.mark.parametrize("typed", ["", "jobs", "The post for you", "vacancies"])
def test_what_narrows_nothing_finds_everything(db, at, adverts, typed):
    assert len(found(db, at, typed)) == 4


@pytest.mark.parametrize("typed", ["🙂", "-", "'\"%"])
def test_what_holds_no_word_finds_nothing(db, at, adverts, typed):
    assert found(db, at, typed) == []


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_there_is_an_answer(db, at, adverts, typed):
    found(db, at, typed)


@given(typed=st.text(max_size=300))
def test_only_letters_and_digits_reach_a_database(typed):
    for word in words_of(typed):
        assert word.isalnum()
        assert len(word) <= 40
    for spelt in (expression_of("sqlite", typed), *expressions_of_parts("sqlite", typed).values()):
        assert '""' not in spelt
    for spelt in (expression_of("postgresql", typed), *expressions_of_parts("postgresql", typed).values()):
        assert "''" not in spelt
    assert len(expressions_of_parts("sqlite", typed)) == 2 * number_of_things(typed)


def test_the_longest_known_phrase_is_one_thing():
    assert [thing.words for thing in things_of(["assistant", "team", "manager", "court"])] == [
        ("assistant", "team", "manager"),
        ("court",),
    ]


@pytest.mark.parametrize(("typed", "one"), [("social workers", "social worker"), ("graduates", "graduate")])
def test_several_of_a_known_thing_are_that_thing(typed, one):
    assert things_of(typed.split()) == things_of(one.split())


def test_an_abbreviation_has_no_plural():
    assert things_of(["cps"]) == [Thing(("cps",), ())]


def test_the_synonyms_are_sound():
    entries = [entry for line in SAME_THING for entry in line]
    assert len(entries) == len(set(entries)), "an entry stands in two lines"
    for entry in entries:
        words = entry.split()
        assert entry == entry.casefold()
        assert sum(word not in SMALL_WORDS for word in words) >= (2 if len(words) > 1 else 1), entry


def test_what_is_only_typed_leads_to_what_is_meant():
    entries = {entry for line in SAME_THING for entry in line}
    assert set(TYPED_FOR.values()) <= entries
    assert not set(TYPED_FOR) & entries
    for typed in TYPED_FOR:
        assert [*typed.split()] == words_of(typed), typed


@pytest.mark.parametrize(
    "typed", ["just qualified", "Just Qualified", "graduate", "a graduate job", "graduates"]
)
def test_who_has_just_qualified_finds_the_first_year(db, at, adverts, typed):
    with db.transaction() as session:
        make_vacancy(session, title="Carer", description="You are qualified, and just to everybody.")
    assert "First steps" in found(db, at, typed)
    assert "Carer" not in found(db, at, typed)


def test_an_advert_that_says_graduate_is_not_one_for_the_first_year(db, at, adverts):
    with db.transaction() as session:
        make_vacancy(session, title="Scheme leader", description="Run the graduate scheme.")
    assert found(db, at, "asye") == ["First steps"]
    assert found(db, at, "graduate scheme") == ["Scheme leader"]
    assert found(db, at, "graduate") == ["First steps", "Scheme leader"]


def test_an_edit_is_found_at_once_and_the_old_words_are_not(db, at):
    with db.transaction() as session:
        kept = make_vacancy(session, title="Aardvark keeper").id
    with db.transaction() as session:
        session.get_one(Vacancy, kept).title = "Badger keeper"
    assert (found(db, at, "aardvark"), found(db, at, "badger")) == ([], ["Badger keeper"])


def test_a_renamed_team_is_found_by_its_new_name(db, at, adverts):
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


def test_the_search_can_be_made_again_over_rows_that_exist(db, at, adverts):
    with db.engine.begin() as connection:
        drop_search(connection)
        create_search(connection)
        create_search(connection)
    assert found(db, at, "AYSE") == ["First steps"]


def test_what_the_search_needs_is_named_for_the_migrations():
    assert all(map(is_search_object, ("vacancy_search", "vacancy_search_data", "ix_vacancies_search")))
    assert not any(map(is_search_object, ("vacancies", None, "ix_vacancies_team_id")))
