"""The structured data of an advert: judged by Google's lists, true to the page, and safe in it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.vacancies.demo import load_demo_vacancies
from portal.vacancies.options import ContractType
from tests.support.builders import make_criterion, make_vacancy
from tests.support.job_posting_checker import judge_posting, postings_on
from tests.vacancies.feeds.texts import HARD

DAY = timedelta(days=1)


def posting(client, db, **changes) -> dict:
    """The one posting on the page of a new advert, judged."""
    with db.transaction() as session:
        slug = make_vacancy(session, **changes).slug
    (found,) = postings_on(client.get(f"/vacancies/{slug}").text)
    assert judge_posting(found) == []
    return found


def test_it_says_what_the_page_says(client, db, at):
    found = posting(
        client,
        db,
        title="Lighthouse keeper",
        reference="SCC-CS-2026-0777",
        slug="keeper",
        number_of_posts=2,
        location_base="Civic Centre, Southampton",
        address="Civic Centre Road, Southampton",
        postcode="SO14 7LY",
    )
    assert found["title"] == "Lighthouse keeper"
    assert found["identifier"]["value"] == "SCC-CS-2026-0777"
    assert found["url"] == "https://portal.example.org/vacancies/keeper"
    assert found["datePosted"] == "2026-11-16T10:00:00+00:00"
    assert found["validThrough"] == "2026-12-14T10:00:00+00:00"
    assert found["employmentType"] == ["FULL_TIME"]
    assert found["totalJobOpenings"] == 2
    assert found["directApply"] is True, "the form is on this website"
    assert found["hiringOrganization"]["name"] == "Southampton City Council"
    assert found["hiringOrganization"]["sameAs"] == "https://www.southampton.gov.uk/"
    assert found["jobLocation"]["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "Civic Centre Road",
        "addressLocality": "Southampton",
        "postalCode": "SO14 7LY",
        "addressCountry": "GB",
    }
    assert found["baseSalary"]["value"]["minValue"] == 41_000
    assert found["baseSalary"]["value"]["maxValue"] == 45_000
    for words in (
        "Work with families in a small",
        "You will work with families.",
        "Essential",
        "direct work",
    ):
        assert words in found["description"]


def test_times_are_on_a_london_clock(client, db, at):
    found = posting(client, db, closes_at=at + 250 * DAY)
    assert found["validThrough"] == "2027-07-31T11:00:00+01:00"


def test_part_time_pays_what_part_time_pays(client, db):
    found = posting(client, db, hours_per_week=Decimal("18.5"), working_patterns=["part_time"])
    assert found["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "minValue": 20_500,
        "maxValue": 22_500,
        "unitText": "YEAR",
    }
    assert found["workHours"] == "18.5 hours a week"
    assert found["employmentType"] == ["PART_TIME"]


@pytest.mark.parametrize(
    ("changes", "types"),
    [
        ({"working_patterns": ["full_time", "job_share"]}, ["FULL_TIME", "PART_TIME"]),
        ({"working_patterns": ["annualised"]}, ["FULL_TIME"]),
        ({"working_patterns": ["term_time"], "paid_weeks": Decimal(39)}, ["PART_TIME"]),
        ({"contract_type": ContractType.FIXED_TERM}, ["FULL_TIME", "TEMPORARY"]),
        ({"contract_type": ContractType.SECONDMENT}, ["FULL_TIME", "TEMPORARY"]),
        ({"contract_type": ContractType.CASUAL}, ["FULL_TIME", "OTHER"]),
    ],
)
def test_employment_in_googles_words(client, db, changes, types):
    ends = {"contract_ends_on": date(2027, 8, 31)} if "contract_type" in changes else {}
    assert posting(client, db, **changes, **ends)["employmentType"] == types


@pytest.mark.parametrize(
    ("flexible", "at_home"),
    [(["home_based"], True), (["hybrid"], False), (["home_based", "hybrid"], False), ([], False)],
)
def test_only_work_that_is_done_at_home_is_said_to_be(client, db, flexible, at_home):
    found = posting(client, db, flexible=flexible)
    assert ("jobLocationType" in found) is ("applicantLocationRequirements" in found) is at_home
    assert ("jobLocation" in found) is not at_home


@pytest.mark.parametrize("changes", [{"closes_at": 0}, {"closed_early_at": -1}, {"cancelled_at": -1}])
def test_what_is_not_open_has_none(client, db, at, changes):
    moved = {name: at + days * DAY for name, days in changes.items()}
    with db.transaction() as session:
        slug = make_vacancy(session, **moved).slug
    answer = client.get(f"/vacancies/{slug}")
    assert postings_on(answer.text) == []
    assert answer.page.first("meta", name="robots")["content"] == "noindex"
    for name in ("canonical", "alternate"):
        assert answer.page.first("link", rel=name) is None
    assert answer.page.first("meta", property="og:title") is None


def test_lists_and_other_pages_have_none(client, db, at):
    with db.transaction() as session:
        load_demo_vacancies(session, at)
    for path in ("/", "/vacancies", "/vacancies?q=asye", "/vacancies-feeds"):
        assert postings_on(client.get(path).text) == []


def test_a_demonstration_says_so_in_its_data(client, db, at):
    with db.transaction() as session:
        load_demo_vacancies(session, at)
    for card in client.get("/vacancies").page.all("h3", class_="card__title"):
        (found,) = postings_on(client.get(card.first("a")["href"]).text)
        assert judge_posting(found) == []
        assert found["description"].startswith("<p>Demonstration advert: this post does not exist.</p>")


@pytest.mark.parametrize("words", HARD, ids=range(len(HARD)))
def test_no_text_breaks_out_or_is_lost(client, db, words):
    client.any_quotes = True
    title, lines = words[:100], [make_criterion(1, wording=words)]
    with db.transaction() as session:
        slug = make_vacancy(
            session,
            title=title,
            summary=words,
            description=words + "\n\nmore",
            location_base=words[:120],
            criteria=lines,
        ).slug
    answer = client.get(f"/vacancies/{slug}")
    (found,) = postings_on(answer.text)
    assert found["title"] == title
    assert judge_posting(found) == []
    assert len(answer.page.all("script")) == 1


def test_a_very_long_text_is_whole(client, db):
    long = "Long words about the work. " * 4000
    assert posting(client, db, description=long)["description"].count("Long words about the work.") == 4000
