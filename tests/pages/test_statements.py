"""The statements: in the order the law's model has, dated, and claiming nothing that is not so yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from portal.council import Council, load_council
from tests.support.client import JudgingClient

MakeApp = Callable[..., Flask]
MakeClient = Callable[..., JudgingClient]

# Domain: recruitment §5.1.
ORDER = [
    "Accessibility statement for Children’s services: careers and fostering",
    "How accessible this website is",
    "Feedback and contact information",
    "Reporting accessibility problems with this website",
    "Enforcement procedure",
    "Technical information about this website’s accessibility",
    "Compliance status",
    "Non-accessible content",
    "Non-compliance with the accessibility regulations",
    "Disproportionate burden",
    "Content that is not within the scope of the accessibility regulations",
    "What we’re doing to improve accessibility",
    "Preparation of this accessibility statement",
]


@pytest.fixture
def council() -> Council:
    """Southampton’s settings."""
    return load_council()


def changed(council: Council, part: str, **changes: Any) -> Council:
    """The same council with other values in one of its tables."""
    return replace(council, **{part: replace(getattr(council, part), **changes)})


def test_the_accessibility_statement_keeps_the_model_s_order(client: JudgingClient) -> None:
    page = client.get("/accessibility").page
    assert [heading.text for heading in page.main.all("h1", "h2", "h3")] == ORDER


def test_the_accessibility_statement_has_the_sentences_the_law_wants(client: JudgingClient) -> None:
    text = client.get("/accessibility").page.main.text
    assert "This accessibility statement applies to https://portal.example.org" in text
    assert (
        "Southampton City Council is committed to making its website accessible, in accordance with "
        "the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018."
    ) in text
    assert "Equality and Human Rights Commission" in text
    assert "Equality Advisory and Support Service" in text
    assert "It was last reviewed on 23 November 2026" in text
    assert "last tested on 23 November 2026 by the team that builds this service" in text


def test_it_claims_no_audit_that_has_not_been(client: JudgingClient) -> None:
    text = client.get("/accessibility").page.main.text
    assert "partially compliant" in text
    assert "fully compliant" not in text
    assert "no independent specialist has audited it yet" in text
    assert "no disabled people have tried it" in text


def test_it_names_the_audit_once_there_was_one(
    make_app: MakeApp, make_client: MakeClient, council: Council
) -> None:
    audited = changed(
        council, "accessibility", audited_by="Example Audits Ltd", tried_by_disabled_people=True
    )
    text = make_client(make_app(council=audited)).get("/accessibility").page.main.text
    assert "Example Audits Ltd audited it" in text
    assert "no disabled people" not in text
    assert "no independent specialist" not in text


def test_the_privacy_notice_answers_what_people_ask(client: JudgingClient) -> None:
    text = client.get("/privacy").page.main.text
    for fact in (
        "Southampton City Council is the controller",
        "public task (article 6(1)(e)",
        "24 months after it was closed",
        "At most 36 months",
        "30 days",
        "complain to the Information Commissioner’s Office",
        "No decision about you is made by a computer",
        "version 2026-11",
    ):
        assert fact in text


def test_people_can_complain_electronically(client: JudgingClient, council: Council) -> None:
    links = client.get("/privacy").page.links()
    assert f"mailto:{council.data_protection.contact_email}" in links
    assert "https://ico.org.uk/make-a-complaint/" in links


def test_the_notice_says_that_it_is_not_approved_until_it_is(
    client: JudgingClient, make_app: MakeApp, make_client: MakeClient, council: Council
) -> None:
    assert "has not approved this notice yet" in client.get("/privacy").page.main.text
    approved = make_app(council=changed(council, "data_protection", approved=True))
    assert "has not approved" not in make_client(approved).get("/privacy").page.main.text


def test_the_periods_are_the_council_s_own(
    make_app: MakeApp, make_client: MakeClient, council: Council
) -> None:
    periods = {
        "enquiry_closed": 17,
        "candidate_draft_days": 21,
        "candidate_unsuccessful": 9,
        "candidate_appointed": 1,
    }
    other = make_app(council=changed(council, "retention", **periods))
    text = make_client(other).get("/privacy").page.main.text
    assert "17 months after it was closed" in text
    assert "Until 21 days after the vacancy closes" in text
    assert "9 months after the last decision on the vacancy" in text
    assert "we delete it here 1 month after your first day" in text


def test_the_security_record_is_said_to_go_the_oldest_first(client: JudgingClient) -> None:
    rows = client.get("/privacy").page.main.all("tr")
    (record,) = [row.text for row in rows if "The security record" in row.text]
    assert (
        "72 months, and longer while a record that it tells of has to stay. The oldest goes first" in record
    )


def test_the_cookies_page_lists_exactly_the_cookie_that_is_set(client: JudgingClient, app: Flask) -> None:
    page = client.get("/cookies").page
    (table,) = page.all("table")
    rows = [(row.all("th")[0].text, row.all("td")[0].text) for row in table.all("tr")]
    assert [name for name, _ in rows] == ["Name", "What it is for", "When it expires"]
    assert rows[0][1] == "__Host-session"
    assert rows[2][1].startswith("When you close your browser")
    # What a form really sets: that name and no expiry.
    (cookie,) = client.get("/staff/sign-in").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    assert "expires" not in cookie.casefold()
    assert "max-age" not in cookie.casefold()


@pytest.mark.parametrize("path", ["/", "/accessibility", "/privacy", "/cookies"])
def test_pages_to_read_set_no_cookie_and_run_no_script(client: JudgingClient, path: str) -> None:
    answer = client.get(path)
    assert "Set-Cookie" not in answer.headers
    assert answer.page.all("script") == []
    assert "no-store" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("path", ["/", "/accessibility", "/privacy", "/cookies", "/no-such-page"])
def test_every_page_leads_to_the_statements_and_to_people(client: JudgingClient, path: str) -> None:
    page = client.get(path).page
    assert {"/accessibility", "/privacy", "/cookies", "mailto:fostering@example.org"} <= set(page.links())
    skip = page.all("a")[0]
    assert (skip["href"], skip.text) == ("#main", "Skip to main content")


@pytest.mark.parametrize(
    ("path", "current"), [("/", {"Home": "page"}), ("/privacy", {}), ("/vacancies", {"Vacancies": "page"})]
)
def test_the_navigation_marks_where_one_is(client: JudgingClient, path: str, current: dict[str, str]) -> None:
    navigation = client.get(path).page.first("nav", class_="site-nav")
    assert navigation is not None
    links = navigation.all("a")
    assert [link.text for link in links] == ["Home", "Vacancies", "Fostering"]
    assert {link.text: link["aria-current"] for link in links if "aria-current" in link.attrs} == current


@pytest.mark.parametrize("minutes", [60, 45])
def test_the_privacy_notice_says_how_long_answers_really_wait(
    make_app: MakeApp, make_client: MakeClient, minutes: int
) -> None:
    text = make_client(make_app(draft_minutes=minutes)).get("/privacy").page.main.text
    assert f"not used them for {minutes} minutes" in text


@pytest.mark.parametrize(
    "path",
    ["/", "/fostering", "/fostering/enquire/", "/privacy", "/accessibility", "/vacancies", "/no-such-page"],
)
def test_every_number_on_a_public_page_can_be_dialled(
    client: JudgingClient, council: Council, path: str
) -> None:
    page = client.get(path).page
    team, safe = council.fostering, council.safeguarding
    numbers = [team.phone, team.hub_phone, council.recruitment.phone, "0303 123 1113"]
    numbers += [safe.public_phone, safe.out_of_hours_phone, safe.emergency]
    links = [link for link in page.all("a") if link.get("href").startswith("tel:")]
    for number in numbers:
        assert page.root.text.count(number) == len([link for link in links if link.text == number]), number
    assert all(link["href"].removeprefix("tel:").lstrip("+").isdigit() for link in links)
    assert links
