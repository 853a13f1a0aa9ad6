"""Logs: one JSON record a line on standard error, with the request id that the error page shows.

No secret and nothing personal is written: only the fields named below, a path without its query string
(people search for names) and without one-time tokens, and of an exception its type and where it was
raised, never its text, which may quote a row. Messages of libraries are stripped of addresses.
In development the same records are short lines for a person to read, and the exception's text is shown.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from werkzeug.wsgi import ClosingIterator

from portal.core.context import request_id
from portal.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FIELDS = (
    "method",
    "path",
    "route",
    "status",
    "ms",
    "bytes",
    "error",
    "kind",
    "code",
    "attempts",
    "count",
    "seconds",
    "reference",
    "event",
)
"""The extra facts a record may carry. Anything else given to a logger is left out."""

ENVIRON_ID = "portal.request_id"
ENVIRON_ROUTE = "portal.route"
ENVIRON_PATH = "portal.path"

TOKEN_ARGUMENT = re.compile(r"<token:(\w+)>")
HIDDEN = "[hidden]"
# Broad on purpose: a log line that hides too much is a nuisance, one that shows an address is a leak.
PERSONAL = re.compile(
    r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:]+"  # an e-mail address
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"  # an IPv4 address
    r"|\b(?:[0-9a-f]{1,4}:){3,}[0-9a-f:]*"  # an IPv6 address
    r"|://[^\s/@]+@"  # the user and password of a URL
    r"|\b[A-Za-z0-9_-]{32,}\b",  # a token or a hash
    re.IGNORECASE,
)

access = logging.getLogger("portal.access")


def configure(settings: Settings) -> None:
    """Send every record of this process to standard error; called once by each entry point."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.production else ReadableLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("portal").setLevel(logging.INFO)
    logging.getLogger("gunicorn").setLevel(logging.INFO)
    if not settings.production:
        access.setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    logging.captureWarnings(capture=True)
    # Nothing that we write says which thread, process or line of code it comes from: do not look it up.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def init_app(app: Flask, settings: Settings) -> None:
    """Let the access log know each request's id and route."""
    app.before_request(note_request)


def note_request() -> None:
    """Leave id, route and a path without tokens in the environment, where the access log finds them."""
    environ, rule = request.environ, request.url_rule
    environ[ENVIRON_ID] = request_id()
    if rule is None:
        return
    path = request.path
    for name in token_arguments(rule.rule):
        path = path.replace(str((request.view_args or {})[name]), HIDDEN)
    environ[ENVIRON_ROUTE], environ[ENVIRON_PATH] = rule.rule, path


@cache
def token_arguments(rule: str) -> tuple[str, ...]:
    """The names of a route's arguments that are secrets."""
    return tuple(TOKEN_ARGUMENT.findall(rule))


class JsonLines(logging.Formatter):
    """One record as one line of JSON; line breaks in it are escaped, so nothing can forge a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, request id, the allowed facts, and where an exception came from."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message_of(record),
        }
        identifier = getattr(record, "request_id", None) or request_id()
        if identifier:
            entry["request_id"] = identifier
        entry.update(facts_of(record))
        if record.exc_info and record.exc_info[1] is not None:
            entry["exception"] = exception_chain(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=True, default=str)


class ReadableLines(logging.Formatter):
    """A short line for a developer's terminal, with the whole traceback under it."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, message, facts."""
        moment = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        facts = " ".join(f"{name}={value}" for name, value in facts_of(record).items())
        line = f"{moment} {record.levelname.lower()} {record.getMessage()} {facts}".rstrip()
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


def message_of(record: logging.LogRecord) -> str:
    """The message; what libraries say is stripped of anything that looks personal or secret."""
    message = record.getMessage()
    return message if record.name.startswith("portal") else PERSONAL.sub(HIDDEN, message)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """The facts given as `extra` whose names are allowed."""
    given = record.__dict__
    return {name: given[name] for name in FIELDS if given.get(name) is not None}


def exception_chain(error: BaseException) -> list[dict[str, Any]]:
    """Types and places of an exception and of what caused it, outermost first; no texts."""
    chain: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(chain) < 5:
        frames = traceback.extract_tb(current.__traceback__)[-12:]
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        chain.append({"type": f"{type(current).__module__}.{type(current).__qualname__}", "at": places})
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return chain


class AccessLog:
    """Outermost of all: one record for each request, also for those that never reach a view."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, and write the record when the answer is finished."""
        begun = time.perf_counter()
        answer: dict[str, Any] = {}

        def note_answer(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            answer["status"] = int(status[:3])
            answer["bytes"] = next((int(v) for k, v in headers if k.lower() == "content-length"), None)
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        def finish() -> None:
            write_access(environ, answer, time.perf_counter() - begun)

        try:
            body: Iterable[bytes] = self.app(environ, note_answer)
        except BaseException:
            finish()
            raise
        sends_file = isinstance(body, environ.get("wsgi.file_wrapper", ()))
        if sends_file:
            finish()  # the server sends the file itself: wrapping it would take that away
            return body
        return ClosingIterator(body, finish)


def write_access(environ: WSGIEnvironment, answer: dict[str, Any], seconds: float) -> None:
    """One line: what was asked for, what was answered, how long it took. No address, no query string."""
    path = environ.get(ENVIRON_PATH) or PERSONAL.sub(HIDDEN, environ.get("PATH_INFO", ""))
    facts = {
        "request_id": environ.get(ENVIRON_ID) or secrets.token_hex(8),
        "method": environ.get("REQUEST_METHOD", "")[:12],
        "path": path[:300],
        "route": environ.get(ENVIRON_ROUTE),
        "ms": round(seconds * 1000, 1),
        **answer,
    }
    access.info("request", extra=facts)
