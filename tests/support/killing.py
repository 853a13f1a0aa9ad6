"""`kill -9` to the processes of the real server while somebody sends, and what a person does then."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.support import compiled
from tests.support.client import field_values, find_form, names_in
from tests.support.live import answers, environment, start, stop
from tests.support.markup import Document
from tests.support.ports import free_port
from tests.support.settings import SECRET

PATIENCE = 20


def rounds(usually: int) -> int:
    """How many moments are tried: KILL_ROUNDS, or as many as every run has time for."""
    return int(os.environ.get("KILL_ROUNDS", usually))


class Visitor:
    """One browser without a screen, over a real connection for each request."""

    def __init__(self, base_url: str) -> None:
        self.address = urlsplit(base_url)
        self.cookie = ""

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        """Status, location and text; raises OSError or HTTPException when the other end dies."""
        connection = http.client.HTTPConnection(
            self.address.hostname or "", self.address.port, timeout=PATIENCE
        )
        headers = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        if cookie := response.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        return response.status, response.getheader("Location") or "", text

    def form(self, path: str) -> dict[str, Any]:
        """What a browser would send from the page at `path`."""
        status, location, text = self.ask("GET", path)
        assert status == 200, (status, location)
        return field_values(find_form(Document(text), set(), None))

    def fill(self, path: str, typed: Mapping[str, Any]) -> None:
        """Answer one page."""
        form = find_form(Document(self.ask("GET", path)[2]), set(), None)
        mine = {name: value for name, value in typed.items() if name in names_in(form)}
        body = urlencode({**field_values(form), **mine}, doseq=True)
        status, _, text = self.ask("POST", path, body)
        assert status == 303, Document(text).errors

    def time_of_sending(self, path: str, typed: Mapping[str, str]) -> float:
        """Seconds, undisturbed."""
        body = urlencode({**self.form(path), **typed})
        began = time.monotonic()
        assert self.ask("POST", path, body)[0] == 303
        return time.monotonic() - began

    def send_again(self, path: str, typed: Mapping[str, str]) -> tuple[int | None, str]:
        """What a person does then: reload, and send if it is still to be sent."""
        for _ in range(3):
            try:
                status, location, text = self.ask("GET", path)
                if status == 200:
                    page = field_values(find_form(Document(text), set(typed), None))
                    status, location, _ = self.ask("POST", path, urlencode({**page, **typed}))
            except (OSError, http.client.HTTPException):
                continue
            return status, location
        return None, ""


@contextmanager
def served(database_url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`portal serve` with two workers on the test’s own database: the process and its address."""
    port = free_port()
    environ = environment(
        PORTAL_MODE="production",
        SECRET_KEY=SECRET,
        DATABASE_URL=database_url,
        INSTANCE=str(folder / "instance"),
        PORT=str(port),
        BASE_URL=f"http://127.0.0.1:{port}",
        MAIL_FROM="no-reply@example.org",
        SMTP_HOST="127.0.0.1",
        SMTP_TLS="none",
        WORKERS="2",
    )
    compiled.share(folder / "instance")
    with (folder / "serve.log").open("wb") as log:
        process = start(["serve"], environ, log)
    try:
        deadline = time.monotonic() + 60
        while not answers(environ["BASE_URL"]):
            assert process.poll() is None, (folder / "serve.log").read_text()[-3000:]
            assert time.monotonic() < deadline
        yield process, environ["BASE_URL"]
    finally:
        stop(process)


def kill_workers(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to every child of the server."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)


class Pace:
    """The moments at which the server is killed: from the first byte to a little after the answer.

    By the quickest sending that was answered. The very first may take many times as long as the later ones,
    and moments counted by it would all lie behind their answers.
    """

    def __init__(self, took: float, rounds: int) -> None:
        self.took = took
        self.rounds = rounds

    def moment(self, round_: int) -> float:
        """Seconds after the beginning."""
        return 1.2 * self.took * (round_ - 1) / self.rounds

    def note(self, seen: int | None, seconds: float) -> None:
        """What was seen of a sending, and how long that took."""
        if seen is not None:
            self.took = min(self.took, seconds)


def send_and_be_killed(
    visitor: Visitor, process: subprocess.Popen[bytes], path: str, body: str, moment: float
) -> tuple[int | None, float]:
    """The status that the sender saw, None when the connection broke, and after how many seconds."""
    seen: list[int | None] = []
    ended: list[float] = []

    def post() -> None:
        try:
            seen.append(visitor.ask("POST", path, body)[0])
        except (OSError, http.client.HTTPException):
            seen.append(None)
        ended.append(time.monotonic())

    sender = threading.Thread(target=post)
    began = time.monotonic()
    sender.start()
    time.sleep(moment)
    kill_workers(process)
    sender.join()
    return seen[0], ended[0] - began
