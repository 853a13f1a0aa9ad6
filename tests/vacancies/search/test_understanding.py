"""Phrases that are filters: every entry of the table, amounts of pay, and what must stay words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.vacancies.search.filters import BOXES, Filters
from portal.vacancies.search.phrases import NEGATIONS, PHRASES
from portal.vacancies.search.understanding import reading_of

ENTRIES = [(name, codes, phrase) for name, codes, typed in PHRASES for phrase in typed]


@pytest.mark.parametrize(("name", "codes", "phrase"), ENTRIES)
def test_each_phrase_is_its_filter(name, codes, phrase):
    for typed in (phrase, phrase.upper(), phrase.replace(" ", "-"), f"jobs with {phrase}, for me"):
        assert Filters(q=typed).understood() == Filters(
            **{name: tuple(sorted(codes, key=[*BOXES[name]].index))}
        )
    around = Filters(q=f"Heron {phrase} keeper").understood()
    assert (around.q, set(getattr(around, name))) == ("Heron keeper", set(codes))
    exact = Filters(q=phrase, exact=True)
    assert exact.understood() == exact


def test_the_table_is_sound():
    phrases = [phrase for _name, _codes, phrase in ENTRIES]
    assert len(phrases) == len(set(phrases)), "a phrase stands in two lines"
    for name, codes, phrase in ENTRIES:
        assert set(codes) <= {*BOXES[name]}, phrase
        assert phrase == phrase.casefold()
        assert phrase.replace(" ", "").isalnum()


@pytest.mark.parametrize("negation", sorted(NEGATIONS))
def test_what_is_not_wanted_stays_a_word(negation):
    assert Filters(q=f"{negation} sponsorship").understood().q == f"{negation} sponsorship"


@pytest.mark.parametrize(
    ("typed", "rest", "lowest", "highest"),
    [
        ("£40k", "", 40_000, None),
        ("£40,000", "", 40_000, None),
        ("40000 a year", "", 40_000, None),
        ("manager 40k+", "manager", 40_000, None),
        ("at least £ 45 k", "", 45_000, None),
        ("manager paying £45k or more per year in MASH", "manager in MASH", 45_000, None),
        ("up to £50k", "", None, 50_000),
        ("under 35,000 salary", "", None, 35_000),
        ("£40k to £50k", "", 40_000, 50_000),
        ("£40-50k", "", 40_000, 50_000),
        ("between 50,000 and 40,000 manager", "manager", 40_000, 50_000),
        ("£40", "£40", None, None),
        ("£1,000,000", "£1,000,000", None, None),
        ("£15 an hour", "£15 an hour", None, None),
        ("SCC-CS-2026-9005", "SCC-CS-2026-9005", None, None),
        ("01632 960103", "01632 960103", None, None),
        ("SO14 7LY", "SO14 7LY", None, None),
        ("99999999999999999999", "99999999999999999999", None, None),
    ],
)
def test_amounts_of_pay(typed, rest, lowest, highest):
    assert Filters(q=typed).understood() == Filters(q=rest, salary_from=lowest, salary_to=highest)


def test_the_examples_of_the_issue():
    assert Filters(q="part time senior psychologist").understood() == Filters(
        q="senior psychologist", pattern=("part_time",)
    )
    typed = "permanent social worker hybrid £40k sponsorship closing this week job share asye"
    assert Filters(q=typed).understood() == Filters(
        q="social worker",
        contract=("permanent",),
        pattern=("job_share",),
        flexible=("hybrid",),
        asye=("yes",),
        sponsorship=("yes", "considered"),
        closing=("week",),
        salary_from=40_000,
    )
    assert len(reading_of(typed).phrases) == 7


def test_what_is_understood_joins_what_is_chosen():
    chosen = Filters(q="part time", pattern=("job_share",), salary_to=60_000, page=3)
    assert chosen.understood() == Filters(pattern=("part_time", "job_share"), salary_to=60_000, page=3)
    assert Filters(q="£40k", salary_from=30_000).understood() == Filters(salary_from=40_000)


def test_exact_means_nothing_where_nothing_would_be_understood():
    assert Filters(q="keeper", exact=True).query() == "?q=keeper"
    assert Filters(q="part time", exact=True).query() == "?q=part+time&exact=1"
    assert Filters(q="part time", exact=True).without("q") == Filters()
    assert Filters.from_arguments(MultiDict({"q": "pt", "exact": "yes"})).exact is False


pieces = st.sampled_from(
    [phrase for _name, _codes, phrase in ENTRIES]
    + [
        "£40k",
        "to",
        "-",
        "up to 50,000",
        "heron",
        "no",
        "or",
        "full",
        "part",
        "time",
        "£",
        "k",
        "40",
        ",",
        "a year",
    ]
)


@given(typed=st.one_of(st.lists(pieces, max_size=8).map(" ".join), st.text(max_size=60)))
def test_what_is_left_is_never_understood_again(typed):
    typed = Filters.from_arguments(MultiDict({"q": typed})).q
    understood = Filters(q=typed).understood()
    assert understood.understood() == understood
    assert Filters(q=reading_of(typed).rest).understood().narrowed_by in ((), ("q",))
    assert Filters(q=typed, exact=True).understood().q == typed
