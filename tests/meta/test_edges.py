"""Naughty strings in every field and every parameter of every page: never a 5xx, on both databases.

Every page that somebody with all roles can open is visited; each of its forms is sent with each string in
each field, a few fields at a time, once in all fields and once in those for free text only.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from portal.core.access import ROLE_PERMISSIONS
from portal.core.database import Database
from tests.fostering.households import PAGES
from tests.support.builders import make_staff
from tests.support.client import CONTROLS, SAME_ORIGIN, Answer, JudgingClient, Value, field_values
from tests.support.markup import Element
from tests.support.naughty import NAUGHTY
from tests.support.people import SignIn
from tests.support.routes import routes_of
from tests.support.samples import ENQUIRE, Samples, fill_in_enquiry

KEPT = {"csrf_token", "form_end"}
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
)
"""Parameters that no form may show, sent to every page."""

LEAVES = {"accounts.sign_out"}
"""Deeds that end the session this test needs."""


@pytest.fixture
def everybody(db: Database, sign_in: SignIn) -> JudgingClient:
    """Somebody with every role and a finished enquiry."""
    with db.transaction() as session:
        person = make_staff(session, role=None, roles=list(ROLE_PERMISSIONS))
    client = sign_in(person=person)
    client.any_quotes = True
    fill_in_enquiry(client)
    return client


def pages(app: Flask, samples: Samples) -> list[str]:
    """The address of every page, and of every page of the enquiry."""
    found = [samples.address(route) for route in routes_of(app) if "GET" in route.methods]
    return sorted({*found, *(f"{ENQUIRE}/{slug}" for slug, _ in PAGES)})


def is_text(form: Element, name: str) -> bool:
    """Whether people type freely into a field."""
    kinds = {
        c.get("type", "text") if c.tag == "input" else c.tag
        for c in form.all(*CONTROLS)
        if c.get("name") == name
    }
    return not kinds & {"hidden", "radio", "checkbox", "select", "submit"}


def fine(answer: Answer, what: str) -> None:
    """No answer is a failure of ours."""
    assert answer.status_code < 500, (
        f"{answer.request.method} {answer.request.path} → {answer.status_code}: {what}"
    )


def sendings(form: Element, *, text_only: bool) -> list[dict[str, Value]]:
    """Bodies in which every field meets every string once."""
    plain = field_values(form)
    names = [name for name in plain if name not in KEPT and (not text_only or is_text(form, name))]
    for control in form.all(*CONTROLS):
        name = control.get("name")
        if name and name not in plain and not text_only:
            names.append(name)
    if not names:
        return []
    return [
        {**plain, **{name: NAUGHTY[(turn + place * 5) % len(NAUGHTY)] for place, name in enumerate(names)}}
        for turn in range(len(NAUGHTY))
    ]


def send(client: JudgingClient, form: Element, path: str, data: dict[str, Value]) -> None:
    """Send a form as it is, whatever is in it."""
    target = form.get("action") or path
    encoded = {name: value for name, value in data.items() if value is not None}
    if form.get("method").casefold() == "post":
        fine(client.post(target, data=body_of(encoded), headers=SAME_ORIGIN, content_type=FORM), str(data))
    else:
        fine(client.get(f"{target.split('?')[0]}?{body_of(encoded).decode()}"), str(data))


FORM = "application/x-www-form-urlencoded"


def body_of(data: dict[str, Value]) -> bytes:
    """URL-encoded, lone surrogates and all."""
    pairs = []
    for name, value in data.items():
        several = [value] if isinstance(value, str) else list(value or [])
        pairs += [f"{quote(name)}={quote(one.encode('utf-8', 'surrogatepass'))}" for one in several]
    return "&".join(pairs).encode()


@pytest.mark.parametrize("text_only", [False, True], ids=["all fields", "free text"])
def test_naughty_strings_in_every_form(
    text_only: bool, app: Flask, db: Database, everybody: JudgingClient
) -> None:
    samples = Samples(db)
    met: set[str] = set()
    for path in pages(app, samples):
        answer = everybody.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in answer.page.all("form"):
            target = form.get("action") or path
            if target in met or target == "/staff/sign-out":
                continue
            met.add(target)
            for data in sendings(form, text_only=text_only):
                send(everybody, form, path, data)
    assert len(met) > 15


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
    samples = Samples(db)
    for route in routes_of(app):
        for name in route.rule.arguments:
            for text in NAUGHTY:
                path = samples.address(route, **{name: address_part(text)})
                fine(everybody.get(path), path)


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
