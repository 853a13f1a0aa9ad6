"""The search over HTTP: what was understood is shown, can be undone, and stays with every link."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from portal.vacancies.demo import load_demo_vacancies
from tests.support.builders import make_team, make_vacancy
from tests.vacancies.search.asking import found, page_of

DAY = timedelta(days=1)
AS_TYPED = "Search for the words exactly as typed instead"


@pytest.fixture(autouse=True)
def _monday(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def demo(db, at):
    with db.transaction() as session:
        load_demo_vacancies(session, at)


def links(answer) -> dict[str, str]:
    return {link.text: link["href"] for link in answer.page.main.all("a")}


def titles(answer) -> list[str]:
    return [card.text for card in answer.page.all("h3", class_="card__title")]


def heading(answer) -> str:
    return answer.page.by_id("found").text


def test_words_that_are_filters_are_shown_as_such_and_can_be_undone(client, demo):
    answer = client.get("/vacancies?q=part+time+psychologist")
    assert heading(answer) == "3 vacancies for “psychologist”"
    assert titles(answer)[:2] == ["Clinical psychologist, children in care", "Educational psychologist"]
    assert "We took “part time” as a filter." in answer.page.main.text
    assert answer.page.by_id("q")["value"] == "psychologist"
    assert answer.page.by_id("pattern-part_time").get("checked") is not None
    there = links(answer)
    assert there["Remove filter: Part time ×"] == "/vacancies?q=psychologist"
    assert there["Remove filter: “psychologist” ×"] == "/vacancies?pattern=part_time"
    assert there["Closing soonest"] == "/vacancies?q=psychologist&pattern=part_time&sort=closing"
    exact = client.get(there[AS_TYPED])
    assert there[AS_TYPED] == "/vacancies?q=part+time+psychologist&exact=1"
    assert heading(exact) == "5 vacancies for “part time psychologist”"
    assert (
        links(exact)["Take “part time” as a filter instead"] == "/vacancies?q=psychologist&pattern=part_time"
    )
    assert titles(client.get(links(exact)["Take “part time” as a filter instead"])) == titles(answer)


def test_the_understood_search_has_the_address_of_the_same_search_by_boxes(client, demo):
    by_words = client.get("/vacancies?q=part+time+psychologist")
    by_boxes = client.get("/vacancies?q=psychologist&pattern=part_time")
    assert AS_TYPED not in by_boxes.page.main.text
    assert {text: url for text, url in links(by_words).items() if text != AS_TYPED} == links(by_boxes)


def test_exactly_these_words_stay_so_on_every_way(client, db, demo):
    with db.transaction() as session:
        team = make_team(session)
        for number in range(30):
            make_vacancy(session, team=team, criteria=[], title=f"Hybrid heron {number}")
    answer = client.get("/vacancies?q=hybrid+heron&exact=1&family=social_work")
    there = links(answer)
    for text in ("Remove filter: Social work ×", "Newest first", "Next page 2 of 2 →", "Hybrid heron 29"):
        assert "q=hybrid+heron&exact=1" in there[text], text
    assert there["Remove filter: “hybrid heron” ×"] == "/vacancies?family=social_work"
    assert answer.page.by_id("exact").get("checked") is not None
    back = client.get(there["Hybrid heron 29"]).page.first("a", class_="govuk-back-link")
    assert back["href"] == "/vacancies?q=hybrid+heron&exact=1&family=social_work"
    second = client.get(there["Next page 2 of 2 →"])
    assert len(titles(second)) == 5
    assert 'name="exact"' not in client.get("/vacancies?q=heron&exact=1").text


def test_where_filters_would_find_nothing_the_words_are_searched_for(client, db):
    with db.transaction() as session:
        make_vacancy(
            session, title="Social worker", description="You need no visa; we are all hybrid herons."
        )
    answer = client.get("/vacancies?q=hybrid+herons")
    assert titles(answer) == ["Social worker"]
    assert "Nothing is open with “hybrid” as a filter" in answer.page.main.text
    assert links(answer)["Social worker"].endswith("?q=hybrid+herons&exact=1")
    assert "exact=1" not in client.get("/vacancies?q=hybrid+zebras").text.replace(
        "/vacancies?q=hybrid+zebras&amp;exact=1", ""
    )


def test_a_search_is_never_turned_into_nothing(db, at):
    with db.transaction() as session:
        make_vacancy(
            session, title="Permanence worker", description="A permanent home, part time, £40k raised."
        )
    for typed in ("part time", "£40k worker", "permanent", "a part time job", "worker full time permanent"):
        exact = page_of(db, at, q=typed, exact=True)
        assert len(found(db, at, typed)) >= min(1, len(exact.rows)), typed


@pytest.mark.parametrize(
    ("typed", "meant", "number"),
    [
        ("physcologist", "psychologist", 6),
        ("socail worker", "social worker", 7),
        ("educatonal psychologist", "educational psychologist", 1),
        ("part tme psycologist", "part time psychologist", 3),
    ],
)
def test_a_misspelling_is_offered_with_what_it_finds(client, demo, typed, meant, number):
    answer = client.get("/vacancies", query_string={"q": typed})
    assert titles(answer) == []
    assert f"Did you mean {meant}?" in answer.page.main.text
    there = client.get(links(answer)[meant])
    assert len(titles(there)) == number
    assert heading(there).startswith(f"{number} vacanc")


@pytest.mark.parametrize("typed", ["zebra", "xyz", "qqqqqqqqqqqq", "1234567", "🙂", "worker zebra"])
def test_what_is_like_nothing_is_not_guessed_at(client, demo, typed):
    answer = client.get("/vacancies", query_string={"q": typed})
    assert "Did you mean" not in answer.page.main.text


def test_a_misspelling_is_not_offered_where_it_would_find_nothing(client, demo):
    answer = client.get("/vacancies?q=physcologist&family=management&team=educational-psychology")
    assert "Did you mean" not in answer.page.main.text
    assert "Look at every kind of work" not in answer.page.main.text


def test_nothing_found_offers_an_alert_and_feeds_of_the_same_search(client, demo):
    answer = client.get("/vacancies?q=zebra&family=psychology&sort=closing&page=4")
    there = links(answer)
    address = there["Get an email when a vacancy like this is advertised"]
    assert address == "/alerts/new?q=zebra&family=psychology"
    assert there["Atom feed"] == "/vacancies.atom?q=zebra&family=psychology"
    assert there["JSON feed"] == "/vacancies.json?q=zebra&family=psychology"
    feeds = [link["href"] for link in answer.page.all("link", rel="alternate")]
    assert feeds == ["/vacancies.atom?q=zebra&family=psychology", "/vacancies.json?q=zebra&family=psychology"]
    whole = links(client.get("/vacancies?sort=closing"))
    assert (whole["Email me new vacancies"], whole["Atom feed"]) == ("/alerts/new", "/vacancies.atom")
    assert (
        links(client.get("/vacancies?asye=yes"))["Email me new vacancies like these"]
        == "/alerts/new?asye=yes"
    )


def test_the_form_offers_counts_beside_everything(client, demo):
    form = client.get("/vacancies").page.first("form")
    said = form.text
    for words in (
        "Hybrid working (8 found)",
        "Sponsorship considered (4 found)",
        "Closes within a week (1 found)",
    ):
        assert words in said, words
    assert "£70,000 or more (2)" in said
    assert "Office-based" not in said


@pytest.mark.parametrize(
    "query",
    [
        "page=1000000000",
        "page=9223372036854775808&salary_from=9223372036854775808&salary_to=-9223372036854775808",
        "page=%C2%B2&salary_to=%C2%B2&closing=%C2%B2",
        "q=%00&exact=%00&level=%00",
        "q=%ED%A0%80&team=%ED%A0%80&flexible=%ED%A0%80",
        "exact=1&exact=2&closing=year&asye=no&sponsorship=no&level=wizard&flexible=office_based",
        "&".join(f"team=t{number}&level=l{number}" for number in range(400)),
    ],
)
def test_nonsense_gives_a_sane_page(client, demo, query):
    answer = client.get(f"/vacancies?{query}")
    assert answer.status_code == 200
    assert answer.page.h1 == "Vacancies"


def test_a_kept_list_ends_with_the_day(make_app, make_client, db, at):
    """What closes soon changes at midnight in London, though nothing opens or closes then."""
    client = make_client(make_app(page_cache_seconds=3600))
    with db.transaction() as session:
        make_vacancy(session, title="Heron keeper", closes_at=at + 8 * DAY)
    evening = at.replace(hour=23, minute=59, second=59)
    with time_machine.travel(evening, tick=False):
        assert titles(client.get("/vacancies?closing=week")) == []
    with time_machine.travel(evening + timedelta(seconds=1), tick=False):
        assert titles(client.get("/vacancies?closing=week")) == ["Heron keeper"]
