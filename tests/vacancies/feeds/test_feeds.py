"""Both feeds over HTTP, judged by their standards: what is in them, in which order, and for how long."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
import time_machine

from portal.core.page_cache import note_publication
from portal.vacancies.demo import load_demo_vacancies
from portal.vacancies.feeds.json_feed import FIELDS
from portal.vacancies.models import Vacancy
from portal.vacancies.options import JobFamily
from tests.support.atom_checker import ATOM, judge_atom
from tests.support.builders import make_team, make_vacancy
from tests.support.json_feed_checker import judge_json_feed
from tests.vacancies.feeds.texts import HARD
from tests.vacancies.search.asking import HOSTILE

DAY = timedelta(days=1)
SITE = "https://portal.example.org"
TAG = "tag:www.southampton.gov.uk,2026:vacancies"


def atom(client, query="") -> ET.Element:
    """The feed of a search, judged."""
    answer = client.get(f"/vacancies.atom{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    assert judge_atom(answer.data) == []
    return ET.fromstring(answer.data)


def jsonfeed(client, query="") -> dict:
    """The same as JSON, judged."""
    answer = client.get(f"/vacancies.json{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/feed+json")
    assert judge_json_feed(answer.data) == []
    return json.loads(answer.data)


def titles(client, query="") -> list[str]:
    """What both feeds list; they list the same."""
    of_atom = [entry.findtext(f"{ATOM}title") for entry in atom(client, query).findall(f"{ATOM}entry")]
    assert of_atom == [item["title"] for item in jsonfeed(client, query)["items"]]
    return of_atom


def links(feed, relation) -> list[str]:
    return [one.get("href") for one in feed.findall(f"{ATOM}link") if one.get("rel") == relation]


@pytest.fixture
def demo(db, at):
    with db.transaction() as session:
        load_demo_vacancies(session, at)


def make(db, **changes) -> Vacancy:
    with db.transaction() as session:
        return make_vacancy(session, **changes)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?family=psychology",
        "?q=part+time+senior+practitioner",
        "?q=AYSE&family=social_work",
        "?pattern=part_time&contract=fixed_term",
        "?salary_from=70000",
        "?team=assessment",
        "?q=zebra",
        "?family=wizard&sort=salary&team=no-such&x=1",
    ],
)
def test_a_feed_has_what_the_list_has(client, demo, query):
    listed = [card.text for card in client.get(f"/vacancies{query}").page.all("h3", class_="card__title")]
    found = [title.removesuffix(" (demonstration advert)") for title in titles(client, query)]
    assert sorted(found) == sorted(listed)


def test_an_entry_says_pay_place_and_closing_time(client, db, at):
    make(
        db,
        title="Lighthouse keeper",
        reference="SCC-CS-2026-0777",
        slug="keeper",
        hours_per_week=Decimal("18.5"),
    )
    feed = atom(client)
    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"{TAG}/SCC-CS-2026-0777"
    assert links(entry, "alternate") == [f"{SITE}/vacancies/keeper"]
    for words in (
        "£20,500 to £22,500 a year (£41,000 to £45,000 a year full time)",
        "Full time, 18.5 hours a week",
        "Permanent",
        "Assessment, Civic Centre, Southampton",
        "Closes at 10am on Monday 14 December 2026",
        "Work with families in a small, steady team.",
    ):
        assert words in entry.findtext(f"{ATOM}summary")
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Southampton City Council"
    assert links(feed, "license") == [
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    ]


def test_facts_are_numbers_and_codes_and_each_is_explained(client, db):
    make(db, hours_per_week=Decimal("18.5"), postcode="SO14 7LY")
    found = jsonfeed(client)["items"][0]["_vacancy"]
    assert list(found) == [name for name, _ in FIELDS]
    assert found["salary"] == {
        "currency": "GBP",
        "per": "year",
        "full_time": {"min": 41_000, "max": 45_000},
        "actual": {"min": 20_500, "max": 22_500},
    }
    assert found["hours_per_week"] == 18.5
    assert found["place"] == {"name": "Civic Centre, Southampton", "postcode": "SO14 7LY"}
    assert found["team"] == {"code": "assessment", "name": "Assessment"}
    assert found["closes_at"] == "2026-12-14T10:00:00Z"
    assert (found["demonstration"], found["asye_suitable"]) == (False, False)
    about = client.get("/vacancies-feeds").page
    assert [cell.text for cell in about.all("th", scope="row")] == list(found)


def test_changed_is_not_published_and_moves_with_an_edit(client, db, at):
    make(db, slug="post", publish_at=at - 3 * DAY, approved_at=at - 4 * DAY, updated_at=at - 5 * DAY)
    entry = atom(client).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}published") == entry.findtext(f"{ATOM}updated") == "2026-11-20T10:00:00Z"
    with db.transaction() as session:
        session.query(Vacancy).one().updated_at = at - timedelta(hours=1)
    feed = atom(client)
    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}published") == "2026-11-20T10:00:00Z"
    assert entry.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated") == "2026-11-23T09:00:00Z"
    item = jsonfeed(client)["items"][0]
    assert (item["date_published"], item["date_modified"]) == ("2026-11-20T10:00:00Z", "2026-11-23T09:00:00Z")


def test_what_is_not_open_is_not_in_it(client, db, at):
    for changes in (
        {"closes_at": at},
        {"closed_early_at": at - DAY},
        {"cancelled_at": at - DAY},
        {"publish_at": at + DAY},
        {"approved_at": None},
    ):
        make(db, title="Gone", **changes)
    make(db, title="Here")
    assert titles(client) == ["Here"]


def test_demonstrations_say_that_they_are(client, demo):
    feed = atom(client)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 8
    for entry in entries:
        assert entry.findtext(f"{ATOM}title").endswith("(demonstration advert)")
        assert "demonstration" in {one.get("term") for one in entry.findall(f"{ATOM}category")}
    items = jsonfeed(client)["items"]
    assert all(item["_vacancy"]["demonstration"] and "demonstration" in item["tags"] for item in items)


def test_an_empty_feed_is_a_feed(client, db, at):
    assert titles(client) == []
    assert atom(client).findtext(f"{ATOM}updated") == "2026-01-01T00:00:00Z"
    with db.transaction() as session:
        note_publication(session, at - DAY)
    assert atom(client).findtext(f"{ATOM}updated") == "2026-11-22T10:00:00Z"


def test_a_long_feed_comes_in_pages_that_lead_to_each_other(client, db, at):
    with db.transaction() as session:
        team = make_team(session)
        for number in range(205):
            make_vacancy(session, team=team, criteria=[], publish_at=at - timedelta(minutes=number + 1))
    seen, address = [], "?family=social_work&sort=salary"
    pages = 0
    while address is not None:
        feed = atom(client, address)
        entries = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
        assert entries == [item["id"] for item in jsonfeed(client, address)["items"]]
        assert feed.findtext(f"{ATOM}id") == f"{TAG}?family=social_work"
        following = links(feed, "next")
        assert jsonfeed(client, address).get("next_url") == (
            following[0].replace(".atom", ".json") if following else None
        )
        seen += entries
        pages += 1
        address = following[0].removeprefix(f"{SITE}/vacancies.atom") if following else None
    assert (pages, len(seen), len(set(seen))) == (3, 205, 205)
    assert links(atom(client, "?page=3"), "previous") == [f"{SITE}/vacancies.atom?page=2"]
    assert titles(client, "?page=1000000") == []


@pytest.mark.parametrize("words", HARD, ids=range(len(HARD)))
def test_whatever_an_advert_says_its_feeds_are_right(client, db, words):
    stored = words.replace("\ufffe", "")
    make(db, title=stored[:100], summary=stored, location_base=stored[:120])
    assert len(titles_only(client)) == 1


def titles_only(client) -> list[str]:
    """Titles of the JSON feed; both are judged."""
    atom(client)
    return [item["title"] for item in jsonfeed(client)["items"]]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_asked_there_is_a_feed(client, demo, typed):
    typed = typed.encode("utf-8", "replace").decode()[:1900]
    asked = {"q": typed, "team": typed, "page": typed, "salary_from": typed}
    for path, judge in (("/vacancies.atom", judge_atom), ("/vacancies.json", judge_json_feed)):
        answer = client.get(path, query_string=asked)
        assert (answer.status_code, judge(answer.data)) == (200, [])


def test_feeds_are_kept_asked_for_again_and_end_with_their_adverts(make_app, make_client, db, at):
    make(db, title="Lighthouse keeper", closes_at=at + timedelta(seconds=20), family=JobFamily.MANAGEMENT)
    client = make_client(make_app(page_cache_seconds=60))
    paths = ("/vacancies.atom?family=management", "/vacancies.json")
    for path in paths:
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert b"Lighthouse" in answer.data
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    with time_machine.travel(at + timedelta(seconds=20), tick=False):
        for path in paths:
            assert b"Lighthouse" not in client.get(path).data


def test_pages_name_the_feeds_of_their_search(client, demo):
    for path, query in (
        ("/vacancies?sort=salary&page=1", ""),
        ("/vacancies?family=psychology&sort=closing", "?family=psychology"),
        ("/vacancies/educational-psychologist-demonstration?q=psychologist&sort=closing", "?q=psychologist"),
    ):
        found = client.get(path).page.all("link", rel="alternate")
        assert [(link["type"], link["href"]) for link in found] == [
            ("application/atom+xml", f"/vacancies.atom{query}"),
            ("application/feed+json", f"/vacancies.json{query}"),
        ]
        for link in found:
            assert client.get(link["href"]).mimetype == link["type"]


def test_a_feed_costs_few_statements(client, demo, statements):
    for path in ("/vacancies.atom?q=asye", "/vacancies.json?family=social_work"):
        with statements() as found:
            client.get(path)
        assert len(found) <= 2, found
