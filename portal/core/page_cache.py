"""Public pages kept in the memory of each worker until something is published.

Only views marked `@cached_page` are kept: pages without session, cookie or token, the same for
everybody. A counter in the database says whether anything was published; each worker looks at it at
most once a second, and a page that depends on the time says itself until when it is true.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import TypeVar

import brotli
from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from portal.core import clock
from portal.core.database import Base, Id, database, wait_no_more
from portal.core.upsert import insert_into
from portal.settings import Settings

MOST_BYTES = 256 * 1024
LONGEST_QUERY = 200
LOOK_EVERY = 1.0
"""Seconds between two looks at the counter, per worker."""

PAUSE = 5.0
"""Seconds before a database that let us wait in vain is asked again for the counter."""

LONG_WAIT = 0.4
"""Seconds; a look that failed sooner (a server that restarts) cost nobody anything, and the page may try."""

log = logging.getLogger("portal.page_cache")

CACHE_CONTROL = "public, no-cache"

SMALL = 500
"""Bytes; nothing is gained by compressing less."""

# A window of 64 kB holds a page; the usual one of 4 MB takes longer to get than the page to compress.
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=5, lgwin=16),
    "gzip": partial(gzip.compress, compresslevel=6, mtime=0),
}
"""How a kept page is sent, the best first."""

QUICKLY: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=1, lgwin=16),
    "gzip": partial(gzip.compress, compresslevel=1, mtime=0),
}
"""How a page is sent that has just been drawn and may never be asked for again: a fifth of the work, some
20% more bytes."""

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Publication(Base):
    """One row: how often something public has changed."""

    __tablename__ = "publications"

    id: Mapped[Id]
    version: Mapped[int]
    changed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page as bytes, compressed as browsers ask for it."""

    version: int
    valid_until: datetime
    status: int
    etag: str
    content_type: str
    robots: str
    plain: bytes
    compressed: dict[str, bytes]
    """By encoding; filled when one is asked for the second time: hardly anybody takes another than Brotli."""

    def body(self, encoding: str, *, again: bool) -> bytes:
        """The page in this encoding. It carries no secret, so compressing it gives none away."""
        if not encoding:
            return self.plain
        if not again:
            return QUICKLY[encoding](self.plain)
        if encoding not in self.compressed:
            self.compressed[encoding] = ENCODINGS[encoding](self.plain)
        return self.compressed[encoding]


class PageCache:
    """The pages of one worker, the least recently asked for going first."""

    def __init__(self, seconds: int, most: int) -> None:
        self.lifetime = timedelta(seconds=seconds)
        self.most = most
        self.pages: OrderedDict[str, CachedPage] = OrderedDict()
        self.lock = threading.Lock()
        self.version = -1
        self.looked_at = 0.0
        self.away_until = 0.0

    @property
    def away(self) -> bool:
        """Whether the database has just let a look at the counter wait in vain."""
        return time.monotonic() < self.away_until

    def current_version(self) -> int:
        """The publication counter, read at most once a second."""
        moment = time.monotonic()
        if not self.away and (moment - self.looked_at >= LOOK_EVERY or self.version < 0):
            try:
                with database().looking() as session:
                    self.version = session.scalar(select(Publication.version)) or 0
                self.looked_at = moment
            except SQLAlchemyError as error:
                # Pages that need no database, and those still true, are served while it is away.
                log.error("the counter of publications cannot be read", extra={"error": type(error).__name__})  # noqa: TRY400 - no traceback: it is an outage
                self.version, self.looked_at = max(self.version, 0), time.monotonic()
                if self.looked_at - moment >= LONG_WAIT:
                    self.away_until = self.looked_at + PAUSE
        return self.version

    def get(self, key: str, version: int, at: datetime) -> CachedPage | None:
        """The page, if it is still true."""
        found = self.pages.get(key)
        if found is None or found.valid_until <= at or found.version != version:
            return None
        with self.lock:
            if key in self.pages:
                self.pages.move_to_end(key)
        return found

    def put(self, key: str, page: CachedPage) -> None:
        """Keep a page, letting the oldest go."""
        with self.lock:
            self.pages[key] = page
            while len(self.pages) > self.most:
                self.pages.popitem(last=False)


def cached_page(view: View) -> View:
    """Mark a public page that is the same for everybody."""
    view.cached_page = True  # type: ignore[attr-defined]  # read below
    return view


def valid_until(instant: datetime | None) -> None:
    """Say, while drawing a page, when it stops being true (e.g. the next closing time)."""
    if instant is not None:
        g.valid_until = min(instant, g.get("valid_until", instant))


def do_not_keep() -> None:
    """Say, while drawing a page, that hardly anybody asks for this address again: it gets no room."""
    g.do_not_keep = True


def note_publication(session: Session, at: datetime) -> None:
    """Something public changed: in the same transaction, so that every worker draws its pages anew."""
    first = insert_into(session, Publication).values(id=1, version=1, changed_at=at)
    again = {"version": Publication.version + 1, "changed_at": at}
    session.execute(first.on_conflict_do_update(index_elements=[Publication.id], set_=again))


def init_app(app: Flask, settings: Settings) -> None:
    """Answer from memory before, and keep after, the view."""
    app.extensions["portal.page_cache"] = PageCache(settings.page_cache_seconds, settings.page_cache_pages)
    app.before_request(answer_from_cache)
    app.after_request(keep_page)


def cache() -> PageCache:
    """This worker's pages."""
    found: PageCache = current_app.extensions["portal.page_cache"]
    return found


def cache_key() -> str | None:
    """The address, where this request may be answered from memory; None where it may not."""
    if (
        request.method not in ("GET", "HEAD")
        or request.endpoint is None
        or len(request.query_string) > LONGEST_QUERY
    ):
        return None
    if not getattr(current_app.view_functions[request.endpoint], "cached_page", False):
        return None
    return f"{request.path}?{request.query_string.decode('latin-1')}"


def answer_from_cache() -> Response | None:
    """The kept page, or nothing, which lets the view run."""
    g.cache_key = key = cache_key()
    if key is None or not cache().lifetime:
        return None
    g.drawn_from = cache().current_version()
    page = cache().get(key, g.drawn_from, clock.now())
    if page is None and cache().away:
        wait_no_more()
    return reply(page, again=True) if page else None


def keep_page(response: Response) -> Response:
    """Mark a public page as such, and keep it while it is true."""
    key: str | None = g.get("cache_key")
    if key is None or response.status_code != 200 or response.is_streamed or g.get("error_page"):
        return response
    if "Set-Cookie" in response.headers or "from_cache" in g:
        return response
    at, body = clock.now(), response.get_data()
    until = min(g.get("valid_until", at + cache().lifetime), at + cache().lifetime)
    page = CachedPage(
        version=g.get("drawn_from", 0),
        valid_until=until,
        status=response.status_code,
        etag=hashlib.sha256(body).hexdigest()[:32],
        content_type=response.content_type or "text/html; charset=utf-8",
        robots=response.headers.get("X-Robots-Tag", ""),
        plain=body,
        compressed={},
    )
    if cache().lifetime and len(body) <= MOST_BYTES and "do_not_keep" not in g:
        cache().put(key, page)
    return reply(page, again=False)


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> str:
    """The best that a browser takes, as its Accept-Encoding says; empty for the page as it is."""
    taken = parse_accept_header(accepted, Accept)
    return next((name for name in ENCODINGS if taken.quality(name)), "")


def reply(page: CachedPage, *, again: bool) -> Response:
    """The answer in the best encoding the browser takes; 304 when it has the page already.

    A compressed page has a weak ETag: it is the same page whenever and however well it was compressed.
    """
    g.from_cache = True
    packed = cache().lifetime and len(page.plain) > SMALL
    encoding = best_encoding(request.headers.get("Accept-Encoding", "")) if packed else ""
    headers = [
        ("Cache-Control", CACHE_CONTROL),
        ("Vary", "Accept-Encoding"),
        ("ETag", f'W/"{page.etag}-{encoding}"' if encoding else f'"{page.etag}"'),
    ]
    if encoding:
        headers.append(("Content-Encoding", encoding))
    if page.robots:
        headers.append(("X-Robots-Tag", page.robots))
    response = Response(
        page.body(encoding, again=again), page.status, headers, content_type=page.content_type
    )
    if "HTTP_IF_NONE_MATCH" in request.environ or "HTTP_IF_MODIFIED_SINCE" in request.environ:
        response.make_conditional(request)
    return response
