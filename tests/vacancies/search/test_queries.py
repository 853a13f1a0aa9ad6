"""The list: filters, orders, counts, pages and what they cost, on both databases."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from portal.vacancies.options import ContractType, JobFamily, Sort
from portal.vacancies.search.filters import Filters
from portal.vacancies.search.queries import search_vacancies
from portal.vacancies.wording import next_midnight
from tests.support.builders import make_team, make_vacancy
from tests.support.databases import ON_POSTGRESQL
from tests.vacancies.search.asking import counting_to, page_of, slugs

DAY = timedelta(days=1)


@pytest.fixture
def adverts(db, at):
    """Five open adverts that differ in everything, and four that are not open."""
    with db.transaction() as session:
        mash = make_team(session, slug="mash", name="MASH", position=2)
        send = make_team(session, slug="send", name="SEND", position=3)
        make_team(session, slug="lado", name="LADO", position=4)
        kinds = (
            ("a", JobFamily.SOCIAL_WORK, mash, ContractType.PERMANENT, ["full_time"], 36_000, 38_000, 1, 20),
            (
                "b",
                JobFamily.SOCIAL_WORK,
                mash,
                ContractType.PERMANENT,
                ["full_time", "part_time"],
                42_000,
                47_000,
                2,
                6,
            ),
            ("c", JobFamily.PSYCHOLOGY, send, ContractType.FIXED_TERM, ["part_time"], 46_000, 56_000, 3, 10),
            ("d", JobFamily.PSYCHOLOGY, send, ContractType.PERMANENT, ["job_share"], 54_000, 59_000, 4, 8),
            ("e", JobFamily.MANAGEMENT, mash, ContractType.PERMANENT, ["full_time"], 64_000, 70_000, 5, 12),
        )
        for title, family, team, contract, patterns, lowest, highest, published, left in kinds:
            make_vacancy(
                session,
                slug=title,
                title=f"Heron {title}",
                family=family,
                team=team,
                contract_type=contract,
                working_patterns=patterns,
                salary_min=lowest,
                salary_max=highest,
                publish_at=at - published * DAY,
                approved_at=at - 30 * DAY,
                closes_at=at + left * DAY,
                hours_per_week=Decimal("18.5") if patterns == ["part_time"] else Decimal(37),
            )
        make_vacancy(session, slug="closed", closes_at=at - DAY)
        make_vacancy(session, slug="scheduled", publish_at=at + 2 * DAY)
        make_vacancy(session, slug="draft", approved_at=None)
        make_vacancy(session, slug="cancelled", cancelled_at=at - DAY)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "abcde"),
        ({"family": ("social_work",)}, "ab"),
        ({"family": ("social_work", "management")}, "abe"),
        ({"team": ("send",)}, "cd"),
        ({"team": ("send", "mash")}, "abcde"),
        ({"team": ("nowhere",)}, "abcde"),
        ({"contract": ("fixed_term",)}, "c"),
        ({"pattern": ("part_time",)}, "bc"),
        ({"pattern": ("part_time", "job_share")}, "bcd"),
        ({"salary_from": 56_000}, "cde"),
        ({"salary_from": 56_001}, "de"),
        ({"q": "heron", "family": ("psychology",)}, "cd"),
        ({"q": "psychology"}, "cd"),
        ({"q": "all the vacancies"}, ""),
        ({"q": "the vacancies"}, "abcde"),
        ({"family": ("psychology",), "pattern": ("part_time",), "salary_from": 50_000}, "c"),
        ({"family": ("management",), "team": ("send",)}, ""),
        ({"sort": Sort.CLOSING}, "bdcea"),
        ({"sort": Sort.SALARY}, "edcba"),
        ({"sort": Sort.SALARY, "family": ("psychology",)}, "dc"),
    ],
)
def test_filters_and_orders(db, at, adverts, filters, expected):
    assert "".join(slugs(db, at, **filters)) == expected


def test_counts_beside_filters_say_what_each_choice_would_find(db, at, adverts):
    counts = page_of(db, at, family=("psychology",), pattern=("part_time",)).counts
    assert counts.total == 1
    assert counts.beside["family"] == {"social_work": 1, "psychology": 1}
    assert counts.beside["pattern"] == {"part_time": 1, "job_share": 1}
    assert counts.beside["team"] == {"send": 1}
    assert counts.without == {"family": 2, "pattern": 2}


def test_an_empty_result_knows_what_to_loosen(db, at, adverts):
    page = page_of(db, at, q="zebra", family=("psychology",))
    assert (page.rows, page.counts.total, page.counts.without) == ([], 0, {"q": 2, "family": 0})
    page = page_of(db, at, q="psychology", team=("mash",), salary_from=57_000)
    assert page.counts.without == {"q": 1, "team": 1, "salary_from": 0}


def many(db, at, number: int) -> None:
    with db.transaction() as session:
        team = make_team(session)
        for count in range(number):
            make_vacancy(
                session,
                team=team,
                criteria=[],
                slug=f"post-{count:04}",
                publish_at=at - count * timedelta(minutes=1),
            )


def test_pages_hold_twenty_five_and_each_advert_once(db, at):
    many(db, at, 60)
    pages = [page_of(db, at, page=number) for number in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [25, 25, 10]
    assert [page.has_next for page in pages] == [True, True, False]
    assert len({row.slug for page in pages for row in page.rows}) == 60
    assert pages[0].last == 3


def test_a_page_beyond_the_last_is_the_last(db, at):
    many(db, at, 30)
    page = page_of(db, at, page=1_000_000)
    assert (page.filters.page, len(page.rows), page.has_next) == (2, 5, False)


def test_beyond_what_is_counted_there_are_rows_without_counts(db, at):
    many(db, at, 60)
    with counting_to(59):
        page = page_of(db, at, page=2)
        assert (page.counts, page.last, len(page.rows), page.has_next) == (None, None, 25, True)
        assert page_of(db, at, page=1_000_000).rows == []
        assert [row.slug for row in page.rows] == [f"post-{number:04}" for number in range(25, 50)]
        assert page_of(db, at, q="zebra").counts.total == 0
        assert page_of(db, at, q="social worker").counts is None
        assert page_of(db, at, q="soical worker").meant.number is None
    with counting_to(60):
        assert page_of(db, at).counts.total == page_of(db, at, q="social worker").counts.total == 60


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"q": "heron"},
        {"q": "heron part time"},
        {
            "team": ("send",),
            "contract": ("permanent",),
            "pattern": ("part_time", "job_share"),
            "salary_from": 1,
        },
        {"page": 9},
    ],
)
def test_a_list_takes_three_statements(db, at, adverts, statements, filters):
    with statements() as found:
        page_of(db, at, **filters)
    assert len(found) <= 3, found


@pytest.mark.parametrize("typed", ["zebra", "hero", "🙂", "zebra part time", "herron"])
def test_what_finds_nothing_takes_few_more(db, at, adverts, statements, typed):
    with statements() as found:
        page_of(db, at, q=typed)
    assert len(found) <= 6, found


@ON_POSTGRESQL
def test_the_index_of_words_is_asked_only_among_many_open_adverts(db, at, adverts, statements):
    """It holds years of closed adverts: a common title would cost more with each of them."""
    with statements() as few:
        page_of(db, at, q="heron")
    assert [statement.count("coalesce(vacancies.vacancy_search,") for statement in few] == [0, 0, 1]
    with counting_to(4), statements() as many:
        page_of(db, at, q="heron")
    assert [statement.count("coalesce(vacancies.vacancy_search,") for statement in many] == [0, 0, 0]


def test_the_list_loads_no_entity(db, at, adverts):
    with db.reading() as session:
        search_vacancies(session, Filters(), at)
        assert not list(session)


def test_the_list_says_when_it_changes(db, at, adverts):
    assert page_of(db, at).changes_at == next_midnight(at)
    with db.transaction() as session:
        make_vacancy(session, slug="today", closes_at=at + timedelta(hours=3))
    assert page_of(db, at).changes_at == at + timedelta(hours=3)
