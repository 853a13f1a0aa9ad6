"""Naughty strings in every parameter and address, nonsense in headers: never a 5xx, on both databases.

Fields of forms are in `test_edges_of_forms`, so that the two run side by side.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from portal.core.database import Database
from tests.fostering.households import PAGES
from tests.support.client import JudgingClient
from tests.support.edges import body_of, fine, pages
from tests.support.naughty import NAUGHTY
from tests.support.people import SignIn
from tests.support.routes import routes_of
from tests.support.samples import ENQUIRE, Samples

OWN_PARAMETERS = (
    "page",
    "after",
    "before",
    "q",
    "sort",
    "family",
    "salary_from",
    "change",
    "away",
    "utm_source",
    "chosen",
    "only",
    "ref",
)
"""Parameters that no form may show, sent to every page."""


def test_naughty_strings_in_every_parameter(app: Flask, db: Database, everybody: JudgingClient) -> None:
    samples = Samples(db)
    for path in pages(app, samples):
        for turn in range(0, len(NAUGHTY), 4):
            query = {
                name: NAUGHTY[(turn + place) % len(NAUGHTY)] for place, name in enumerate(OWN_PARAMETERS)
            }
            fine(everybody.get(f"{path}?{body_of(query).decode()}"), str(query))


def test_naughty_strings_in_every_part_of_every_address(
    app: Flask, db: Database, everybody: JudgingClient
) -> None:
    """What the router refuses is asked once for each kind of part, what reaches a view at every route."""
    samples = Samples(db)
    refused: set[tuple[type, str]] = set()
    for route in routes_of(app):
        for name in route.rule.arguments:
            converter = route.rule._converters[name]
            for text in NAUGHTY:
                if not re.fullmatch(converter.regex, text):
                    if (type(converter), text) in refused:
                        continue
                    refused.add((type(converter), text))
                path = samples.address(route, **{name: address_part(text)})
                fine(everybody.get(path), path)
    assert len(refused) > len(NAUGHTY)


def address_part(text: str) -> str:
    """Any text as a part of an address."""
    return quote(text[:200].encode("utf-8", "surrogatepass"), safe="")


@pytest.mark.parametrize(
    "raw",
    [b"?q=%FF%FE", b"?q=%", b"?%00=%00", b"?q=" + b"a" * 3000, b"?" + b"q=1&" * 500, b"?q[]=1&q[$ne]=2"],
)
def test_queries_that_are_no_text(raw: bytes, client: JudgingClient) -> None:
    for path in ("/", "/vacancies", "/fostering", "/staff/sign-in"):
        fine(client.get(path + raw.decode("latin-1")), str(raw))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Cookie", "__Host-session=" + "x" * 43),
        ("Cookie", "__Host-session=\xff; a; =b;;"),
        ("X-Forwarded-For", "1.2.3.4, evil"),
        ("X-Request-Id", "x" * 500),
        ("Accept-Encoding", "br;q=x, *"),
        ("If-None-Match", '"' + "x" * 500),
        ("If-Modified-Since", "yesterday"),
        ("Range", "bytes=-99999999999999999999"),
        ("Content-Type", "multipart/form-data"),
    ],
)
def test_headers_that_are_nonsense(name: str, value: str, client: JudgingClient) -> None:
    for path in ("/", "/vacancies", "/staff/sign-in", "/health"):
        fine(client.get(path, headers={name: value}), value)


@pytest.mark.parametrize(
    "host", ["evil.example", "portal.example.org.evil.example", "portal.example.org:99999", "", "[::1"]
)
def test_hosts_that_are_not_ours_are_refused(host: str, client: JudgingClient) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_any_search_whatever(app: Flask, client: JudgingClient) -> None:
    @limits(max_examples=60)
    @given(st.text(max_size=60), st.text(max_size=8))
    def search(words: str, page: str) -> None:
        client.any_quotes = True
        fine(client.get(f"/vacancies?{body_of({'q': words, 'page': page}).decode()}"), words)

    search()


NAMES = [
    "Siân Llŷr",
    "Nguyễn Thị Ánh",
    "عمر بن الخطاب",
    "李小龍",
    "O'Brien-D’Arcy",
    "Zoë",
    "Ọlá",
    "J",
    "Łukasz Żółć",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_in_any_script_come_back_as_they_were(
    name: str, client: JudgingClient, sign_in: SignIn
) -> None:
    client.type(name)
    for slug, answers in PAGES:
        own = {**answers, **({"last_name": name} if "last_name" in answers else {})}
        answer = client.post_form(f"{ENQUIRE}/{slug}", own)
        assert answer.status_code == 303, answer.page.errors
    assert name in client.get(f"{ENQUIRE}/check-answers").page.main.text
    answer = client.post_form(f"{ENQUIRE}/check-answers", {"privacy_seen": "yes", "true_to_best": "yes"})
    assert answer.status_code == 303
    team = sign_in("fostering")
    team.type(name)
    assert name in team.get("/staff/fostering").page.main.text
