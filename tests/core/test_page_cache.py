"""Public pages kept in memory: true until something is published or their time is over, and private never."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import brotli
import pytest
import time_machine
from flask import Flask, Response
from flask.testing import FlaskClient

from portal.core import page_cache
from portal.core.database import Database
from tests.support.builders import make_vacancy

BASE = "https://portal.example.org"


@pytest.fixture
def caching(make_app: Callable[..., Flask]) -> Flask:
    """An application that keeps pages, looking at the counter each time."""
    return make_app(page_cache_seconds=60)


@pytest.fixture(autouse=True)
def look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "LOOK_EVERY", 0.0)


def publish(db: Database, at: datetime, **changes: Any) -> None:
    with db.transaction() as session:
        make_vacancy(session, **changes)
        page_cache.note_publication(session, at)


def test_a_kept_page_costs_one_small_statement(caching, make_client, db, statements, at) -> None:  # type: ignore[no-untyped-def]
    client = make_client(caching)
    with time_machine.travel(at, tick=False):
        first = client.get("/vacancies")
        with statements() as found:
            second = client.get("/vacancies")
    assert second.get_data() == first.get_data()
    assert (
        len([sql for sql in found if "publications" in sql])
        == len([sql for sql in found if "SELECT" in sql])
        == 1
    )


def test_a_page_the_browser_has_is_not_sent_again(caching, make_client, at) -> None:  # type: ignore[no-untyped-def]
    client = make_client(caching)
    with time_machine.travel(at, tick=False):
        first = client.get("/")
        again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_page_is_sent_compressed_to_who_takes_it(caching, make_client, at, encoding, unpack) -> None:  # type: ignore[no-untyped-def]
    client = make_client(caching)
    with time_machine.travel(at, tick=False):
        plain = client.get("/fostering")
        headers = {"Accept-Encoding": encoding}
        packed = FlaskClient(caching, Response).get("/fostering", base_url=BASE, headers=headers)
        has_it = {**headers, "If-None-Match": packed.headers["ETag"]}
        assert (
            FlaskClient(caching, Response).get("/fostering", base_url=BASE, headers=has_it).status_code == 304
        )
    assert packed.headers["Content-Encoding"] == encoding
    assert unpack(packed.get_data()) == plain.get_data()
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_who_asks_second_gets_a_page_better_compressed(caching, at, encoding, unpack) -> None:  # type: ignore[no-untyped-def]
    """The first is not kept waiting for it; it is the same page, with the same (weak) ETag."""
    client = FlaskClient(caching, Response)
    with time_machine.travel(at, tick=False):
        asked = {"base_url": BASE, "headers": {"Accept-Encoding": encoding}}
        first, second, third = (client.get("/fostering", **asked) for _ in range(3))  # type: ignore[arg-type]
    assert len(first.get_data()) > len(second.get_data()) == len(third.get_data())
    assert unpack(first.get_data()) == unpack(second.get_data())
    assert first.headers["ETag"] == second.headers["ETag"] != ""
    assert first.headers["ETag"].startswith("W/")


def test_an_encoding_that_is_refused_is_not_sent(caching, make_client, at) -> None:  # type: ignore[no-untyped-def]
    with time_machine.travel(at, tick=False):
        answer = make_client(caching).get("/", headers={"Accept-Encoding": "br;q=0, gzip;q=0"})
    assert "Content-Encoding" not in answer.headers


def test_what_is_published_shows_in_every_worker(caching, make_app, make_client, db, at) -> None:  # type: ignore[no-untyped-def]
    here, there = make_client(caching), make_client(make_app(page_cache_seconds=60))
    with time_machine.travel(at, tick=False):
        for client in (here, there):
            assert "Heron keeper" not in client.get("/vacancies").page.main.text
        publish(db, at, title="Heron keeper")
        for client in (here, there):
            assert "Heron keeper" in client.get("/vacancies").page.main.text


def test_a_page_is_drawn_anew_at_the_closing_time(caching, make_client, db, at) -> None:  # type: ignore[no-untyped-def]
    client, closing = make_client(caching), at + timedelta(seconds=20)
    with time_machine.travel(at, tick=False) as clock:
        publish(db, at, title="Heron keeper", closes_at=closing)
        assert "Heron keeper" in client.get("/vacancies").page.main.text
        clock.move_to(closing - timedelta(seconds=1))
        assert "Heron keeper" in client.get("/vacancies").page.main.text
        clock.move_to(closing)
        assert "Heron keeper" not in client.get("/vacancies").page.main.text


def test_errors_forms_and_staff_pages_are_never_kept(caching, make_client, at) -> None:  # type: ignore[no-untyped-def]
    client = make_client(caching)
    with time_machine.travel(at, tick=False):
        for path in (
            "/nothing-here",
            "/fostering/enquire/",
            "/fostering/enquire/fostering-and-you",
            "/staff/sign-in",
        ):
            answer = client.get(path)
            assert answer.headers["Cache-Control"] == "no-store", path
            assert "ETag" not in answer.headers, path
    with caching.app_context():
        assert page_cache.cache().pages == {}


def test_memory_is_bounded_whatever_is_asked_for(make_app, make_client, at) -> None:  # type: ignore[no-untyped-def]
    caching = make_app(page_cache_seconds=60, page_cache_pages=3)
    client = make_client(caching)
    with time_machine.travel(at, tick=False):
        for number in range(6):
            client.get(f"/vacancies?q=word{number}")
        client.get("/vacancies?q=" + "x" * 300)
    with caching.app_context():
        kept = list(page_cache.cache().pages)
    assert kept == ["/vacancies?q=word3", "/vacancies?q=word4", "/vacancies?q=word5"]
