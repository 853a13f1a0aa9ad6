"""The load: a few connections that ask again as soon as they are answered, in a process of their own.

`python -m tests.bench.load` reads tasks from standard input, one a line as JSON, and answers each so.
Every answer is looked at: status, length, and a marker in the body or the Location.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import cycle
from typing import Any


@dataclass
class Task:
    """What to send, for how long, and what must come back."""

    host: str
    port: int
    requests: list[str]
    """Whole requests, base64."""
    status: int
    marker: str
    """Must be in the answer: bytes of its head or body."""
    seconds: float
    connections: int = 8
    repeat: bool = True
    """Whether a request may be sent twice; else the task ends with the last of them."""


@dataclass
class Measured:
    """What came of a task; latencies in milliseconds."""

    count: int = 0
    wrong: list[str] = field(default_factory=list)
    elapsed: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    bytes: int = 0
    connections: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.count / self.elapsed if self.elapsed else 0.0


class Connection(asyncio.Protocol):
    """One visitor: sends, reads a whole answer, checks it, sends again."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.buffer = b""
        self.needed = -1
        self.waiting = False
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        """The next request, or the end."""
        request = self.run.next()
        if request is None:
            self.transport.close()
            return
        self.buffer, self.needed, self.waiting = b"", -1, True
        self.sent_at = time.perf_counter()
        self.transport.write(request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.needed < 0:
            head, found, _body = self.buffer.partition(b"\r\n\r\n")
            if not found:
                return
            self.needed = len(head) + 4 + length_of(head)
            self.closes = b"\r\nconnection: close" in head.lower()
        if len(self.buffer) >= self.needed:
            self.waiting = False
            self.run.answered(self.buffer, time.perf_counter() - self.sent_at)
            if self.closes:
                self.transport.close()
            else:
                self.send()

    def connection_lost(self, _error: Exception | None) -> None:
        if self.waiting:
            self.run.measured.wrong.append("the connection was closed without an answer")
        self.run.closed()


def length_of(head: bytes) -> int:
    """The length of the body that follows this head; 0 for one without."""
    place = head.lower().find(b"\r\ncontent-length:")
    if place < 0:
        return 0
    return int(head[place + 17 :].split(b"\r\n", 1)[0])


class Run:
    """One task while it runs."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.measured = Measured()
        self.latencies: list[float] = []
        self.status = f"HTTP/1.1 {task.status} ".encode()
        self.marker = task.marker.encode()
        decoded = [base64.b64decode(request) for request in task.requests]
        self.requests: Iterator[bytes] = cycle(decoded) if task.repeat else iter(decoded)
        self.ends_at = 0.0
        self.open = 0
        self.over = False
        self.opening: set[asyncio.Task[Any]] = set()
        self.finished = asyncio.Event()

    def answered(self, answer: bytes, seconds: float) -> None:
        """Count and check one answer."""
        self.latencies.append(seconds)
        self.measured.bytes += len(answer)
        if not answer.startswith(self.status) or self.marker not in answer:
            self.measured.wrong.append(answer[:200].decode("latin-1"))

    def next(self) -> bytes | None:
        """The next request; None when time or requests are over."""
        if time.perf_counter() >= self.ends_at:
            self.over = True
            return None
        request = next(self.requests, None)
        self.over = request is None
        return request

    def closed(self) -> None:
        """One connection has ended; another takes its place until the end."""
        self.open -= 1
        if not self.over and not self.measured.wrong:
            self.connect()
        elif not self.open:
            self.finished.set()

    def connect(self) -> None:
        """One more connection."""
        self.open += 1
        self.measured.connections += 1
        loop = asyncio.get_running_loop()
        opening = loop.create_task(
            loop.create_connection(lambda: Connection(self), self.task.host, self.task.port)
        )
        self.opening.add(opening)
        opening.add_done_callback(self.opening.discard)

    async def go(self) -> Measured:
        """Open the connections and wait for the last."""
        begun = time.perf_counter()
        self.ends_at = begun + self.task.seconds
        for _ in range(self.task.connections):
            self.connect()
        await self.finished.wait()
        found = sorted(self.latencies)
        self.measured.elapsed = time.perf_counter() - begun
        self.measured.count = len(found)
        self.measured.wrong = self.measured.wrong[:5]
        if found:
            self.measured.p50 = found[len(found) // 2] * 1000
            self.measured.p99 = found[min(len(found) - 1, len(found) * 99 // 100)] * 1000
        return self.measured


def main() -> None:
    """Task after task, until standard input ends."""
    for line in sys.stdin:
        measured = asyncio.run(Run(Task(**json.loads(line))).go())
        print(json.dumps(asdict(measured)), flush=True)


if __name__ == "__main__":
    main()
