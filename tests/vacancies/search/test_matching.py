"""Keyword search on both databases: the same words find the same adverts, and nothing typed can break it."""

from __future__ import annotations

import pytest

from portal.vacancies.options import ContractType, JobFamily, RoleLevel
from tests.support.builders import make_team, make_vacancy
from tests.vacancies.search.asking import HOSTILE, found


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
