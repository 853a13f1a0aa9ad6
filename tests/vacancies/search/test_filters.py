"""The filters of the list, to and from an address: any query string gives a sane search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from portal.vacancies.options import Sort
from portal.vacancies.search.filters import LAST_PAGE, Filters


def read(query: str) -> Filters:
    return Filters.from_arguments(Request(EnvironBuilder(query_string=query).get_environ()).args)


def test_everything_the_contract_names_is_read():
    filters = read(
        "q=asye&family=psychology&family=social_work&team=mash&contract=fixed_term&pattern=part_time"
        "&salary_from=40000&page=3&sort=closing"
    )
    assert filters == Filters(
        q="asye",
        family=("social_work", "psychology"),
        team=("mash",),
        contract=("fixed_term",),
        pattern=("part_time",),
        salary_from=40_000,
        page=3,
        sort=Sort.CLOSING,
    )


@pytest.mark.parametrize(
    "query",
    [
        "family=wizard",
        "contract=&pattern=%00",
        "sort=random",
        "salary_from=lots",
        "salary_from=",
        "page=0",
        "nonsense=1",
    ],
)
def test_what_is_not_known_is_ignored(query):
    assert read(query) == Filters()


@pytest.mark.parametrize(
    ("query", "order", "address"),
    [
        ("", Sort.NEWEST, ""),
        ("sort=newest", Sort.NEWEST, ""),
        ("sort=match", Sort.NEWEST, ""),
        ("sort=closing", Sort.CLOSING, "?sort=closing"),
        ("q=asye", Sort.MATCH, "?q=asye"),
        ("q=asye&sort=match", Sort.MATCH, "?q=asye"),
        ("q=asye&sort=newest", Sort.NEWEST, "?q=asye&sort=newest"),
        ("q=asye&sort=salary", Sort.SALARY, "?q=asye&sort=salary"),
    ],
)
def test_the_default_order_stays_out_of_the_address(query, order, address):
    filters = read(query)
    assert (filters.order, filters.query()) == (order, address)


def test_the_default_order_changes_with_the_keyword():
    assert read("q=asye&sort=newest").without("q") == Filters()
    assert read("q=asye").without("q").order is Sort.NEWEST
    assert read("q=asye&sort=closing").sorted_by(Sort.MATCH).query() == "?q=asye"
    assert read("sort=closing").sorted_by(Sort.MATCH) == Filters()


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("1000000000", LAST_PAGE),
        ("9" * 4000, LAST_PAGE),
        ("²", 1),
        ("٣", 1),
        ("-1", 1),
        ("0", 1),
        ("2.5", 1),
        ("1e9", 1),
        ("", 1),
        (" 2", 2),
    ],
)
def test_any_page_number_is_sane(typed, page):
    assert Filters.from_arguments(MultiDict({"page": typed})).page == page


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("£35,000", 35_000), ("35 000", 35_000), ("0", None), ("-5", None), ("9" * 40, 250_000), ("４０", None)],
)
def test_an_amount_is_read_however_it_is_typed(typed, amount):
    assert Filters.from_arguments(MultiDict({"salary_from": typed})).salary_from == amount


def test_a_keyword_keeps_what_can_be_shown():
    assert read("q=%20%20social%0A%09work%00er%20").q == "social worker"
    assert len(read("q=" + "a" * 10_000).q) == 200


def test_the_same_search_has_one_address():
    first = read("page=2&sort=salary&pattern=job_share&pattern=full_time&q=a+b&family=management&bogus=1")
    assert first.query() == "?q=a+b&family=management&pattern=full_time&pattern=job_share&sort=salary&page=2"
    assert Filters().query() == ""
    assert first.without("q").query() == "?family=management&pattern=full_time&pattern=job_share&sort=salary"
    assert (
        first.without("pattern", "job_share").query()
        == "?q=a+b&family=management&pattern=full_time&sort=salary"
    )
    assert (
        first.sorted_by(Sort.MATCH).query() == "?q=a+b&family=management&pattern=full_time&pattern=job_share"
    )


names = st.sampled_from(["q", "family", "team", "contract", "pattern", "salary_from", "page", "sort"])
values = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["psychology", "part_time", "permanent", "salary", "match", "newest", "2"]),
)


@given(pairs=st.lists(st.tuples(names, values), max_size=12))
def test_an_address_written_from_filters_reads_back_the_same(pairs):
    filters = Filters.from_arguments(MultiDict(pairs))
    assert read(filters.query().removeprefix("?")) == filters
