"""The number beside each choice is what the page has that the choice leads to, whatever is chosen already."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import reduce
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.clock import london_instant
from portal.vacancies.options import ContractType, JobFamily, Offer, RoleLevel, Sort
from portal.vacancies.search.counting import COUNTABLE
from portal.vacancies.search.filters import BOXES, SALARY_STEPS, Filters
from portal.vacancies.search.queries import Search, search_vacancies
from portal.vacancies.wording import last_day
from tests.support.builders import AT, make_team, make_vacancy
from tests.vacancies.search.asking import page_of, slugs

DAY = timedelta(days=1)
TEAMS = ("mash", "send", "lado")
TITLES = ("Heron keeper", "Heron ringer", "Badger keeper")
LEVELS = (RoleLevel.SOCIAL_WORKER, RoleLevel.SENIOR_PRACTITIONER, RoleLevel.TEAM_MANAGER)


@pytest.fixture
def mixture(db):
    """Forty-eight adverts that differ in all that filters look at, each trait in its own rhythm."""
    with db.transaction() as session:
        teams = [make_team(session, slug=slug, name=slug.upper()) for slug in TEAMS]
        for number, (family, title) in enumerate(product([*JobFamily, JobFamily.PSYCHOLOGY], TITLES * 4)):
            lowest = 24_000 + 1_700 * (number * 7 % 31)
            make_vacancy(
                session,
                criteria=[],
                title=title,
                family=family,
                team=teams[number % 3],
                role_level=LEVELS[number // 2 % 3],
                contract_type=list(ContractType)[number * 5 % 4],
                working_patterns=(["full_time", "part_time"], ["job_share"], ["part_time"])[number * 2 % 3],
                flexible=(["hybrid"], [], ["hybrid", "compressed"], ["office_based"])[number % 4],
                asye_suitable=number % 5 == 0,
                visa_sponsorship=list(Offer)[number % 7 % 3],
                salary_min=lowest,
                salary_max=lowest + 500 * (number % 9),
                publish_at=AT - (1 + number * 11 % 13) * DAY,
                closes_at=AT + (1 + number % 17) * DAY,
            )


some = {
    name: st.sets(st.sampled_from([*options]), max_size=2).map(tuple)
    for name, options in BOXES.items()
    if options
}
filters_in_use = st.builds(
    Filters,
    q=st.sampled_from(["", "heron", "keeper heron", "part time keeper", "zebra", "heron £40k"]),
    exact=st.booleans(),
    team=st.sets(st.sampled_from(TEAMS), max_size=2).map(tuple),
    salary_from=st.sampled_from([None, None, 40_000, 41_234]),
    salary_to=st.sampled_from([None, None, 50_000, 47_001]),
    **some,
)


loosened = st.builds(
    lambda filters, names: reduce(Filters.without, names, filters),
    filters_in_use,
    st.sets(st.sampled_from([*BOXES]), min_size=6),
)


@given(chosen=loosened, name=st.sampled_from(COUNTABLE))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_count_is_what_choosing_it_finds(db, at, mixture, chosen, name):
    with db.reading() as session:
        page = search_vacancies(session, chosen, at)
        options = SALARY_STEPS if name in ("salary_from", "salary_to") else [*BOXES[name]] or TEAMS
        for option in options:
            value = option if name in ("salary_from", "salary_to") else (option,)
            found = search_vacancies(session, replace(page.filters, **{name: value}), at)
            crossed = page.filters.salary_from or page.filters.salary_to
            if name in ("salary_from", "salary_to") and crossed:
                continue  # the two stand in their order, so another than this may have been set
            assert page.counts.beside[name].get(str(option), 0) == found.counts.total, (option, page.filters)
        for used, count in page.counts.without.items():
            assert count == search_vacancies(session, page.filters.without(used), at).counts.total


@given(chosen=loosened, order=st.sampled_from(Sort), number=st.sampled_from([1, 2]))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_page_from_memory_is_the_page_that_the_database_gives(db, at, mixture, *, chosen, order, number):
    """Both ways to a page exist: with few open adverts they are remembered, with many they are asked for."""
    with db.reading() as session:
        search = Search(session, replace(chosen, sort=order, page=number), at, None)
        page = search.page()
        assert search.whole is not None
        search.whole = None
        asked = search.rows(page.order, few=True) if page.counts.total else []
    assert page.rows == asked[: len(page.rows)]
    assert page.has_next == (len(asked) > len(page.rows))


def test_the_newer_filters_find_what_they_say(db, at, mixture):
    for filters, number in (
        ({"asye": ("yes",)}, 10),
        ({"flexible": ("hybrid",)}, 24),
        ({"flexible": ("compressed",)}, 12),
        ({"level": ("team_manager",)}, 16),
        ({"sponsorship": ("yes", "considered")}, 34),
    ):
        assert (filters, page_of(db, at, **filters).counts.total) == (filters, number)


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"),
    [
        (None, 29_999, ""),
        (None, 30_000, "a"),
        (35_000, None, "abc"),
        (35_001, None, "bc"),
        (36_000, 44_999, "b"),
        (36_000, 45_000, "bc"),
        (45_000, 36_000, "bc"),
    ],
)
def test_a_band_of_pay_finds_what_overlaps_it(db, at, lowest, highest, expected):
    with db.transaction() as session:
        for slug, bottom, top in (("a", 30_000, 35_000), ("b", 36_000, 44_000), ("c", 45_000, 60_000)):
            make_vacancy(session, slug=slug, salary_min=bottom, salary_max=top)
    assert "".join(sorted(slugs(db, at, salary_from=lowest, salary_to=highest))) == expected


def test_within_a_week_is_by_the_calendar_and_changes_at_midnight(db, at):
    """On Monday the 23rd: what closes on Monday the 30th, at its last minute included."""
    monday = last_day(at) + 7 * DAY
    with db.transaction() as session:
        for slug, day, hour in (
            ("monday", monday, 23),
            ("midnight", monday + DAY, 0),
            ("tuesday", monday + DAY, 1),
        ):
            closes = london_instant(day, at.time().replace(hour=hour))
            make_vacancy(session, slug=slug, closes_at=closes)
    page = page_of(db, at, closing=("week",))
    assert {row.slug for row in page.rows} == {"monday", "midnight"}
    assert page.counts.beside["closing"] == {"week": 2}
    just_before = page.changes_at - timedelta(seconds=1)
    assert page_of(db, just_before, closing=("week",)).counts.total == 2
    assert page_of(db, page.changes_at, closing=("week",)).counts.total == 3
