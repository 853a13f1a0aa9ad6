"""What is made of a keyword before any database sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.vacancies.search.matching import expression_of, expressions_of_parts, number_of_things
from portal.vacancies.search.synonyms import SAME_THING, SMALL_WORDS, TYPED_FOR
from portal.vacancies.search.words import Thing, things_of, words_of


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
