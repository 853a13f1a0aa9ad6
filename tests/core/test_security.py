"""The guard at the door: headers whatever the answer, hosts, proxies, and where a form may come from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, abort, request

from portal.core.access import public
from portal.core.database import Database
from portal.core.security import machine_post
from portal.paths import STATIC
from tests.support.builders import make_staff
from tests.support.client import JudgingClient
from tests.support.headers import directives, judge_response
from tests.support.people import SignIn

MakeApp = Callable[..., Flask]
MakeClient = Callable[..., JudgingClient]

STATUSES = (200, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 501, 503)


def answering(app: Flask, view: Callable[[], object], path: str = "/answers", **options: object) -> None:
    """Give an application one more page."""
    app.add_url_rule(path, path.strip("/"), public(view), **options)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_the_headers(status: int, make_app: MakeApp, make_client: MakeClient) -> None:
    app = make_app()
    answering(app, lambda: abort(status) if status >= 400 else ("fine", {"Content-Type": "text/plain"}))
    answer = make_client(app).get("/answers")  # the client judges them
    assert answer.status_code == status


@pytest.mark.parametrize("role", ["hr", "fostering", "admin"])
def test_staff_pages_are_kept_by_nobody(role: str, sign_in: SignIn) -> None:
    answer = sign_in(role).get("/staff/")
    assert judge_response(answer.headers, secure=True, private=True) == []


def test_the_policy_allows_our_own_files_and_nothing_else(client: JudgingClient) -> None:
    allowed = directives(client.get("/").headers["Content-Security-Policy"])
    loaded = {name: allowed.pop(name, set()) for name in ("script-src", "style-src", "img-src", "font-src")}
    assert set().union(*loaded.values()) == {"'self'"}
    assert allowed.pop("form-action") == {"'self'"}
    assert {source for sources in allowed.values() for source in sources} <= {"'none'", "'self'"}


def test_static_files_have_the_headers_and_stay_for_ever(client: JudgingClient) -> None:
    style = next(path.name for path in STATIC.glob("portal.*.css"))
    answer = client.get(f"/static/{style}", headers={"Accept-Encoding": "br"})
    answer.close()
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/static/../wsgi.py", "/static/%2e%2e/wsgi.py", "/static//etc/passwd", "/static/nothing.css"]
)
def test_static_serves_nothing_else(path: str, client: JudgingClient) -> None:
    assert client.get(path).status_code == 404


def test_plain_http_promises_no_https(make_app: MakeApp, make_client: MakeClient) -> None:
    client = make_client(make_app(mode="development", base_url="http://127.0.0.1:8000"))
    assert "Strict-Transport-Security" not in client.get("/").headers


def whoami() -> tuple[str, dict[str, str]]:
    return f"{request.remote_addr} {request.scheme} {request.host}", {"Content-Type": "text/plain"}


FORWARDED = {
    "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
    "Forwarded": "for=203.0.113.9;host=evil.example",
}


def test_nobody_is_believed_about_addresses_unless_configured(
    make_app: MakeApp, make_client: MakeClient
) -> None:
    app = make_app()
    answering(app, whoami)
    answer = make_client(app).get("/answers", headers=FORWARDED)
    assert answer.text == "127.0.0.1 https portal.example.org"


@pytest.mark.parametrize(("proxies", "address"), [(1, "198.51.100.7"), (2, "203.0.113.9")])
def test_configured_proxies_are_believed_about_the_address_and_never_about_the_host(
    proxies: int, address: str, make_app: MakeApp, make_client: MakeClient
) -> None:
    app = make_app(trusted_proxies=proxies)
    answering(app, whoami)
    found_address, _scheme, host = make_client(app).get("/answers", headers=FORWARDED).text.split()
    assert found_address == address
    assert host == "portal.example.org"


def test_more_hosts_can_be_trusted(make_app: MakeApp, make_client: MakeClient) -> None:
    client = make_client(make_app(trusted_hosts=("www.example.org",)))
    assert client.get("/", headers={"Host": "www.example.org"}).status_code == 200
    assert client.get("/", headers={"Host": "other.example.org"}).status_code == 400


def test_links_in_pages_follow_no_host_header(make_app: MakeApp, make_client: MakeClient) -> None:
    client = make_client(make_app(trusted_hosts=("www.example.org",)))
    text = client.get("/sitemap.xml", headers={"Host": "www.example.org"}).text
    assert "https://portal.example.org/" in text
    assert "www.example.org" not in text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "https://portal.example.org"}, 303),
        ({}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Origin": "https://portal.example.org.evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://portal.example.org"}, 400),
    ],
)
def test_where_a_form_may_come_from(headers: dict[str, str], status: int, sign_in: SignIn) -> None:
    client = sign_in("hr")
    token = client.get("/staff/").page.first("input", name="csrf_token")
    assert token is not None
    body = {"csrf_token": token["value"], "form_end": "1"}
    assert client.post("/staff/sign-out", data=body, headers=headers).status_code == status


def test_a_machines_post_needs_no_token(make_app: MakeApp, make_client: MakeClient) -> None:
    app = make_app()
    answering(app, machine_post(lambda: ("done", {"Content-Type": "text/plain"})), methods=["POST"])
    client = make_client(app)
    assert client.post("/answers", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post("/answers", data="x" * 300_000).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_are_not_for_us(method: str, client: JudgingClient) -> None:
    answer = client.open("/vacancies", method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_an_error_page_shows_an_id_and_no_words_of_the_error(
    make_app: MakeApp, make_client: MakeClient
) -> None:
    def fail() -> str:
        raise RuntimeError("postgresql://user:secret@host")

    app = make_app()
    answering(app, fail)
    answer = make_client(app).get("/answers")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text


def test_a_stranger_learns_nothing_from_another_persons_address(db: Database, sign_in: SignIn) -> None:
    with db.transaction() as session:
        person = make_staff(session)
    admin = sign_in("admin")
    there, not_there = f"/staff/people/{person.id}", f"/staff/people/{person.id + 999}"
    assert admin.get(there).status_code == 200
    for role in ("hr", "hiring_manager", "fostering"):
        client = sign_in(role)
        assert client.get(there).status_code == client.get(not_there).status_code == 403
