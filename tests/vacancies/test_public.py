"""The public pages over HTTP: what they say, what they never do. Every page is judged as it is fetched."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
import time_machine

from portal.core.page_cache import note_publication
from portal.inspections.queries import quotation_choices
from portal.vacancies.demo import load_demo_vacancies
from portal.vacancies.models import Vacancy
from portal.vacancies.options import DbsLevel, JobFamily, Registration
from tests.support.builders import make_criterion, make_team, make_vacancy
from tests.support.inspections import make_inspection
from tests.vacancies.search.asking import HOSTILE

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def demo(db, at):
    with db.transaction() as session:
        load_demo_vacancies(session, at)


def advert(db, **changes) -> str:
    """The address of a new advert."""
    with db.transaction() as session:
        return f"/vacancies/{make_vacancy(session, **changes).slug}"


def titles(answer) -> list[str]:
    return [card.text for card in answer.page.all("h3", class_="card__title")]


def test_the_list_shows_what_is_open_with_pay_hours_and_closing_time(client, demo):
    answer = client.get("/vacancies")
    assert answer.status_code == 200
    assert answer.page.h1 == "Vacancies"
    assert answer.page.by_id("found").text == "8 vacancies"
    assert "Head of quality and practice" in titles(answer)
    assert "Social worker, children with disabilities" not in titles(answer)
    for words in (
        "£29,220 to £31,740 a year (£48,700 to £52,900 a year full time)",
        "Part time, 22.2 hours a week",
        "11:59pm on Wednesday 9 December 2026 (16 days left)",
        "Demonstration advert",
    ):
        assert words in answer.page.main.text


@pytest.mark.parametrize(
    ("query", "heading", "first"),
    [
        ("?q=AYSE&family=social_work", "1 vacancy", "Newly qualified social worker (ASYE)"),
        ("?family=psychology&sort=closing", "2 vacancies", "Educational psychologist"),
        ("?sort=salary", "8 vacancies", "Head of quality and practice"),
        ("?salary_from=%C2%A370%2C000", "2 vacancies", "Head of quality and practice"),
        ("?pattern=part_time&contract=fixed_term", "1 vacancy", "Clinical psychologist, children in care"),
        ("?team=assessment&family=management", "1 vacancy", "Team manager, Assessment"),
        (
            "?family=wizard&sort=sideways&team=no-such&page=%C2%B2&x=1",
            "8 vacancies",
            "Head of quality and practice",
        ),
        ("?page=1000000000", "8 vacancies", "Head of quality and practice"),
    ],
)
def test_filters_orders_and_nonsense(client, demo, query, heading, first):
    answer = client.get(f"/vacancies{query}")
    assert answer.status_code == 200
    assert answer.page.by_id("found").text == heading
    assert titles(answer)[0] == first


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_there_is_a_page(client, demo, typed):
    typed = typed.encode("utf-8", "replace").decode()[:1900]
    client.type(typed)
    answer = client.get(
        "/vacancies", query_string={"q": typed, "team": typed, "page": typed, "salary_from": typed}
    )
    assert answer.status_code == 200


def test_with_a_keyword_the_best_match_comes_first_and_is_offered(client, demo):
    answer = client.get("/vacancies?q=newly+qualified&exact=1")
    assert titles(answer) == ["Newly qualified social worker (ASYE)", "Team manager, Assessment"]
    orders = answer.page.first("nav", class_="sorts")
    assert orders.first("strong").text == "Best match"
    assert {link.text: link["href"] for link in orders.all("a")} == {
        "Newest first": "/vacancies?q=newly+qualified&exact=1&sort=newest",
        "Closing soonest": "/vacancies?q=newly+qualified&exact=1&sort=closing",
        "Highest pay": "/vacancies?q=newly+qualified&exact=1&sort=salary",
    }
    newest = client.get("/vacancies?q=newly+qualified&exact=1&sort=newest")
    assert titles(newest)[0] == "Team manager, Assessment"
    assert newest.page.first("input", name="sort")["value"] == "newest"
    assert "Best match" not in client.get("/vacancies?sort=match").text


def test_a_filter_in_use_can_be_taken_off(client, demo):
    answer = client.get(
        "/vacancies?q=psychologist&family=psychology&team=educational-psychology&sort=closing"
    )
    chips = {chip.text: chip["href"] for chip in answer.page.all("a", class_="chip")}
    assert (
        chips["Remove filter: Psychology ×"]
        == "/vacancies?q=psychologist&team=educational-psychology&sort=closing"
    )
    assert (
        chips["Remove filter: “psychologist” ×"]
        == "/vacancies?family=psychology&team=educational-psychology&sort=closing"
    )


def test_an_empty_result_says_what_to_loosen_with_true_numbers(client, demo):
    answer = client.get("/vacancies?q=court&family=psychology&salary_from=50000")
    assert answer.page.by_id("found").text == "No vacancies for “court”"
    links = {link.text: link["href"] for link in answer.page.main.all("a")}
    assert links["Search without “court”"] == "/vacancies?family=psychology&salary_from=50000"
    assert "Search without “court” (2 vacancies)" in answer.page.main.text
    loosened = client.get(links["Search without “court”"])
    assert loosened.page.by_id("found").text == "2 vacancies"


def test_without_any_vacancy_the_page_says_so(client):
    answer = client.get("/vacancies")
    assert answer.page.by_id("found").text == "No vacancies are open today"


def test_the_page_number_is_in_the_title_and_pages_lead_to_each_other(client, db):
    with db.transaction() as session:
        team = make_team(session)
        for _ in range(60):
            make_vacancy(session, team=team, criteria=[])
    first = client.get("/vacancies?family=social_work")
    assert first.page.title.startswith("Vacancies (page 1 of 3)")
    following = first.page.first("a", class_="pages__link--next")["href"]
    second = client.get(following)
    assert second.page.title.startswith("Vacancies (page 2 of 3)")
    first_rows, second_rows = (
        {link["href"] for link in page.all("a") if "/social-worker-" in link["href"]}
        for page in (first.page, second.page)
    )
    assert len(first_rows) == len(second_rows) == 25
    assert not first_rows & second_rows
    assert client.get("/vacancies?page=1000000000").page.title.startswith("Vacancies (page 3 of 3)")


def test_an_advert_says_everything_before_anyone_applies(client, demo):
    answer = client.get("/vacancies/senior-practitioner-children-in-care-demonstration")
    assert answer.status_code == 200
    said = answer.page.main.text
    for words in (
        "This post does not exist",
        "£29,220 to £31,740 a year",
        "£48,700 to £52,900 a year full time",
        "22.2 hours a week (0.6 of full time)",
        "Council grade 11, spinal column points 38 to 42",
        "£1,500",
        "Permanent",
        "Children in care",
        "Civic Centre, Southampton",
        "11:59pm on Wednesday 9 December 2026",
        "16 days left",
        "No more than 12 children; 11 on average now",
        "At least once every 4 weeks",
        "Essential",
        "Desirable",
        "(application and references)",
        "enhanced, with the children’s barred list",
        "online search",
        "at least two references",
        "that are not protected",
        "those that are protected under the Rehabilitation of Offenders Act 1974 (Exceptions) Order 1975",
        "Disability Confident",
        "people who have been in care",
        "speak English fluently",
        "a CV cannot stand in for it",
        "We may close this vacancy early",
        "registered with Social Work England when you apply",
        "Apply for this post",
        "frankie@example.org",
        "01632 960 103",
        "17 December 2026",
        "Everyone hears by",
        "SCC-CS-2026-9003",
    ):
        assert words in said, words
    assert "politically restricted" not in said
    assert "noindex" not in answer.text
    assert "X-Robots-Tag" not in answer.headers


def test_an_advert_has_every_date_with_the_time_it_closes_and_its_last_change(client, db, at):
    address = advert(
        db,
        interview_dates=["2026-12-21", "2026-12-22"],
        decision_promised_on=date(2027, 1, 5),
        starts_on=date(2027, 3, 1),
        updated_at=at - DAY,
    )
    dates = client.get(address).page.first("dl", class_="dates")
    said = {pair.first("dt").text: pair.first("dd").text for pair in dates.all("div")}
    assert said == {
        "Closes": "10am on Monday 14 December 2026",
        "Interviews": "21 December 2026 and 22 December 2026",
        "Everyone hears by": "5 January 2027",
        "Starts": "1 March 2027",
        "Listed": "16 November 2026",
        "Last changed": "22 November 2026",
        "Reference": said["Reference"],
    }


def test_work_before_it_was_listed_is_no_change(client, db, at):
    said = client.get(advert(db, updated_at=at - 8 * DAY)).page.main.text
    assert "Last changed" not in said


def test_an_advert_can_be_kept_and_passed_on_without_anybody_elses_script(client, db):
    address = advert(db, title="Lighthouse & harbour keeper, “senior”", slug="keeper")
    page = client.get(address).page
    assert page.first("p", class_="share__address").text == "https://portal.example.org/vacancies/keeper"
    (mail,) = [link for link in page.links() if link.startswith("mailto:?")]
    asked = dict(parse_qsl(mail.removeprefix("mailto:?"), strict_parsing=True))
    assert asked == {
        "subject": "Lighthouse & harbour keeper, “senior”, Southampton City Council",
        "body": "https://portal.example.org/vacancies/keeper",
    }
    assert "/vacancies/keeper.ics" in page.links()
    assert "/alerts/new?family=social_work" in page.links()


def test_evidence_is_shown_with_its_source_and_goes_when_a_newer_inspection_is_published(client, db, at):
    with db.transaction() as session:
        wanted = quotation_choices(session)[1]
        slug = make_vacancy(session, evidence=[wanted.id, 10**9]).slug
    said = client.get(f"/vacancies/{slug}").page.first("div", class_="evidence").text
    for words in (wanted.words, wanted.attributed_to, wanted.about, wanted.source):
        assert words in said
    with db.transaction() as session:
        make_inspection(session)
    page = client.get(f"/vacancies/{slug}").page
    assert page.first("div", class_="evidence") is None
    assert "What inspectors said" not in page.main.text


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "/"),
        ("/vacancies", "/vacancies"),
        ("/vacancies?sort=salary&x=1", "/vacancies"),
        ("/vacancies?pattern=part_time&family=psychology", "/vacancies?family=psychology&pattern=part_time"),
        ("/vacancies-feeds", "/vacancies-feeds"),
        (
            "/vacancies/educational-psychologist-demonstration?q=x",
            "/vacancies/educational-psychologist-demonstration",
        ),
    ],
)
def test_a_page_has_one_address_and_says_what_it_is_where_it_is_shared(client, demo, path, canonical):
    page = client.get(path).page
    site = "https://portal.example.org"
    said = {one["property"]: one["content"] for one in page.all("meta") if "property" in one.attrs}
    assert page.first("link", rel="canonical")["href"] == said.pop("og:url") == site + canonical
    assert said.pop("og:description") == page.first("meta", name="description")["content"] != ""
    assert said.pop("og:title").endswith("Southampton City Council")
    assert said.pop("og:type") in ("website", "article")
    assert said == {"og:site_name": "Southampton City Council", "og:locale": "en_GB"}


def test_the_way_back_from_an_advert_is_the_search_it_was_found_in(client, demo):
    address = "/vacancies?q=psychologist&pattern=part_time&sort=closing"
    found = client.get(address).page.first("h3", class_="card__title").first("a")["href"]
    assert found.endswith("-demonstration?q=psychologist&pattern=part_time&sort=closing")
    answer = client.get(found)
    back = answer.page.first("a", class_="govuk-back-link")
    assert (back.text, back["href"]) == ("Back to your search", address)
    canonical = answer.page.first("link", rel="canonical")["href"]
    assert canonical == "https://portal.example.org" + found.partition("?")[0]
    assert titles(client.get(back["href"])) == titles(client.get(address))


@pytest.mark.parametrize(
    ("query", "back"),
    [
        ("", "/vacancies"),
        ("?page=2", "/vacancies?page=2"),
        ("?utm_source=x&next=//evil.example&sort=sideways&family=wizard", "/vacancies"),
    ],
)
def test_without_a_search_the_way_back_is_the_whole_list(client, demo, query, back):
    answer = client.get(f"/vacancies/educational-psychologist-demonstration{query}")
    link = answer.page.first("a", class_="govuk-back-link")
    assert (link.text, link["href"]) == ("All vacancies", back)


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_stands_behind_an_advert_it_is_shown(client, demo, typed):
    typed = typed.encode("utf-8", "replace").decode()[:1900]
    client.type(typed)
    asked = {"q": typed, "team": typed, "page": typed, "sort": typed}
    answer = client.get("/vacancies/educational-psychologist-demonstration", query_string=asked)
    assert answer.page.first("a", class_="govuk-back-link")["href"].startswith("/vacancies")


def test_the_way_back_takes_no_room_among_kept_pages(make_app, make_client, demo):
    app = make_app(page_cache_seconds=60)
    client = make_client(app)
    address = "/vacancies/educational-psychologist-demonstration"
    for query in ("", "?q=asye", "?q=psychologist&page=2", "?x=1"):
        answer = client.get(address + query)
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert (
            client.get(address + query, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        )
    assert list(app.extensions["portal.page_cache"].pages) == [f"{address}?"]


def test_the_list_says_what_was_found_and_in_which_order(client, demo):
    page = client.get("/vacancies?q=manager&salary_from=40000").page
    assert page.by_id("found").text == "6 vacancies for “manager”"
    assert page.first("nav", class_="sorts").text.startswith("Sort by Best match Newest first")
    assert "A year, full time" in page.by_id("salary-hint").text
    options = [option.text for option in page.first("select", id="salary_from").all("option")]
    assert options[:2] == ["Any", "£25,000 or more (7)"]


def test_statements_follow_from_the_advert(client, db, demo):
    restricted = client.get("/vacancies/head-of-quality-and-practice-demonstration").page.main.text
    assert "This post is politically restricted" in restricted
    assert "regulated activity" not in restricted
    plain = client.get(
        advert(
            db,
            dbs_level=DbsLevel.NONE,
            registration=Registration.NONE,
            disability_confident=False,
            fluency_duty=False,
            anonymise_shortlisting=False,
            criteria=[],
        )
    ).page.main.text
    for words in (
        "Rehabilitation",
        "Disclosure and Barring",
        "Disability Confident",
        "fluently",
        "register",
        "What we look for",
        "close this vacancy early",
        "Demonstration",
    ):
        assert words not in plain, words
    assert "Children’s safety comes first" in plain


def test_a_full_time_post_that_can_be_shared_says_what_half_pays(client, db):
    said = client.get(advert(db, working_patterns=["full_time", "job_share"])).page.main.text
    assert "For 18.5 hours a week £20,500 to £22,500 a year" in said
    assert "For 18.5" not in client.get(advert(db)).page.main.text


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({}, "Place Civic Centre, Southampton Closes"),
        ({"postcode": "SO14 7LY"}, "Place Civic Centre, Southampton SO14 7LY Closes"),
        (
            {"address": "Civic Centre, Southampton", "postcode": "SO14 7LY", "flexible": ["hybrid"]},
            "Place Civic Centre, Southampton SO14 7LY Hybrid working Closes",
        ),
        (
            {
                "location_base": "Sure Start, Weston",
                "address": "1 <Example> Lane, Southampton",
                "postcode": "SO19 9AA",
            },
            "Place Sure Start, Weston 1 <Example> Lane, Southampton, SO19 9AA Closes",
        ),
    ],
)
def test_an_advert_says_where_the_work_is(client, db, changes, place):
    client.type("<Example>")
    assert place in client.get(advert(db, **changes)).page.main.text


def test_supplements_and_their_terms_stand_apart(client, db):
    address = advert(
        db, market_supplement=2_500, market_supplement_terms="Looked at each April.", welcome_payment=1_000
    )
    said = client.get(address).page.main.text
    assert "£2,500 a year Looked at each April." in said
    assert "£1,000, once" in said
    assert "£41,000 to £45,000 a year" in said


@pytest.mark.parametrize(
    ("changes", "notice"),
    [
        ({"closes_at": -DAY}, "Closed: This vacancy closed at 10am on Sunday 22 November 2026"),
        (
            {"closed_early_at": -DAY},
            "Closed: We closed this vacancy early, at 10am on Sunday 22 November 2026",
        ),
        ({"cancelled_at": -DAY}, "Withdrawn: We withdrew this vacancy on 22 November 2026"),
    ],
)
def test_a_closed_advert_stays_readable_marked_and_out_of_search_engines(client, db, at, changes, notice):
    address = advert(db, title="Lighthouse keeper", **{name: at + moved for name, moved in changes.items()})
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.page.h1 == "Lighthouse keeper"
    title, words = notice.split(": ")
    assert answer.page.by_id("standing").text == title
    assert words in answer.page.main.text
    assert "Apply for this post" not in answer.page.main.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "Lighthouse keeper" not in client.get("/vacancies").text


def test_a_withdrawn_advert_promises_no_interview_and_no_start(client, db, at):
    plans = {"interview_dates": ["2026-12-17"], "starts_on": date(2027, 2, 1)}
    asked = client.get(advert(db, **plans)).page.main.text
    assert "17 December 2026" in asked
    assert "1 February 2027" in asked
    said = client.get(advert(db, **plans, cancelled_at=at - DAY)).page.main.text
    assert "17 December 2026" not in said
    assert "1 February 2027" not in said
    assert "This vacancy was withdrawn." in said
    assert "Withdrawn 10am on Sunday 22 November 2026" in said


@pytest.mark.parametrize(
    "changes",
    [{"approved_at": None}, {"publish_at": DAY}, {"cancelled_at": -9 * DAY}],
    ids=["draft", "scheduled", "cancelled before publication"],
)
def test_what_was_never_published_is_not_there(client, db, at, changes):
    moved = {name: value and at + value for name, value in changes.items()}
    answer = client.get(advert(db, title="Lighthouse keeper", **moved))
    assert answer.status_code == 404
    assert "Lighthouse" not in answer.text


@pytest.mark.parametrize(
    "path", ["/vacancies/none", "/vacancies/No_Such", "/vacancies/a%00b", "/vacancies/" + "a" * 300]
)
def test_unknown_adverts_are_not_found(client, path):
    assert client.get(path).status_code == 404


def test_an_open_advert_leads_to_the_form(client, demo):
    page = client.get("/vacancies/educational-psychologist-demonstration").page
    assert page.first("a", href="/vacancies/educational-psychologist-demonstration/apply")
    assert client.get("/vacancies/educational-psychologist-demonstration/apply").status_code == 200


def test_an_advert_opens_and_closes_to_the_second(client, db, at):
    address = advert(db, title="Lighthouse keeper", publish_at=at + DAY, closes_at=at + 2 * DAY)
    for moment, status, listed in (
        (at + DAY - timedelta(seconds=1), 404, False),
        (at + DAY, 200, True),
        (at + 2 * DAY - timedelta(seconds=1), 200, True),
        (at + 2 * DAY, 200, False),
    ):
        with time_machine.travel(moment, tick=False):
            assert client.get(address).status_code == status
            assert ("Lighthouse keeper" in titles(client.get("/vacancies"))) is listed


def test_pages_carry_no_cookie_no_token_and_no_script(client, demo):
    for path in ("/vacancies?q=asye", "/vacancies/educational-psychologist-demonstration"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert "csrf" not in answer.text
        assert not [script for script in answer.page.all("script") if script["type"] != "application/ld+json"]
    form = client.get("/vacancies").page.first("form")
    assert (form["method"], form["action"]) == ("get", "/vacancies")


def test_a_page_costs_few_statements(client, db, demo, statements):
    with db.transaction() as session:
        said = [card.id for card in quotation_choices(session)]
        slug = make_vacancy(session, evidence=said[:3]).slug
    for path, most in (
        ("/vacancies?q=asye&family=social_work", 3),
        ("/vacancies/educational-psychologist-demonstration", 2),
        (f"/vacancies/{slug}", 2),
    ):
        with statements() as found:
            client.get(path)
        assert len(found) <= most, found


def test_kept_pages_end_when_an_advert_closes(make_app, make_client, db, at):
    client = make_client(make_app(page_cache_seconds=60))
    address = advert(db, title="Lighthouse keeper", closes_at=at + timedelta(seconds=20))
    assert titles(client.get("/vacancies")) == ["Lighthouse keeper"]
    assert "How to apply" in client.get(address).page.main.text
    with time_machine.travel(at + timedelta(seconds=20), tick=False):
        assert titles(client.get("/vacancies")) == []
        assert client.get(address).headers["X-Robots-Tag"] == "noindex"
        assert client.get(address).headers["X-Robots-Tag"] == "noindex", "kept without its header"


def test_text_of_an_advert_cannot_carry_script(client, db):
    address = advert(
        db,
        title="<script>alert(1)</script>",
        description="<img src=x onerror=alert(1)> [x](javascript:alert(1)) **bold** <script>alert()</script>",
        criteria=[make_criterion(1, wording="<b>loud</b>")],
    )
    html = client.get(address).text
    for bad in ("<script>alert", "<img", 'href="javascript', "<b>loud"):
        assert bad not in html
    assert "<strong>bold</strong>" in html


def test_an_edit_is_seen_by_a_kept_page_once_it_is_noted(make_app, make_client, db, at):
    app = make_app(page_cache_seconds=60)
    client = make_client(app)
    address = advert(db, title="Lighthouse keeper", family=JobFamily.MANAGEMENT)
    assert client.get(address).page.h1 == "Lighthouse keeper"
    with db.transaction() as session:
        session.query(Vacancy).one().title = "Harbour master"
        note_publication(session, at)
    app.extensions["portal.page_cache"].looked_at = 0.0  # as if a second had passed since the last look
    assert client.get(address).page.h1 == "Harbour master"


def test_hours_are_written_without_needless_zeros(client, db):
    said = client.get(advert(db, hours_per_week=Decimal("30.00"))).page.main.text
    assert "30 hours a week (0.81 of full time)" in said
