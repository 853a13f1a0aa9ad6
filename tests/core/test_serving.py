"""Serving: refuses what is unsafe, survives slow and hostile clients, ends without dropping anyone."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.datastructures import Headers

from portal.cli import main
from tests.support import compiled
from tests.support.databases import TestDatabase
from tests.support.headers import judge_response
from tests.support.judge import judge_page
from tests.support.markup import Document
from tests.support.ports import free_port
from tests.support.processes import Process, connect, environment, exchange, get, running, wait_until_served

FORM = (
    b"POST /staff/sign-in HTTP/1.1\r\nHost: portal.example.org\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
)
CHUNKED = b"POST /health HTTP/1.1\r\nHost: portal.example.org\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def served(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, int]]:
    """The production server with two workers, on each database in turn."""
    database.empty()
    port = free_port()
    folder = tmp_path_factory.mktemp("instance")
    compiled.share(folder)
    env = environment(folder, database.url, PORT=str(port))
    with running("serve", env=env) as process:
        wait_until_served(port)
        yield process, port
        assert process.stop() == 0, process.output


@pytest.fixture(scope="module")
def developing(sqlite_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The development server's port."""
    sqlite_database.empty()
    port = free_port()
    folder = tmp_path_factory.mktemp("instance")
    compiled.share(folder)
    env = environment(
        folder, sqlite_database.url, PORT=str(port), PORTAL_MODE="development", BASE_URL="", SMTP_HOST=""
    )
    with running("serve", env=env) as process:
        wait_until_served(port)
        yield port
        assert process.stop() == 0, process.output


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def faults(answer: bytes, *, secure: bool = True) -> list[str]:
    """What is wrong with an answer as a page of ours: its headers, its length, the page itself."""
    head, _, body = answer.partition(b"\r\n\r\n")
    headers = Headers(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:])
    found = judge_response(headers, secure=secure)
    found += judge_page(Document(body.decode()), status=status(answer), path="")
    return found + ([] if int(headers["Content-Length"]) == len(body) else ["the page is cut short"])


def test_pages_are_served_by_several_workers(served: tuple[Process, int]) -> None:
    process, port = served
    assert status(get(port, "/health")) == 200
    assert status(get(port, "/no-such-page")) == 404
    process.wait_for("Booting worker", times=2)


def test_each_request_is_one_json_line(served: tuple[Process, int]) -> None:
    process, port = served
    get(port, "/health?q=Somebody%20Private")
    process.wait_for(r'"path": "/health"')
    for line in process.lines:
        entry = json.loads(line)
        assert {"time", "level", "logger", "message"} <= entry.keys()
    assert "Private" not in process.output
    assert '"request_id"' in process.output


def test_what_cannot_be_read_is_logged_without_its_text(served: tuple[Process, int]) -> None:
    process, port = served
    line = b"GET /vacancies?q=Somebody Unspoken HTTP/1.1\r\nHost: portal.example.org\r\n\r\n"
    assert status(exchange(port, line)) == 400
    entry = json.loads(process.wait_for("InvalidHTTPVersion").string)
    assert (entry["message"], entry["status"]) == ("a request could not be read", 400)
    assert "Unspoken" not in process.output


HOSTILE = {
    "two hosts": b"GET /health HTTP/1.1\r\nHost: portal.example.org\r\nHost: evil.example\r\n\r\n",
    "two spellings": b"GET /health HTTP/1.1\r\nHost: portal.example.org\r\nhOST: evil.example\r\n\r\n",
    "length and chunks": CHUNKED + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": CHUNKED + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": CHUNKED + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "a list of lengths": CHUNKED + b"Content-Length: 4, 4\r\n\r\nabcd",
    "length with a sign": CHUNKED + b"Content-Length: +4\r\n\r\nabcd",
    "chunks twice": CHUNKED + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks in disguise": CHUNKED + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "space before the colon": b"GET /health HTTP/1.1\r\nHost : portal.example.org\r\n\r\n",
    "no host": b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n",
    "another host": b"GET /health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "a folded header": b"GET /health HTTP/1.1\r\nHost: portal.example.org\r\nX-A: b\r\n Host: evil\r\n\r\n",
    "a chunk of no length": FORM + b"ZZ\r\nemail=a\r\n0\r\n\r\n",
    "a chunk that is longer": FORM + b"3\r\nemail=a\r\n0\r\n\r\n",
    "a chunk that breaks a line": FORM + b"7;a\rb\r\nemail=a\r\n0\r\n\r\n",
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}


REFUSED = {*range(400, 500), 501}
"""The client's fault, or a coding that the server does not know; never an error of ours."""


@pytest.mark.parametrize("name", HOSTILE)
def test_ambiguous_requests_are_refused(served: tuple[Process, int], name: str) -> None:
    answer = exchange(served[1], HOSTILE[name])
    assert status(answer) in REFUSED, answer
    assert not faults(answer)
    assert b"alive" not in answer
    assert answer.count(b"HTTP/1.") == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_the_development_server_refuses_them_too(developing: int, name: str) -> None:
    answer = exchange(developing, HOSTILE[name].replace(b"portal.example.org", b"localhost"))
    assert status(answer) in REFUSED, answer
    assert not faults(answer, secure=False)
    assert b"alive" not in answer
    assert answer.count(b"HTTP/1.") == 1


OVERSIZED = {
    "a long line": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: portal.example.org",
    "a long header": b"GET /health HTTP/1.1\r\nHost: portal.example.org\r\nX-Long: " + b"a" * 20000,
    "many headers": b"GET /health HTTP/1.1\r\nHost: portal.example.org\r\n"
    + b"\r\n".join(b"X-%d: 1" % number for number in range(200)),
}


@pytest.mark.parametrize("name", OVERSIZED)
def test_oversized_heads_are_refused(served: tuple[Process, int], name: str) -> None:
    answer = exchange(served[1], OVERSIZED[name] + b"\r\n\r\n")
    assert status(answer) == (414 if name == "a long line" else 431)
    assert not faults(answer)


def slow_clients(port: int) -> list[socket.socket]:
    """Fifty that never finish their headers, fifty that never finish their bodies."""
    clients = []
    for number in range(100):
        client = connect(port)
        head = b"POST /staff/sign-in HTTP/1.1\r\nHost: portal.example.org\r\n"
        form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nemail="
        client.sendall(head + (form if number % 2 else b"X-Slow: "))
        clients.append(client)
    return clients


def times_beside(port: int, clients: list[socket.socket], host: str) -> list[float]:
    """How long forty ordinary requests take, in seconds, while the slow ones dribble on."""
    times = []
    for number in range(40):
        clients[number].sendall(b"a")
        begun = time.perf_counter()
        assert status(get(port, "/health", host)) == 200
        times.append(time.perf_counter() - begun)
    return sorted(times)


def test_a_hundred_slow_clients_delay_nobody(served: tuple[Process, int]) -> None:
    clients = slow_clients(served[1])
    assert times_beside(served[1], clients, "portal.example.org")[37] < 2
    for client in clients:
        client.close()


def test_a_hundred_slow_clients_delay_no_developer(developing: int) -> None:
    clients = slow_clients(developing)
    assert times_beside(developing, clients, "localhost")[37] < 2
    for client in clients:
        client.close()


def test_sigterm_under_load_drops_nobody_who_was_accepted(database: TestDatabase, tmp_path: Path) -> None:
    database.empty()
    port = free_port()
    with running("serve", env=environment(tmp_path, database.url, PORT=str(port))) as process:
        wait_until_served(port)
        get(port, "/ready")
        answers: list[bytes] = []
        refused = threading.Event()

        def ask() -> None:
            while not refused.is_set():
                try:
                    answers.append(get(port, "/ready"))
                except OSError:
                    refused.set()

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        while len(answers) < 20 and not refused.is_set():
            time.sleep(0.01)
        process.popen.send_signal(signal.SIGTERM)
        for thread in threads:
            thread.join()
        assert process.finish() == 0
    cut = [answer for answer in answers if answer and not answer.endswith(b"}\n")]
    assert not cut
    assert all(status(answer) == 200 for answer in answers if answer)


def test_workers_do_not_outlive_a_killed_master(sqlite_database: TestDatabase, tmp_path: Path) -> None:
    sqlite_database.empty()
    port = free_port()
    with running("serve", env=environment(tmp_path, sqlite_database.url, PORT=str(port))) as process:
        wait_until_served(port)
        get(port, "/health")
        process.popen.send_signal(signal.SIGKILL)
        process.popen.wait()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                return
            time.sleep(0.1)
    pytest.fail("workers still serve")


REFUSALS = [
    ({"SECRET_KEY": ""}, "SECRET_KEY"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"SECRET_KEY": "change-me-change-me-change-me-change-me"}, "SECRET_KEY"),
    ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    ({"BASE_URL": ""}, "BASE_URL"),
    ({"BASE_URL": "http://portal.example.org"}, "BASE_URL"),
    ({"SMTP_HOST": ""}, "SMTP_HOST"),
    ({"DEMO_PASSWORD": "demonstration"}, "DEMO_PASSWORD"),
    ({"PORTAL_MODE": "development", "HOST": "0.0.0.0"}, "HOST"),
    ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:////no/such/folder/portal.sqlite3"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://portal@127.0.0.1:1/portal"}, "DATABASE_URL"),
]


@pytest.mark.parametrize(("changes", "named"), REFUSALS, ids=lambda value: str(value)[:60])
def test_an_unsafe_or_useless_setting_is_refused_by_name(
    changes: dict[str, str], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = environment(tmp_path, f"sqlite:///{tmp_path}/portal.sqlite3", **changes)
    monkeypatch.setattr(os, "environ", env)
    result = CliRunner().invoke(main, ["serve"])
    assert result.exit_code != 0
    assert named in result.output
    assert "cannot start" in result.output
    assert "Traceback" not in result.output


def test_a_database_that_was_never_migrated_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", environment(tmp_path, f"sqlite:///{tmp_path}/portal.sqlite3"))
    for command in ("serve", "worker"):
        result = CliRunner().invoke(main, [command])
        assert result.exit_code != 0
        assert "portal db upgrade" in result.output


def test_a_port_in_use_is_named(database: TestDatabase, tmp_path: Path) -> None:
    database.empty()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with running("serve", env=environment(tmp_path, database.url, PORT=port)) as process:
            assert process.finish() != 0
            assert f"port {port}" in process.output
            assert "set PORT" in process.output
