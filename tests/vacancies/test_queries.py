"""One advert, and the figures that other pages show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.vacancies.options import JobFamily
from portal.vacancies.queries import next_change_at, open_counts, open_slugs, vacancy_by_slug
from tests.support.builders import make_vacancy

DAY = timedelta(days=1)


@pytest.fixture
def adverts(db, at):
    """Three open adverts, and one of each kind that is not open."""
    with db.transaction() as session:
        for number, slug in enumerate(("post", "older", "oldest")):
            dates = {"publish_at": at - (1 + number) * DAY, "closes_at": at + (6 + number) * DAY}
            make_vacancy(session, slug=slug, **dates)
        make_vacancy(session, slug="closed", closes_at=at - DAY)
        make_vacancy(session, slug="scheduled", publish_at=at + 2 * DAY, family=JobFamily.PSYCHOLOGY)
        make_vacancy(session, slug="draft", approved_at=None)
        make_vacancy(session, slug="cancelled", cancelled_at=at - DAY)


def test_an_advert_takes_two_statements(db, at, adverts, statements):
    with statements() as found, db.reading() as session:
        vacancy = vacancy_by_slug(session, "post", at)
        assert (vacancy.team.name, len(vacancy.criteria)) == ("Assessment", 2)
    assert len(found) == 2, found


@pytest.mark.parametrize(
    ("slug", "there"),
    [
        ("post", True),
        ("closed", True),
        ("cancelled", True),
        ("scheduled", False),
        ("draft", False),
        ("nothing", False),
    ],
)
def test_the_public_finds_what_was_published(db, at, adverts, slug, there):
    with db.reading() as session:
        assert (vacancy_by_slug(session, slug, at) is not None) is there


def test_figures_for_other_pages(db, at, adverts):
    with db.reading() as session:
        assert open_counts(session, at) == {"social_work": 3, "psychology": 0, "management": 0}
        assert open_slugs(session, at) == ["post", "older", "oldest"]
        assert next_change_at(session, at) == at + 2 * DAY
        assert next_change_at(session, at + 2 * DAY) == at + 6 * DAY
        assert open_counts(session, at + 400 * DAY) == {"social_work": 0, "psychology": 0, "management": 0}
        assert next_change_at(session, at + 400 * DAY) is None
