"""Sessions on the server: what the cookie holds, what is stored, and when both end."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, session
from sqlalchemy import select

from portal.core.access import public
from portal.core.database import Database
from portal.core.sessions import ROW_LIFETIME, StoredSession, destroy_session, expire_sessions, visitor_key
from tests.support.client import JudgingClient

MakeClient = Callable[..., JudgingClient]
COOKIE = "__Host-session"


@pytest.fixture
def talking(make_app: Callable[..., Flask]) -> Flask:
    """A portal with views that use the session."""
    app = make_app()
    views: dict[str, Callable[[], Any]] = {
        "keep": lambda: session.update(word="heron") or "kept",
        "show": lambda: session.get("word", "-"),
        "begin": lambda: destroy_session() or session.update(word="egret") or "begun",
        "end": lambda: destroy_session() or "ended",
        "key": visitor_key,
        "plain": lambda: "plain",
    }
    for name, view in views.items():
        app.add_url_rule(f"/{name}", f"talk.{name}", public(view))
    return app


@pytest.fixture
def visitor(talking: Flask, make_client: MakeClient) -> JudgingClient:
    client = make_client(talking)
    client.judging = False  # the views answer with single words
    return client


def rows(db: Database) -> list[StoredSession]:
    with db.reading() as reader:
        return list(reader.scalars(select(StoredSession)))


def cookie_of(client: JudgingClient) -> str:
    cookie = client.get_cookie(COOKIE, domain="portal.example.org")
    return cookie.value if cookie else ""


def test_pages_without_a_form_set_no_cookie(client: JudgingClient) -> None:
    for path in ("/", "/vacancies", "/fostering", "/privacy", "/nothing-here"):
        assert "Set-Cookie" not in client.get(path).headers


def test_showing_a_form_sets_a_cookie_and_stores_nothing(client: JudgingClient, db: Database) -> None:
    answer = client.get("/staff/sign-in")
    assert re.fullmatch(
        rf"{COOKIE}=[\w-]{{43}}; Secure; HttpOnly; Path=/; SameSite=Lax", answer.headers["Set-Cookie"]
    )
    assert rows(db) == []


def test_the_cookie_is_set_once(client: JudgingClient) -> None:
    client.get("/staff/sign-in")
    assert "Set-Cookie" not in client.get("/staff/sign-in").headers


def test_what_is_kept_is_found_again_by_the_hash_of_the_id(visitor: JudgingClient, db: Database) -> None:
    visitor.get("/keep")
    assert visitor.get("/show").text == "heron"
    (row,) = rows(db)
    assert row.key == hashlib.sha256(cookie_of(visitor).encode()).hexdigest()
    assert cookie_of(visitor) not in str(row.data)


def test_another_visitor_has_another_session(
    visitor: JudgingClient, make_client: MakeClient, talking: Flask
) -> None:
    visitor.get("/keep")
    other = make_client(talking)
    other.judging = False
    assert other.get("/show").text == "-"


def test_beginning_afresh_ends_the_old_id_and_what_it_held(visitor: JudgingClient, db: Database) -> None:
    """As signing in does: the id changes at every change of privilege."""
    visitor.get("/keep")
    old = cookie_of(visitor)
    visitor.get("/begin")
    assert cookie_of(visitor) != old
    assert visitor.get("/show").text == "egret"
    assert len(rows(db)) == 1
    visitor.set_cookie(COOKIE, old, domain="portal.example.org", secure=True)
    assert visitor.get("/show").text == "-"


def test_an_ended_session_cannot_be_replayed(visitor: JudgingClient, db: Database) -> None:
    visitor.get("/keep")
    old = cookie_of(visitor)
    visitor.get("/end")
    assert rows(db) == []
    visitor.set_cookie(COOKIE, old, domain="portal.example.org", secure=True)
    assert visitor.get("/show").text == "-"


def test_a_session_runs_out(visitor: JudgingClient, at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        visitor.get("/keep")
    with time_machine.travel(at + ROW_LIFETIME - timedelta(seconds=1), tick=False):
        assert visitor.get("/show").text == "heron"
    with time_machine.travel(at + ROW_LIFETIME + timedelta(seconds=1), tick=False):
        assert visitor.get("/show").text == "-"


def test_rows_that_have_run_out_are_deleted_at_night(
    visitor: JudgingClient, db: Database, at: datetime
) -> None:
    with time_machine.travel(at, tick=False):
        visitor.get("/keep")
    with db.transaction() as writer:
        expire_sessions(writer, at + ROW_LIFETIME)
    assert len(rows(db)) == 1
    with db.transaction() as writer:
        expire_sessions(writer, at + ROW_LIFETIME + timedelta(seconds=1))
    assert rows(db) == []


@pytest.mark.parametrize("value", ["", "short", "x" * 44, "'" * 43, "\xff" * 43])
def test_a_cookie_that_is_no_id_of_ours_is_ignored(value: str, visitor: JudgingClient) -> None:
    visitor.set_cookie(COOKIE, value, domain="portal.example.org", secure=True)
    assert visitor.get("/show").text == "-"


def test_a_visitors_key_is_not_the_id(visitor: JudgingClient) -> None:
    visitor.get("/keep")
    assert visitor.get("/key").text == hashlib.sha256(cookie_of(visitor).encode()).hexdigest()


def test_another_secret_makes_other_tokens(make_app: Callable[..., Flask], make_client: MakeClient) -> None:
    """A token of one installation is worth nothing in another."""
    first, second = make_app(), make_app(secret_key="0a1b2c3d4e5f60718293a4b5c6d7e8f9")
    client, other = make_client(first), make_client(second)
    field = client.get("/staff/sign-in").page.first("input", name="csrf_token")
    assert field is not None
    other.set_cookie(COOKIE, cookie_of(client), domain="portal.example.org", secure=True)
    other.get("/staff/sign-in")
    body = {"csrf_token": field["value"], "email": "a@example.org", "password": "x", "form_end": "1"}
    assert other.post("/staff/sign-in", data=body).status_code == 422
    assert other.post("/staff/sign-out", data=body).status_code == 400


def test_a_replaced_secret_is_still_read(make_app: Callable[..., Flask], make_client: MakeClient) -> None:
    """Keys are rotated without sending anybody’s form back: the old one is a fallback for a while."""
    old, new = "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "f9e8d7c6b5a493827160f5e4d3c2b1a0"
    client = make_client(make_app(secret_key=old))
    field = client.get("/staff/sign-in").page.first("input", name="csrf_token")
    assert field is not None
    later = make_client(make_app(secret_key=new, secret_key_fallbacks=(old,)))
    later.set_cookie(COOKIE, cookie_of(client), domain="portal.example.org", secure=True)
    body = {"csrf_token": field["value"], "form_end": "1"}
    assert later.post("/staff/sign-out", data=body).status_code == 303


def test_plain_http_on_this_machine_has_a_plain_cookie(
    make_app: Callable[..., Flask], make_client: MakeClient
) -> None:
    app = make_app(mode="development", base_url="http://127.0.0.1:8000")
    cookie = make_client(app).get("/staff/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("session=")
    assert "Secure" not in cookie
