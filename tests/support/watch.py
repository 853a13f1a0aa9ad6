"""What happens behind a request while a test runs: statements, writes of a GET, sessions left dirty.

Hooked into SQLAlchemy’s engines and into the application’s teardown, so that nothing in the portal
needs to know that it is watched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, g, has_request_context, request
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import CacheStats
from werkzeug.test import TestResponse

from tests.support.html_checker import collected
from tests.support.markup import Document

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WRITES = re.compile(
    r"\s*(WITH\b.*?\)\s*)?(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|TRUNCATE)\b",
    re.IGNORECASE | re.DOTALL,
)
HOUSEKEEPING = re.compile(r"\s*(PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW)\b", re.IGNORECASE)


class Watch:
    """Faults and statements seen since the test began."""

    def __init__(self, test: str = "") -> None:
        self.test = test
        self.faults: list[str] = []
        self.statements: list[str] = []

    def executed(self, statement: str, *, compiled_anew: bool) -> None:
        """A statement went to the database."""
        if compiled_anew and has_request_context() and not HOUSEKEEPING.match(statement):
            words = " ".join(statement.split())[:200]
            self.faults.append(f"{request.method} {request.path} compiles this anew each time: {words}")
        if not HOUSEKEEPING.match(statement):
            self.statements.append(statement)
        if (
            has_request_context()
            and request.method in SAFE
            and WRITES.match(statement)
            and not g.get("small_writes")
        ):
            self.faults.append(f"{request.method} {request.path} wrote: {' '.join(statement.split())[:120]}")

    def request_ends(self, _error: BaseException | None = None) -> None:
        """Called before the portal closes the request’s session."""
        session = g.get("read_session")
        if session is None or not has_request_context():
            return
        left = [
            *session.new,
            *session.deleted,
            *(item for item in session.dirty if session.is_modified(item)),
        ]
        if left:
            self.faults.append(f"{request.method} {request.path} left its session dirty: {left[:3]}")

    def request_done(self, _answer: TestResponse) -> None:
        """Fail at the request, not at the end of the test."""
        faults, self.faults = self.faults, []
        assert not faults, "\n".join(faults)

    def page_seen(self, html: str, where: str, page: Document) -> None:
        """Keep a page for the HTML checker."""
        collected.add(html, f"{self.test}: {where}", page)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements executed within the block, housekeeping aside."""
        start, found = len(self.statements), []
        yield found
        found += self.statements[start:]


current = Watch()
"""The watch of the test that runs now; replaced before each test."""


def listen() -> None:
    """Hear every engine of this process, once."""

    @event.listens_for(Engine, "before_cursor_execute")
    def hear(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: Any) -> None:
        compiled = context is not None and context.compiled is not None
        compiled_anew = compiled and context.cache_hit is CacheStats.NO_CACHE_KEY
        current.executed(statement, compiled_anew=compiled_anew)


def attach(app: Flask) -> None:
    """Look at each request’s session before the portal closes it (teardowns run last registered first)."""

    @app.teardown_appcontext
    def look(error: BaseException | None) -> None:
        current.request_ends(error)
