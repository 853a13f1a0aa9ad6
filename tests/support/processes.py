"""The portal’s own commands as real processes, and plain sockets to speak to them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.settings import SECRET

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30
"""Seconds after which a process that should have done something has failed to."""


def environment(instance: Path, database_url: str, **changes: str) -> dict[str, str]:
    """A production environment for a process; an empty value takes a setting away."""
    values = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "INSTANCE": str(instance),
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET,
        "BASE_URL": "https://portal.example.org",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": "1",
        "SMTP_TLS": "none",
        "MAIL_FROM": "no-reply@example.org",
        "PORT": "0",
    }
    return {name: value for name, value in {**values, **changes}.items() if value}


class Process:
    """A running command; what it writes is collected and can be waited for."""

    def __init__(self, arguments: list[str], env: Mapping[str, str]) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "portal.cli", *arguments],
            env=dict(env),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # so that whatever it leaves behind can be ended too
        )
        self.lines: list[str] = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def wait_for(self, pattern: str, times: int = 1) -> re.Match[str]:
        """The line that matches for the n-th time, once there is one."""

        def found() -> list[re.Match[str]]:
            return [match for line in self.lines if (match := re.search(pattern, line))]

        with self.changed:
            self.changed.wait_for(lambda: len(found()) >= times or self.popen.poll() is not None, PATIENCE)
            matches = found()
        assert len(matches) >= times, f"{pattern!r} was not said:\n{self.output}"
        return matches[times - 1]

    def finish(self) -> int:
        """The exit status, once it has ended."""
        status = self.popen.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return status

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; the exit status."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        return self.finish()

    @property
    def output(self) -> str:
        """What it has written so far."""
        return "\n".join(self.lines)


@contextmanager
def running(*arguments: str, env: Mapping[str, str]) -> Iterator[Process]:
    """A command that runs for the length of a block."""
    process = Process(list(arguments), env)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.popen.pid, signal.SIGKILL)
        process.finish()
        assert process.popen.stdout is not None
        process.popen.stdout.close()


def connect(port: int) -> socket.socket:
    """A connection; OSError when nobody listens."""
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def wait_until_served(port: int) -> None:
    """Until somebody listens on the port; fails after a while."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connect(port).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, f"nobody listens on port {port}"
            time.sleep(0.02)
        else:
            return


def exchange(port: int, request: bytes) -> bytes:
    """Send bytes as they are; everything that comes back until the server closes."""
    with connect(port) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


def get(port: int, path: str, host: str = "portal.example.org") -> bytes:
    """The whole answer to a plain GET."""
    return exchange(port, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
