"""`make bench`, or `python -m tests.bench [--only WORD] [--seconds N] [--no-write]`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import psutil
import psycopg
from flask import Flask

from portal import create_app
from portal.core.database import Database
from tests.bench.data import ENQUIRE, Households, add_adverts
from tests.bench.machine import describe_machine
from tests.bench.measure import Comparison, Side, compare
from tests.bench.report import HEAD, PageRow, StartRow, page_table, start_table, weight_table
from tests.bench.start import measure_starts
from tests.bench.weight import BROWSER, Weight, fetch, weigh
from tests.support.databases import DURABLE, postgres_server, run, url_of
from tests.support.live import Live, answers, environment, production, production_environment, stop
from tests.support.ports import free_port
from tests.support.schema import build_schema
from tests.support.settings import settings_for
from tests.support.sources import ROOT

RESULTS = ROOT / "docs" / "benchmarks.md"
CACHED = (0.6, 0.9)
TARGETS = {"/": (0.35, 0.6), "/vacancies": (0.30, 0.5)}
ADVERT = (0.35, 0.6)
ENQUIRY = (0.4, 0.75)
ENQUIRIES_A_SECOND = 700
"""More than any machine here accepts: a turn must not run out of households."""


@dataclass
class Bench:
    """Everything that runs while measuring."""

    seconds: float
    only: str
    folder: Path
    postgres: psutil.Process
    cached: Live
    uncached: Live
    app: Flask
    advert: str
    limit_port: int = 0
    limit: psutil.Process | None = None
    pages: list[PageRow] = field(default_factory=list)

    def wanted(self, name: str) -> bool:
        """Whether a row was asked for."""
        return self.only in name

    def kinds(self) -> dict[str, Live]:
        """The two servers."""
        return {"cached": self.cached, "uncached": self.uncached}

    def paths(self) -> dict[str, str]:
        """Name → path of the measured pages."""
        return {"landing": "/", "list of 10,000 adverts": "/vacancies", "advert": self.advert}


def request_for(host: str, path: str) -> bytes:
    """A browser's GET."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        *(f"{name}: {value}" for name, value in BROWSER.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def keep_page_for_limit(bench: Bench, live: Live, name: str, path: str) -> str:
    """Give the limit the bytes that ours serves; gives the ETag by which both are recognised."""
    status, headers, body, _size = fetch(live.base_url, path, BROWSER)
    if status != 200:
        raise ValueError(f"{path} answered {status}")
    left_out = ("content-length", "server", "date", "connection", "keep-alive")
    kept = {key: value for key, value in headers.items() if key not in left_out}
    (bench.folder / f"{name}.body").write_bytes(body)
    (bench.folder / f"{name}.json").write_text(json.dumps(kept))
    return headers["etag"]


@contextmanager
def limit_server(bench: Bench, database: str) -> Iterator[None]:
    """The limit, on a port of its own."""
    bench.limit_port = free_port()
    command = [sys.executable, "-m", "tests.bench.limit", str(bench.limit_port), str(bench.folder), database]
    with (bench.folder / "limit.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(PYTHONWARNINGS="default"),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 20
        while not answers(f"http://127.0.0.1:{bench.limit_port}", "/page/landing-cached"):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError((bench.folder / "limit.log").read_text())
            time.sleep(0.05)
        bench.limit = psutil.Process(process.pid)
        yield
    finally:
        stop(process)


def measure_page(bench: Bench, kind: str, name: str, etag: str) -> PageRow:
    """One page against the same bytes from memory."""
    assert bench.limit is not None
    live, path = bench.kinds()[kind], bench.paths()[name]
    key = f"{name.partition(' ')[0]}-{kind}"
    ours = psutil.Process(live.process.pid)
    host = live.base_url.removeprefix("http://")
    asked, bare = request_for(host, path), request_for("127.0.0.1", f"/page/{key}")
    found = compare(
        Side(port_of(live), lambda _seconds: [asked], 200, etag, [ours, bench.postgres]),
        Side(bench.limit_port, lambda _seconds: [bare], 200, etag, [bench.limit, bench.postgres]),
        bench.seconds,
    )
    must, aim = CACHED if kind == "cached" else TARGETS.get(path, ADVERT)
    return PageRow(f"{name}, {kind}", found, must, aim)


def port_of(live: Live) -> int:
    """The port of an address."""
    return int(live.base_url.rpartition(":")[2])


def measure_enquiry(bench: Bench, db: Database) -> PageRow:
    """An enquiry accepted, against one durable insert of the same body."""
    assert bench.limit is not None
    households = Households(bench.app, db, bench.uncached.base_url)
    before, accepted = households.counts(), Comparison()
    body = households.requests(1)[0].partition(b"\r\n\r\n")[2]
    bare = (
        b"POST /keep HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
        % len(body)
    )
    ours = Side(
        port_of(bench.uncached),
        lambda seconds: households.requests(int(ENQUIRIES_A_SECOND * seconds)),
        303,
        f"Location: {ENQUIRE}/confirmation",
        [psutil.Process(bench.uncached.process.pid), bench.postgres],
        repeat=False,
    )
    limit = Side(
        bench.limit_port,
        lambda _seconds: [bare + body],
        303,
        "Location: /kept",
        [bench.limit, bench.postgres],
    )
    accepted = compare(ours, limit, bench.seconds)
    after = households.counts()
    new = {name: after[name] - before[name] for name in after}
    if not new["enquiries"] == new["references"] >= accepted.our_count or new["mails"] < new["enquiries"]:
        raise ValueError(f"{accepted.our_count} were accepted, yet the database says {new}")
    return PageRow("enquiry accepted", accepted, *ENQUIRY)


def measure_pages(bench: Bench, db: Database, database: str) -> None:
    """All rows that have a limit on the web."""
    kinds = bench.kinds()
    etags = {
        (name, kind): keep_page_for_limit(bench, live, f"{name.partition(' ')[0]}-{kind}", path)
        for kind, live in kinds.items()
        for name, path in bench.paths().items()
    }
    with limit_server(bench, database):
        for kind in kinds:
            for name in bench.paths():
                if bench.wanted(f"{name}, {kind}"):
                    bench.pages.append(measure_page(bench, kind, name, etags[name, kind]))
                    print(page_table(bench.pages[-1:]).splitlines()[-1], flush=True)
        if bench.wanted("enquiry accepted"):
            bench.pages.append(measure_enquiry(bench, db))
            print(page_table(bench.pages[-1:]).splitlines()[-1], flush=True)


@contextmanager
def running(options: argparse.Namespace) -> Iterator[tuple[Bench, Database, str, str]]:
    """A durable PostgreSQL with data, two production servers (cache on, cache off)."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    no_mail = SimpleNamespace(host="127.0.0.1", port=1)
    with postgres_server(DURABLE) as server:
        run(server, psycopg.sql.SQL("CREATE DATABASE portal"))
        url, plain = url_of(server, "portal"), server.get_uri("portal")
        build_schema(url)
        uncached_environment = production_environment(
            folder, url, no_mail, PAGE_CACHE_SECONDS="0", TRUSTED_PROXIES="1", WORKERS="2"
        )
        app = create_app(settings_for(folder, url, base_url=uncached_environment["BASE_URL"]))
        db: Database = app.extensions["portal.database"]
        advert = add_adverts(db)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("CREATE TABLE limit_rows (id bigserial PRIMARY KEY, body text)")
            version = connection.execute("SHOW server_version").fetchone()
        cached_folder = folder / "cached"
        cached_folder.mkdir()
        cached_environment = production_environment(
            cached_folder, url, no_mail, PAGE_CACHE_SECONDS="600", WORKERS="2"
        )
        with (
            production(cached_folder, cached_environment, worker=False) as cached,
            production(folder, uncached_environment, worker=False) as uncached,
        ):
            bench = Bench(
                options.seconds,
                options.only,
                folder,
                psutil.Process(server.get_pid()),
                cached,
                uncached,
                app,
                advert,
            )
            yield bench, db, plain, str(version[0] if version else "")
        db.dispose()


def main() -> None:
    """Measure, show, and write the results down when everything was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only rows with this word in their name")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one turn")
    parser.add_argument("--no-write", action="store_true", help=f"leave {RESULTS.name} as it is")
    options = parser.parse_args()
    warnings.simplefilter("ignore", ResourceWarning)
    begun = time.monotonic()
    weights: list[Weight] = []
    with running(options) as (bench, db, database, version):
        if bench.wanted("first visit"):
            paths = [*bench.paths().values(), "/fostering", f"{ENQUIRE}/fostering-and-you"]
            weights = [weigh(bench.cached.base_url, path) for path in paths]
            print(weight_table(weights), flush=True)
        measure_pages(bench, db, database)
        machine = describe_machine(version)
    starts = measured_starts() if not options.only or "start".startswith(options.only) else []
    head = HEAD.format(
        machine=machine, date=f"{datetime.now(UTC):%d %B %Y}", minutes=(time.monotonic() - begun) / 60
    )
    tables = [page_table(bench.pages), weight_table(weights), start_table(starts)]
    whole = "\n\n".join([head.strip(), *tables]) + "\n"
    print(whole)
    if not options.only and not options.no_write:
        RESULTS.write_text(whole, encoding="utf-8")


def measured_starts() -> list[StartRow]:
    """The rows about starting."""
    cold, warm, bare = measure_starts()
    return [
        StartRow("`make run` in a fresh clone", cold, 60, 20),
        StartRow("`make run` again", warm, 3, 1.5, sorted(bare)[len(bare) // 2]),
    ]


if __name__ == "__main__":
    main()
