"""Other pages while every enquiry leaves as CSV, and what a web worker weighs after that.

The export is asked for as an officer does, through the production server, and takes one of its two workers.
One colleague goes on clicking meanwhile: with eight connections both workers would be full in any case.
"""

from __future__ import annotations

import base64
import http.client
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psutil

from portal.fostering.options import Status
from tests.bench.load import Measured, Task
from tests.bench.measure import WrongAnswer, generator
from tests.bench.report import as_table, mark
from tests.bench.sites import port_of, request_for
from tests.bench.weight import fetch
from tests.support.client import SAME_ORIGIN, field_values, find_form
from tests.support.edges import body_of
from tests.support.live import Live
from tests.support.markup import Document

SECONDS = 4.0
EXPORT = "/staff/fostering/export"
CHOSEN = {"statuses": list(Status), "file_format": "csv", "purpose": "TEAM_REVIEW"}
MOST_SLOWER, HEAVIEST, WANTED = 2.0, 90, 65
"""Of the ninety-ninth percentile; megabytes of a worker at most, and as it should be."""


@dataclass
class Leaving:
    """An export on its way."""

    begun: threading.Event = field(default_factory=threading.Event)
    lines: int = 0
    over: bool = False


def measure_beside(live: Live, cookie: str, pages: dict[str, tuple[str, str]], size: int) -> list[str]:
    """The tables: each page (address, and what it must show) alone and beside the export, and the workers."""
    before = {words: turn(live, cookie, *page) for words, page in pages.items()}
    with leaving(live, cookie) as export:
        during = {words: turn(live, cookie, *page) for words, page in pages.items()}
        if export.over:
            raise ValueError("the export was over before the pages were")
    if export.lines != size + 1:
        raise ValueError(f"the export has {export.lines} lines")
    after = {words: turn(live, cookie, *page) for words, page in pages.items()}
    heads = (
        f"while {size:,} enquiries leave",
        "p50 · p99 ms alone",
        "meanwhile",
        "p99 times",
        "at most",
        "met",
    )
    rows = [slower(words, [before[words], after[words]], during[words]) for words in pages]
    return [as_table(heads, rows), memory_table(live)]


def turn(live: Live, cookie: str, path: str, marker: str) -> Measured:
    """One colleague on one page."""
    host = live.base_url.removeprefix("http://")
    request = request_for(host, path, {"Accept": "text/html", "Cookie": cookie})
    task = Task(
        host="127.0.0.1",
        port=port_of(live),
        requests=[base64.b64encode(request).decode()],
        status=200,
        marker=marker,
        seconds=SECONDS,
        connections=1,
    )
    measured = generator().measure(task)
    if measured.wrong:
        raise WrongAnswer(measured.wrong[0])
    return measured


def slower(words: str, alone: list[Measured], beside: Measured) -> list[str]:
    """One row: the better of the turns alone is what it is held against."""
    best = min(alone, key=lambda one: one.p99)
    times = beside.p99 / best.p99
    return [
        words,
        f"{best.p50:.1f} · {best.p99:.1f}",
        f"{beside.p50:.1f} · {beside.p99:.1f}",
        f"**{times:.1f}**",
        f"{MOST_SLOWER:g}",
        "yes" if times <= MOST_SLOWER else "**missed**",
    ]


@contextmanager
def leaving(live: Live, cookie: str) -> Iterator[Leaving]:
    """Every enquiry as CSV; waits for its first byte, and at the end for its last."""
    export = Leaving()
    with ThreadPoolExecutor(max_workers=1) as pool:
        read: Future[None] = pool.submit(read_export, live, cookie, export)
        if not export.begun.wait(timeout=60):
            raise ValueError("the export does not begin")
        yield export
        read.result()


def read_export(live: Live, cookie: str, export: Leaving) -> None:
    """Send the form as a browser does and count the lines as they come."""
    _status, _headers, page, _size = fetch(live.base_url, EXPORT, {"Accept": "text/html", "Cookie": cookie})
    form = find_form(Document(page.decode()), set(CHOSEN), None)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", **SAME_ORIGIN}
    host = urlsplit(live.base_url)
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=120)
    try:
        connection.request("POST", EXPORT, body_of({**field_values(form), **CHOSEN}), headers)
        answer = connection.getresponse()
        if answer.status != 200 or "text/csv" not in (answer.getheader("Content-Type") or ""):
            raise ValueError(f"{EXPORT} answered {answer.status}")
        while chunk := answer.read1(1 << 20):
            export.lines += chunk.count(b"\n")
            export.begun.set()
    finally:
        export.over = True
        export.begun.set()
        connection.close()


def memory_table(live: Live) -> str:
    """What the heaviest of the web workers holds; the part that all of them share is counted in each."""
    workers = psutil.Process(live.process.pid).children(recursive=True)
    held = max((worker.memory_full_info() for worker in workers), key=lambda one: one.rss)
    whole, own = held.rss / 1024**2, held.uss / 1024**2
    met = mark(met_aim=whole <= WANTED, met_must=whole <= HEAVIEST)
    heads = ("memory of a web worker, after that", "MB", "of it its own", "must · aim", "met")
    row = ["the heavier of two", f"**{whole:.0f}**", f"{own:.0f}", f"{HEAVIEST} · {WANTED}", met]
    return as_table(heads, [row])
