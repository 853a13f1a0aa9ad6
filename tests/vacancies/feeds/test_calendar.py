"""The dates of an advert for a calendar, judged by RFC 5545 and read by another reader than wrote them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal.vacancies.models import Vacancy
from tests.support.builders import make_vacancy
from tests.support.calendar_checker import judge_calendar, read_calendar
from tests.vacancies.feeds.texts import HARD

DAY = timedelta(days=1)


def events(client, slug) -> list:
    """The events of an advert, its calendar judged."""
    answer = client.get(f"/vacancies/{slug}.ics")
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert judge_calendar(answer.data) == []
    return read_calendar(answer.data).parts


def make(db, **changes) -> str:
    with db.transaction() as session:
        return make_vacancy(session, **changes).slug


def test_closing_time_and_interviews(client, db, at):
    slug = make(
        db,
        title="Lighthouse keeper",
        reference="SCC-CS-2026-0777",
        closes_at=datetime(2026, 12, 13, 23, 59, tzinfo=UTC),
        interview_dates=["2026-12-21", "2026-12-22"],
    )
    closing, first, second = events(client, slug)
    assert closing.value("DTSTART") == "20261213T235900Z"
    assert closing.value("SUMMARY") == "Closing: Lighthouse keeper"
    assert closing.value("UID") == "scc-cs-2026-0777-closing@www.southampton.gov.uk"
    assert closing.value("URL") == f"https://portal.example.org/vacancies/{slug}"
    assert closing.parts[0].value("TRIGGER") == "-P2D"
    assert ("DTSTART", ";VALUE=DATE", "20261221") in first.said
    assert ("DTEND", ";VALUE=DATE", "20261223") in second.said
    assert first.value("LOCATION") == "Civic Centre\\, Southampton"


@pytest.mark.parametrize(
    ("closes", "shown"),
    [
        (datetime(2026, 12, 13, 23, 59, tzinfo=UTC), "20261213T235900Z"),  # winter: London is UTC
        (datetime(2027, 6, 1, 22, 59, tzinfo=UTC), "20270601T225900Z"),  # summer: 11:59pm in London
        (datetime(2026, 12, 14, 0, 0, tzinfo=UTC), "20261213T235900Z"),  # midnight ends the day before
        (datetime(2027, 5, 31, 23, 0, tzinfo=UTC), "20270531T225900Z"),  # midnight in summer
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "20270328T010000Z"),  # as clocks go forward
    ],
)
def test_the_instant_is_right_summer_and_winter(client, db, closes, shown):
    assert events(client, make(db, closes_at=closes))[0].value("DTSTART") == shown


def test_an_extension_moves_the_same_event_on(client, db, at):
    slug = make(db)
    before = events(client, slug)[0]
    with db.transaction() as session:
        vacancy = session.query(Vacancy).one()
        vacancy.closes_at, vacancy.updated_at = vacancy.closes_at + DAY, at
    after = events(client, slug)[0]
    assert after.value("UID") == before.value("UID")
    assert int(after.value("SEQUENCE")) > int(before.value("SEQUENCE"))
    assert after.value("DTSTART") > before.value("DTSTART")


def test_a_cancelled_advert_strikes_its_dates_out(client, db, at):
    slug = make(db, cancelled_at=at - timedelta(hours=1), interview_dates=["2026-12-21"])
    assert {event.value("STATUS") for event in events(client, slug)} == {"CANCELLED"}


@pytest.mark.parametrize("changes", [{"approved_at": None}, {"publish_at": DAY}])
def test_what_was_never_published_has_no_calendar(client, db, at, changes):
    slug = make(db, **{name: value and at + value for name, value in changes.items()})
    assert client.get(f"/vacancies/{slug}.ics").status_code == 404


@pytest.mark.parametrize("words", HARD, ids=range(len(HARD)))
def test_whatever_an_advert_says_its_calendar_is_right(client, db, words):
    slug = make(
        db, title=words.replace("\ufffe", "")[:100], location_base=words[:100], interview_dates=["2026-12-21"]
    )
    assert len(events(client, slug)) == 2


def test_it_is_the_same_every_time_and_linked_while_it_is_of_use(make_app, make_client, db, at):
    slug = make(db, closes_at=at + DAY)
    client = make_client(make_app(page_cache_seconds=60))
    first = client.get(f"/vacancies/{slug}.ics")
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        assert client.get(f"/vacancies/{slug}.ics").headers["ETag"] == first.headers["ETag"]
        assert f"/vacancies/{slug}.ics" in client.get(f"/vacancies/{slug}").page.links()
    with time_machine.travel(at + 2 * DAY, tick=False):
        assert f"/vacancies/{slug}.ics" not in client.get(f"/vacancies/{slug}").page.links()
