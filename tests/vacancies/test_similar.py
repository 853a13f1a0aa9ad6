"""Similar vacancies: which, in which order, on open and closed adverts, at what cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from portal.core.page_cache import note_publication
from portal.vacancies.models import Vacancy
from portal.vacancies.options import JobFamily, RoleLevel
from portal.vacancies.similar import similar_vacancies
from tests.support.builders import make_team, make_vacancy

DAY = timedelta(days=1)


@pytest.fixture
def adverts(db, at):
    """One social worker's advert, and others that are more and less like it."""
    with db.transaction() as session:
        other = make_team(session, slug="mash", name="MASH")
        for slug, changes in (
            ("this", {}),
            ("same-team-same-level", {}),
            ("same-team-head", {"role_level": RoleLevel.HEAD_OF_SERVICE, "working_patterns": ["part_time"]}),
            ("other-team-same-level", {"team": other}),
            ("other-team-part-time", {"team": other, "working_patterns": ["part_time"]}),
            ("other-team-one-up", {"team": other, "role_level": RoleLevel.EXPERIENCED_SOCIAL_WORKER}),
            ("other-team-head", {"team": other, "role_level": RoleLevel.HEAD_OF_SERVICE}),
            ("psychologist", {"family": JobFamily.PSYCHOLOGY}),
            ("closed", {"closes_at": at}),
            ("scheduled", {"publish_at": at + DAY}),
            ("cancelled", {"cancelled_at": at - DAY}),
        ):
            make_vacancy(session, slug=slug, title=f"Post {slug}", **changes)


def similar(db, slug, at) -> list[str]:
    with db.reading() as session:
        vacancy = session.query(Vacancy).filter_by(slug=slug).one()
        return [other.slug for other in similar_vacancies(session, vacancy, at)]


def test_the_nearest_come_first_and_only_four_of_the_family(db, at, adverts):
    assert similar(db, "this", at) == [
        "same-team-same-level",
        "other-team-same-level",
        "other-team-one-up",
        "other-team-part-time",
    ]


def test_the_same_adverts_always_come_in_the_same_order(db, at, adverts):
    first = similar(db, "this", at)
    assert all(similar(db, "this", at) == first for _ in range(3))


def test_far_away_is_not_similar(db, at, adverts):
    assert "this" not in similar(db, "other-team-head", at)
    assert similar(db, "psychologist", at) == []


def shown(client, slug) -> list[str]:
    return [link["href"] for link in client.get(f"/vacancies/{slug}").page.all("a", class_="similar__title")]


def test_a_closed_advert_shows_them_first(client, db, at, adverts):
    with time_machine.travel(at, tick=False):
        page = client.get("/vacancies/closed").page
        headings = [heading.text for heading in page.main.all("h2")]
        assert headings[:2] == ["Closed", "Similar vacancies"]
        assert "/vacancies/this" in shown(client, "closed")
        page = client.get("/vacancies/this").page
        assert [heading.text for heading in page.main.all("h2")][-1:] == ["Similar vacancies"]
        assert "/vacancies/this" not in page.links()


def test_without_any_the_list_is_linked(client, db, at, adverts):
    with time_machine.travel(at, tick=False):
        page = client.get("/vacancies/psychologist").page
        assert "No other vacancy is near this one today" in page.main.text
        assert "/alerts/new?family=psychology" in page.links()


def test_an_alert_begins_with_the_kind_of_work_and_the_hours(client, db, at, adverts):
    with time_machine.travel(at, tick=False):
        links = client.get("/vacancies/other-team-part-time").page.links()
        assert "/alerts/new?family=social_work&pattern=part_time" in links


@pytest.mark.usefixtures("adverts")
def test_an_advert_takes_two_statements(client, at, statements):
    with time_machine.travel(at, tick=False):
        with statements() as found:
            client.get("/vacancies/this")
        assert len(found) == 2, found


@pytest.mark.usefixtures("adverts")
def test_it_takes_none_once_it_is_kept(make_app, make_client, at, statements):
    with time_machine.travel(at, tick=False):
        kept = make_client(make_app(page_cache_seconds=60))
        kept.get("/vacancies/this?page=1")
        with statements() as found:
            kept.get("/vacancies/this?page=2")
        besides = [one for one in found if "FROM publications" not in one]  # looked at once a second
        assert not besides, found


def test_what_is_kept_goes_when_it_closes_or_something_is_published(make_app, make_client, db, at, adverts):
    app = make_app(page_cache_seconds=60)
    client = make_client(app)
    with db.transaction() as session:
        soon = session.query(Vacancy).filter_by(slug="same-team-same-level").one()
        soon.closes_at = at + timedelta(seconds=10)
    with time_machine.travel(at, tick=False):
        assert shown(client, "this")[0] == "/vacancies/same-team-same-level"
    with time_machine.travel(at + timedelta(seconds=10), tick=False):
        assert "/vacancies/same-team-same-level" not in shown(client, "this")
        with db.transaction() as session:
            session.query(Vacancy).filter_by(slug="other-team-same-level").one().cancelled_at = at
            note_publication(session, at)
        app.extensions["portal.page_cache"].looked_at = 0.0  # as if a second had passed
        assert "/vacancies/other-team-same-level" not in shown(client, "this")
