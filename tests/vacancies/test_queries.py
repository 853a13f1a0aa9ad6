"""One advert, and the figures that other pages show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.vacancies.options import Importance, JobFamily
from portal.vacancies.queries import (
    next_change_at,
    number_of_open,
    open_addresses,
    open_counts,
    published_advert,
    vacancy_by_slug,
)
from tests.support.builders import make_criterion, make_vacancy

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


def test_an_advert_with_team_and_criteria_takes_one_statement(db, at, adverts, statements):
    with statements() as found, db.reading() as session:
        advert = published_advert(session, "post", at)
        assert advert.vacancy.team.name == "Assessment"
        assert [(line.importance, line.assessed_by) for line in advert.criteria] == [
            (Importance.ESSENTIAL, ["application"])
        ] * 2
    assert len(found) == 1, found


def test_criteria_come_in_their_order_and_as_they_were_written(db, at):
    wordings = ["عمر 👩‍👩‍👧 “quoted”", 'a "b" \\ c', "</script>]]>", "x" * 500]
    with db.transaction() as session:
        lines = [
            make_criterion(9 - number, wording=wording, importance=Importance.DESIRABLE, assessed_by=[])
            for number, wording in enumerate(wordings)
        ]
        make_vacancy(session, slug="post", criteria=lines)
        make_vacancy(session, slug="none", criteria=[])
    with db.reading() as session:
        found = published_advert(session, "post", at).criteria
        assert [line.wording for line in found] == wordings[::-1]
        assert {(line.importance, tuple(line.assessed_by)) for line in found} == {(Importance.DESIRABLE, ())}
        assert published_advert(session, "none", at).criteria == []


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
        assert (published_advert(session, slug, at) is not None) is there


def test_figures_for_other_pages(db, at, adverts):
    with db.reading() as session:
        assert open_counts(session, at) == {"social_work": 3, "psychology": 0, "management": 0}
        assert number_of_open(session, at) == 3
        listed = open_addresses(session, at, skipped=0, most=2)
        assert [address.slug for address in listed] == ["post", "older"]
        assert [address.slug for address in open_addresses(session, at, skipped=2, most=2)] == ["oldest"]
        assert listed[0].changed_at == at - 1 * DAY, "published after the last work on it"
        assert next_change_at(session, at) == at + 2 * DAY
        assert next_change_at(session, at + 2 * DAY) == at + 6 * DAY
        assert open_counts(session, at + 400 * DAY) == {"social_work": 0, "psychology": 0, "management": 0}
        assert next_change_at(session, at + 400 * DAY) is None
