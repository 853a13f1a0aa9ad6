"""Limits on how often something may be tried, shared by all workers and kept over restarts.

A window begins with the first try and ends a fixed time later; what is tried beyond the limit is
refused and does not prolong the window, so nobody is locked out for longer than `per`. Keys (accounts,
addresses, mailboxes) are kept only as a keyed hash. Each count is a small transaction of its own: it
must stand even when the request it belongs to is undone, and must never be taken while the request
holds a write transaction (SQLite has one writer).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta
from functools import cache
from math import ceil
from typing import Any

from flask import Flask
from sqlalchemy import String, bindparam, case, delete, or_, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from portal.core import jobs
from portal.core.context import current_settings
from portal.core.database import Base, UtcDateTime, database, small_write
from portal.core.errors import TooManyRequests
from portal.core.upsert import insert_into, insert_on

KEPT = timedelta(days=1)
"""How long an ended window stays before the nightly cleaning; it counts for nothing any more."""


class ThrottleWindow(Base):
    """How often one key was tried in one scope since the window began."""

    __tablename__ = "throttle_windows"

    scope: Mapped[str] = mapped_column(String(60), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    hits: Mapped[int]


def init_app(app: Flask) -> None:
    """Have old windows deleted every night."""
    jobs.register_nightly(app, "throttle-windows", delete_old_windows)


def hit(scope: str, key: str, *, limit: int, per: timedelta, at: datetime) -> None:
    """Count one try; raises TooManyRequests when there were already `limit` in this window."""
    with small_write("throttle") as session:
        hits, ends_at = _count(session, scope, _hashed(scope, key), per, at)
    _refuse(hits, limit, ends_at, at)


def hit_within(session: Session, scope: str, key: str, *, limit: int, per: timedelta, at: datetime) -> None:
    """Count one deed in the transaction that does it: what is undone, or done once by many posts, counts so.

    For what is limited by how often it happens (enquiries), not by how often it is tried (passwords).
    """
    hits, ends_at = _count(session, scope, _hashed(scope, key), per, at)
    _refuse(hits, limit, ends_at, at)


def _refuse(hits: int, limit: int, ends_at: datetime, at: datetime) -> None:
    if hits > limit:
        raise TooManyRequests(retry_after=max(1, ceil((ends_at - at).total_seconds())))


def peek(scope: str, key: str, *, limit: int, per: timedelta, at: datetime) -> int:
    """How many tries are left, without counting one."""
    with database().looking() as session:
        window = session.get(ThrottleWindow, (scope, _hashed(scope, key)))
    if window is None or not at < window.ends_at <= at + per:
        return limit
    return max(0, limit - window.hits)


def give_back(session: Session, scope: str, key: str, *, per: timedelta, at: datetime) -> None:
    """Take back the try counted at `at`, in the transaction that finds it to have been a right one.

    Counting first and giving back is exact where looking first and counting later is not: of sixty tries
    at once, no more than the limit are judged. A window that began after `at` is left alone.
    """
    session.execute(
        update(ThrottleWindow)
        .where(
            ThrottleWindow.scope == scope,
            ThrottleWindow.key_hash == _hashed(scope, key),
            ThrottleWindow.ends_at > at,
            ThrottleWindow.ends_at <= at + per,
            ThrottleWindow.hits > 0,
        )
        .values(hits=ThrottleWindow.hits - 1)
    )


def remember(session: Session, scope: str, key: str, *, per: timedelta, at: datetime) -> None:
    """Keep until `at + per` that this key is known, for `remembered`; the nightly cleaning forgets it."""
    statement = insert_into(session, ThrottleWindow).values(
        scope=scope, key_hash=_hashed(scope, key), ends_at=at + per, hits=0
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[ThrottleWindow.scope, ThrottleWindow.key_hash],
            set_={"ends_at": statement.excluded.ends_at},
        )
    )


def remembered(scope: str, key: str, *, per: timedelta, at: datetime) -> bool:
    """Whether `remember` was called for this key within the last `per`."""
    with database().looking() as session:
        window = session.get(ThrottleWindow, (scope, _hashed(scope, key)))
    return window is not None and at < window.ends_at <= at + per


def forget(scope: str, key: str) -> None:
    """Begin afresh for a key, for example after the right password."""
    with small_write("throttle") as session:
        session.execute(
            delete(ThrottleWindow).where(
                ThrottleWindow.scope == scope, ThrottleWindow.key_hash == _hashed(scope, key)
            )
        )


def network(address: str) -> str:
    """The key of a client address: an IPv6 client owns a /64 of them and counts as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def delete_old_windows(session: Session, at: datetime) -> None:
    """Nightly: windows that ended a day ago."""
    session.execute(delete(ThrottleWindow).where(ThrottleWindow.ends_at < at - KEPT))


def _hashed(scope: str, key: str) -> str:
    secret = current_settings().secret_key.encode()
    content = f"throttle\0{scope}\0{key}".encode(errors="backslashreplace")
    return hmac.new(secret, content, hashlib.sha256).hexdigest()


def _count(session: Session, scope: str, key_hash: str, per: timedelta, at: datetime) -> tuple[int, datetime]:
    values = {"in_scope": scope, "of_key": key_hash, "now": at, "end": at + per}
    hits, ends_at = session.execute(counting(session.get_bind().dialect.name), values).one()
    return hits, ends_at


@cache
def counting(dialect: str) -> ReturningInsert[Any]:
    """One atomic statement; a window that has ended, or lies too far ahead (stepped clock), begins again."""
    windows = ThrottleWindow.__table__
    now, end = bindparam("now", type_=UtcDateTime()), bindparam("end", type_=UtcDateTime())
    statement = insert_on(dialect, windows).values(
        scope=bindparam("in_scope"), key_hash=bindparam("of_key"), ends_at=end, hits=1
    )
    over = or_(windows.c.ends_at <= now, windows.c.ends_at > end)
    return statement.on_conflict_do_update(
        index_elements=[windows.c.scope, windows.c.key_hash],
        set_={
            "hits": case((over, 1), else_=windows.c.hits + 1),
            "ends_at": case((over, statement.excluded.ends_at), else_=windows.c.ends_at),
        },
    ).returning(windows.c.hits, windows.c.ends_at)
