"""What runs while measuring: one PostgreSQL server, a portal for each mix of adverts, and the limit."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from types import SimpleNamespace

import psutil
import psycopg
from flask import Flask
from psycopg import sql

from portal import create_app
from portal.core import clock
from portal.core.database import Database
from portal.core.page_cache import note_publication
from tests.bench.adverts import add_adverts
from tests.bench.measure import Side
from tests.bench.weight import fetch
from tests.support.databases import DURABLE, PostgresServer, postgres_server, run, url_of
from tests.support.live import Live, answers, environment, production, production_environment, stop
from tests.support.ports import free_port
from tests.support.schema import build_schema
from tests.support.settings import settings_for
from tests.support.sources import ROOT

NO_MAIL = SimpleNamespace(host="127.0.0.1", port=1)

SHARED = {**DURABLE, "max_connections": "400"}
"""Eight portals share one server here; with its usual hundred the last ones to connect are turned away."""

UNCACHED = {"PAGE_CACHE_SECONDS": "600", "PAGE_CACHE_PAGES": "0"}
"""Every page is drawn anew and compressed, as for the first who asks for it; what many share is kept."""

CACHED = {"PAGE_CACHE_SECONDS": "600"}


@dataclass(frozen=True)
class Mix:
    """How many adverts a portal holds, and whether all of them are open."""

    size: int
    all_open: bool = False

    @property
    def name(self) -> str:
        """Of its database and folder."""
        return f"{'open' if self.all_open else 'council'}_{self.size}"

    @property
    def words(self) -> str:
        """For the report."""
        return f"{self.size:,} adverts, {'all' if self.all_open else '100'} open"


COUNCIL = Mix(10_000)
"""The portal that is compared with the limit, and its mix."""
ALL_OPEN = Mix(10_000, all_open=True)
SIZES = (100, 1_000, 10_000, 100_000)


def mix_of(size: int, *, all_open: bool) -> Mix:
    """A hundred adverts are all open in either mix."""
    return Mix(size, all_open and size > SIZES[0])


@dataclass
class Site:
    """A portal with so many adverts, drawing its pages anew."""

    mix: Mix
    url: str
    plain_url: str
    """As psycopg takes it."""
    live: Live

    @property
    def port(self) -> int:
        """Where it listens."""
        return port_of(self.live)


@dataclass
class Limit:
    """Bare Flask on the same server."""

    folder: Path
    """Each of its pages as two files: NUMBER.json (status and headers) and NUMBER.body."""
    database: str
    port: int = 0
    process: Popen[bytes] | None = None
    pages: int = 0

    def keep(self, base_url: str, path: str, headers: dict[str, str]) -> tuple[str, int]:
        """Give it what ours answers to this request; gives the page's name, and the status."""
        status, sent, body, _size = fetch(base_url, path, headers)
        if status not in (200, 304):
            raise ValueError(f"{path} answered {status}")
        left_out = ("content-length", "server", "date", "connection", "keep-alive")
        kept = {name: value for name, value in sent.items() if name not in left_out}
        self.pages += 1
        (self.folder / f"{self.pages}.body").write_bytes(body)
        (self.folder / f"{self.pages}.json").write_text(json.dumps([status, kept]))
        return str(self.pages), status


@dataclass
class Bench:
    """Everything that runs."""

    seconds: float
    only: str
    server: PostgresServer
    postgres: psutil.Process
    version: str
    sites: dict[Mix, Site]
    cached: Live
    """On the database of `COUNCIL`."""
    app: Flask
    db: Database
    limit: Limit

    @property
    def council(self) -> Site:
        """The portal that is compared with the limit."""
        return self.sites[COUNCIL]

    def wanted(self, name: str) -> bool:
        """Whether a row was asked for."""
        return self.only in name

    def side(self, live: Live, request: bytes, status: int, marker: str) -> Side:
        """One of our portals, asked the same again and again."""
        return Side(port_of(live), lambda _seconds: [request], status, marker, self.processes(live.process))

    def limit_side(self, request: bytes, status: int, marker: str) -> Side:
        """The limit, asked the same again and again."""
        assert self.limit.process is not None
        processes = self.processes(self.limit.process)
        return Side(self.limit.port, lambda _seconds: [request], status, marker, processes)

    def processes(self, web: Popen[bytes]) -> list[psutil.Process]:
        """Those that do a web server's work."""
        return [psutil.Process(web.pid), self.postgres]


def port_of(live: Live) -> int:
    """The port of an address."""
    return int(live.base_url.rpartition(":")[2])


def request_for(host: str, path: str, headers: dict[str, str]) -> bytes:
    """A browser's GET."""
    named = {"Host": host, **headers}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@contextmanager
def limit_server(limit: Limit) -> Iterator[None]:
    """The limit, on a port of its own."""
    limit.port = free_port()
    command = [sys.executable, "-m", "tests.bench.limit", str(limit.port), str(limit.folder), limit.database]
    with (limit.folder / "limit.log").open("wb") as log:
        limit.process = Popen(
            command,
            cwd=ROOT,
            env=environment(PYTHONWARNINGS="default"),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 20
        while not answers(f"http://127.0.0.1:{limit.port}", "/ready"):
            if time.monotonic() > deadline or limit.process.poll() is not None:
                raise RuntimeError((limit.folder / "limit.log").read_text())
            time.sleep(0.05)
        yield
    finally:
        stop(limit.process)


def make_databases(server: PostgresServer, mixes: set[Mix]) -> None:
    """Migrated databases, each with its adverts; two are filled at a time, the large ones first."""
    run(server, sql.SQL("CREATE DATABASE migrated"))
    build_schema(url_of(server, "migrated"))
    for mix in mixes:
        run(server, sql.SQL("CREATE DATABASE {} TEMPLATE migrated").format(sql.Identifier(mix.name)))
    with ThreadPoolExecutor(2) as pool:
        filled = pool.map(lambda mix: fill_database(server, mix), sorted(mixes, key=lambda mix: -mix.size))
        try:
            list(filled)
        except BaseException:  # told to end: the databases that nobody has begun are not filled any more
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def fill_database(server: PostgresServer, mix: Mix) -> None:
    """The adverts, and one publication to look at."""
    db = Database(url_of(server, mix.name))
    add_adverts(db, server.get_uri(mix.name), mix.size, all_open=mix.all_open)
    db.dispose()
    publish(url_of(server, mix.name))


def publish(url: str) -> None:
    """Say that something public changed, so that nothing kept is true any longer."""
    db = Database(url)
    with db.transaction() as session:
        note_publication(session, clock.now())
    db.dispose()


@contextmanager
def running(seconds: float, only: str, mixes: set[Mix]) -> Iterator[Bench]:
    """A durable PostgreSQL, a production server for each mix, and for the council one that keeps pages."""
    with postgres_server(SHARED) as server, ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-bench-")))
        make_databases(server, mixes)
        sites = {mix: stack.enter_context(site(server, folder, mix)) for mix in mixes}
        council = sites[COUNCIL]
        with psycopg.connect(council.plain_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE limit_rows (id bigserial PRIMARY KEY, body text)")
            version = connection.execute("SHOW server_version").fetchone()
        cached = stack.enter_context(portal(folder / "cached", council.url, **CACHED))
        app = create_app(settings_for(folder, council.url, base_url=council.live.base_url))
        (folder / "limit").mkdir()
        limit = Limit(folder / "limit", council.plain_url)
        stack.enter_context(limit_server(limit))
        yield Bench(
            seconds=seconds,
            only=only,
            server=server,
            postgres=psutil.Process(server.get_pid()),
            version=str(version[0] if version else ""),
            sites=sites,
            cached=cached,
            app=app,
            db=app.extensions["portal.database"],
            limit=limit,
        )
        app.extensions["portal.database"].dispose()


@contextmanager
def site(server: PostgresServer, folder: Path, mix: Mix) -> Iterator[Site]:
    """The portal of one mix."""
    url = url_of(server, mix.name)
    with portal(folder / mix.name, url, TRUSTED_PROXIES="1", **UNCACHED) as live:
        yield Site(mix, url, server.get_uri(mix.name), live)


@contextmanager
def portal(folder: Path, url: str, **settings: str) -> Iterator[Live]:
    """A production server of two workers, with a folder of its own."""
    folder.mkdir()
    environ = production_environment(folder, url, NO_MAIL, WORKERS="2", **settings)  # type: ignore[arg-type]
    with production(folder, environ, worker=False) as live:
        yield live
