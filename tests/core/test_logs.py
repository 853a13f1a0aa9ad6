"""Logs: one JSON record a line, findable by request id, and nothing secret or personal in them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from werkzeug.test import Client

from portal.core import logs
from portal.core.logs import AccessLog, JsonLines, ReadableLines
from tests.support.settings import settings_for

HOST = {"Host": "portal.example.org"}

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What was logged so far, each line read as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root, portal = logging.getLogger(), logging.getLogger("portal")
    before = portal.level
    root.addHandler(handler)
    portal.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    portal.setLevel(before)
    root.removeHandler(handler)


def access(lines: Lines) -> dict[str, Any]:
    [line] = [line for line in lines() if line["logger"] == "portal.access"]
    return line


def test_a_request_is_one_line_with_the_id_of_the_error_page(app: Flask, lines: Lines) -> None:
    response = Client(AccessLog(app)).get("/no-such-page?q=Somebody", headers=HOST, buffered=True)
    line = access(lines)
    assert {name: line[name] for name in ("level", "method", "path", "status")} == {
        "level": "info",
        "method": "GET",
        "path": "/no-such-page",
        "status": 404,
    }
    assert line["ms"] >= 0
    assert line["bytes"] == len(response.data)
    assert line["time"].endswith("+00:00")
    assert len(line["request_id"]) == 16
    assert "Somebody" not in json.dumps(line)


def test_what_a_view_logs_carries_the_same_id_as_its_access_line(app: Flask, lines: Lines) -> None:
    def view(_environ: Any, start: Any) -> Any:
        def speak() -> None:
            logging.getLogger("portal.test").warning("something")

        app.before_request_funcs.setdefault(None, []).append(speak)
        try:
            return app(_environ, start)
        finally:
            app.before_request_funcs[None].remove(speak)

    Client(AccessLog(view)).get("/health", headers=HOST, buffered=True)
    said, finished = lines()
    assert said["message"] == "something"
    assert said["request_id"] == finished["request_id"]
    assert finished["route"] == "/health"


def test_one_time_tokens_are_hidden_from_paths(app: Flask, lines: Lines) -> None:
    token = "Zq3vB8nT1kYpL0sW5xUe7rCj2mHdFgAo9iNbVtXyQzE"
    rules = [
        rule for rule in app.url_map.iter_rules() if "<token:" in rule.rule and "GET" in (rule.methods or ())
    ]
    assert rules
    for rule in rules:
        path = logs.TOKEN_ARGUMENT.sub(token, rule.rule)
        if "<" not in path:
            Client(AccessLog(app)).get(path, headers=HOST, buffered=True)
    Client(AccessLog(app)).get(f"/mistyped/{token}", headers=HOST, buffered=True)
    text = json.dumps(lines())
    assert token not in text
    assert logs.HIDDEN in text


def test_no_line_break_can_forge_a_record(lines: Lines) -> None:
    logging.getLogger("portal.test").warning('one\n{"level":"info"}\r\u2028\u2029\x85two')
    [line] = lines()
    assert line["message"].startswith("one\n")


def test_only_named_facts_are_written(lines: Lines) -> None:
    logging.getLogger("portal.test").warning("done", extra={"code": "smtp-550", "email": "a@example.org"})
    [line] = lines()
    assert line["code"] == "smtp-550"
    assert "example.org" not in json.dumps(line)


@pytest.mark.parametrize(
    "secret",
    [
        "a.person@example.org",
        "192.0.2.77",
        "2001:db8:0:1::77",
        "postgresql://portal:hunter2@db.example.org/portal",
        "Zq3vB8nT1kYpL0sW5xUe7rCj2mHdFgAo9iNbVtXyQzE",
    ],
)
def test_what_libraries_say_is_stripped_of_what_looks_personal_or_secret(lines: Lines, secret: str) -> None:
    logging.getLogger("gunicorn.error").warning("Refused request from %s, closing", secret)
    [line] = lines()
    assert secret not in line["message"]
    assert "hunter2" not in line["message"]
    assert line["message"].startswith("Refused request from")
    assert line["message"].endswith("closing")


def test_an_exception_is_written_as_its_types_and_places_without_its_words(lines: Lines) -> None:
    def store() -> None:
        raise ValueError("Key (email)=(a.person@example.org) already exists")

    def save() -> None:
        try:
            store()
        except ValueError as error:
            raise IntegrityError("INSERT …", {"name": "Mrs Somebody"}, error) from error

    try:
        save()
    except IntegrityError:
        logging.getLogger("portal.test").exception("could not save")
    [line] = lines()
    assert [part["type"] for part in line["exception"]] == [
        "sqlalchemy.exc.IntegrityError",
        "builtins.ValueError",
    ]
    assert any("test_logs.py" in place and place.endswith(" save") for place in line["exception"][0]["at"])
    text = json.dumps(line)
    assert "Somebody" not in text
    assert "example.org" not in text


def test_a_request_that_breaks_is_logged_too(lines: Lines) -> None:
    def broken(_environ: Any, _start: Any) -> Any:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        Client(AccessLog(broken)).get("/somewhere")
    assert access(lines)["path"] == "/somewhere"


def test_a_file_the_server_sends_itself_is_handed_through(lines: Lines) -> None:
    class FileWrapper(list[bytes]):
        """Stands for the server's own class."""

    body = FileWrapper([b"x"])

    def static(_environ: Any, start: Any) -> Any:
        start("200 OK", [("Content-Length", "1")])
        return body

    environ = {"wsgi.file_wrapper": FileWrapper, "PATH_INFO": "/static/x", "REQUEST_METHOD": "GET"}
    assert AccessLog(static)(environ, lambda *_: None) is body  # type: ignore[arg-type, return-value]
    assert access(lines)["status"] == 200


def test_a_developer_reads_a_short_line_and_the_whole_error() -> None:
    error = ValueError("the words")
    info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("portal.x", logging.ERROR, __file__, 1, "it broke", (), info)
    text = ReadableLines().format(record)
    assert "error it broke" in text
    assert "ValueError: the words" in text


def test_production_writes_json_to_standard_error(tmp_path: Any, capfd: pytest.CaptureFixture[str]) -> None:
    root, portal = logging.getLogger(), logging.getLogger("portal")
    before = list(root.handlers), root.level, portal.level
    try:
        logs.configure(settings_for(tmp_path, "sqlite://"))
        logging.getLogger("portal.test").info("ready")
        logging.getLogger("noisy.library").info("chatter")
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        portal.setLevel(before[2])
        logging.captureWarnings(capture=False)
    out, err = capfd.readouterr()
    assert out == ""
    assert [json.loads(line)["message"] for line in err.splitlines()] == ["ready"]
