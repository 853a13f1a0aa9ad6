"""Best match first: the title before the facts before the text, on both databases alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.vacancies.demo import load_demo_vacancies
from portal.vacancies.options import JobFamily, RoleLevel, Sort
from tests.support.builders import make_team, make_vacancy
from tests.vacancies.search.asking import counting_to, page_of, slugs

MINUTE = timedelta(minutes=1)


@pytest.fixture
def demo(db, at):
    with db.transaction() as session:
        load_demo_vacancies(session, at)


FIRST_YEAR = ["newly-qualified-social-worker", "team-manager-assessment"]


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("asye", FIRST_YEAR),
        ("newly qualified", FIRST_YEAR),
        ("just qualified", FIRST_YEAR),
        ("graduate", FIRST_YEAR),
        (
            "part time psychologist",
            [
                "clinical-psychologist-children-in-care",
                "educational-psychologist",
                "senior-practitioner-children-in-care",
                "head-of-quality-and-practice",
                "team-manager-assessment",
            ],
        ),
        (
            "part time",
            [
                "senior-practitioner-children-in-care",
                "clinical-psychologist-children-in-care",
                "educational-psychologist",
                "head-of-quality-and-practice",
                "team-manager-assessment",
            ],
        ),
        (
            "manager",
            [
                "service-manager-care-and-leaving-care",
                "team-manager-assessment",
                "head-of-quality-and-practice",
                "social-worker-family-safeguarding",
                "newly-qualified-social-worker",
                "senior-practitioner-children-in-care",
                "clinical-psychologist-children-in-care",
            ],
        ),
        (
            "social worker",
            [
                "social-worker-family-safeguarding",
                "newly-qualified-social-worker",
                "head-of-quality-and-practice",
                "service-manager-care-and-leaving-care",
                "team-manager-assessment",
                "senior-practitioner-children-in-care",
                "clinical-psychologist-children-in-care",
            ],
        ),
        ("SCC-CS-2026-9005", ["educational-psychologist"]),
        ("scc/cs 2026 9005", ["educational-psychologist"]),
    ],
)
def test_the_demonstration_adverts_in_order_of_relevance(db, at, demo, typed, best):
    assert slugs(db, at, q=typed, exact=True) == best


@pytest.fixture
def herons(db, at):
    """Each has the word somewhere; those that should come first are the oldest."""
    with db.transaction() as session:
        plain = make_team(session)
        wetland = make_team(session, slug="heron", name="Heron")
        changes = (
            ("both", {"title": "Heron psychologist", "team": wetland}),
            ("title", {"title": "Heron psychologist"}),
            ("one-and-fact", {"title": "Psychologist", "team": wetland}),
            ("one", {"title": "Psychologist", "description": "Look after a heron."}),
            ("facts", {"title": "Keeper", "team": wetland, "family": JobFamily.PSYCHOLOGY}),
            ("fact", {"title": "Keeper", "team": wetland, "description": "Some psychology."}),
            ("text", {"title": "Keeper", "description": "Heron psychology."}),
            ("newer-text", {"title": "Keeper", "description": "Heron psychology."}),
        )
        for number, (slug, own) in enumerate(changes):
            published = at - timedelta(days=9) + number * MINUTE
            base = {"team": plain, "role_level": RoleLevel.ASSISTANT, "summary": "", "publish_at": published}
            make_vacancy(session, slug=slug, **{**base, **own})


def test_title_before_facts_before_text_before_date(db, at, herons):
    assert slugs(db, at, q="heron psychologist") == [
        "both",
        "title",
        "one-and-fact",
        "one",
        "facts",
        "fact",
        "newer-text",
        "text",
    ]


def test_another_order_can_be_asked_for(db, at, herons):
    newest = page_of(db, at, q="heron psychologist", sort=Sort.NEWEST)
    assert [row.slug for row in newest.rows][:2] == ["newer-text", "text"]
    assert (newest.order, newest.orders) == (Sort.NEWEST, list(Sort))


@pytest.mark.parametrize("filters", [{}, {"q": "the vacancies"}, {"sort": Sort.MATCH}])
def test_without_a_keyword_there_is_no_best_match(db, at, herons, filters):
    page = page_of(db, at, **filters)
    assert [row.slug for row in page.rows][:2] == ["newer-text", "text"]
    assert page.order is Sort.NEWEST
    assert Sort.MATCH not in page.orders


def test_the_order_holds_from_page_to_page(db, at):
    with db.transaction() as session:
        team = make_team(session)
        for number in range(60):
            title = "Heron keeper" if number % 3 == 0 else "Keeper"
            same = {
                "criteria": [],
                "team": team,
                "publish_at": at - timedelta(days=7),
                "description": "Heron.",
            }
            make_vacancy(session, title=title, slug=f"post-{number:02}", **same)
    rows = [row for number in (1, 2, 3) for row in page_of(db, at, q="heron", page=number).rows]
    assert [row.title for row in rows] == ["Heron keeper"] * 20 + ["Keeper"] * 40
    assert len({row.slug for row in rows}) == 60


def test_too_many_to_rank_come_newest_first_and_the_page_says_so(db, at, herons):
    with counting_to(7):
        page = page_of(db, at, q="heron psychologist")
    assert [row.slug for row in page.rows][:2] == ["newer-text", "text"]
    assert page.order is Sort.NEWEST
    assert Sort.MATCH not in page.orders
    assert page.filters.query() == "?q=heron+psychologist"


def test_a_ranked_page_takes_three_statements_of_one_shape(db, at, herons, statements):
    with statements() as first:
        page_of(db, at, q="heron psychologist")
    with statements() as second:
        page_of(db, at, q="nothing keeper", family=("social_work",))
        page_of(db, at, q="heron keeper")
    assert len(first) == 3
    assert first[-1] == second[-1]
