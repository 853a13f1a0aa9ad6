"""Throttles: exact under concurrency, kept over restarts, keys unreadable, nobody locked out for long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import throttle
from portal.core.database import Database
from portal.core.errors import TooManyRequests
from portal.core.throttle import ThrottleWindow

FIVE = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def hit(at: datetime, key: str = "somebody@example.org", limit: int = 3) -> int | None:
    """Seconds to wait, None when the try was allowed."""
    try:
        throttle.hit("sign-in", key, limit=limit, per=FIVE, at=at)
    except TooManyRequests as refusal:
        return refusal.retry_after
    return None


def left(at: datetime, key: str = "somebody@example.org") -> int:
    return throttle.peek("sign-in", key, limit=3, per=FIVE, at=at)


def test_so_many_and_no_more_until_the_window_ends(at: datetime) -> None:
    assert [hit(at), hit(at + timedelta(minutes=1)), hit(at + timedelta(minutes=2))] == [None] * 3
    assert hit(at + timedelta(minutes=3)) == 120
    assert hit(at + FIVE - timedelta(milliseconds=1)) == 1
    assert hit(at + FIVE) is None


def test_refused_tries_do_not_prolong_the_window(at: datetime) -> None:
    for minute in range(5):
        for _ in range(20):
            hit(at + timedelta(minutes=minute))
    assert hit(at + FIVE) is None


def test_keys_and_scopes_do_not_mix(at: datetime) -> None:
    for _ in range(4):
        hit(at, "one")
    assert hit(at, "other") is None
    throttle.hit("enquiry", "one", limit=1, per=FIVE, at=at)


def test_looking_counts_nothing(at: datetime) -> None:
    assert left(at) == 3
    assert left(at) == 3
    hit(at)
    assert left(at) == 2
    for _ in range(9):
        hit(at)
    assert left(at) == 0
    assert left(at + FIVE) == 3


def test_a_right_password_begins_afresh(at: datetime) -> None:
    for _ in range(4):
        hit(at)
    throttle.forget("sign-in", "somebody@example.org")
    assert left(at) == 3
    assert hit(at) is None


def test_a_clock_set_back_locks_nobody_out(at: datetime) -> None:
    ahead = at + timedelta(days=30)
    for _ in range(4):
        hit(ahead)
    assert left(at) == 3
    assert hit(at) is None


def test_forty_tries_at_once_let_exactly_the_limit_pass(app: Flask, at: datetime) -> None:
    allowed: list[bool] = []

    def try_ten() -> None:
        with app.app_context():
            allowed.extend(hit(at, limit=7) is None for _ in range(10))

    threads = [threading.Thread(target=try_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == 40
    assert sum(allowed) == 7


def test_the_table_names_nobody(db: Database, at: datetime) -> None:
    hit(at)
    with db.reading() as session:
        [window] = session.scalars(select(ThrottleWindow))
    assert len(window.key_hash) == 64
    assert "somebody" not in repr(vars(window))


def test_hostile_keys_are_only_keys(at: datetime) -> None:
    for key in ("\x00", "\ud800", "a" * 100_000, "x'; DROP TABLE throttle_windows; --", ""):
        assert hit(at, key) is None


def test_the_nightly_work_forgets_old_windows_only(db: Database, at: datetime) -> None:
    hit(at, "old")
    hit(at + timedelta(days=1), "new")
    with db.transaction() as session:
        throttle.delete_old_windows(session, at + FIVE + throttle.KEPT + timedelta(seconds=1))
    with db.reading() as session:
        assert len(session.scalars(select(ThrottleWindow)).all()) == 1


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_an_address_counts_as_its_network(address: str, key: str) -> None:
    assert throttle.network(address) == key
