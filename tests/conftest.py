"""Fixtures for every test; what they are made of is in tests/support/, how to use them in docs/testing.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner

from portal import create_app
from portal.core.database import Database
from tests.support import compiled, html_at_end, sockets, watch
from tests.support.client import JudgingClient, client_of
from tests.support.databases import (
    QUICK,
    PostgresDatabase,
    PostgresServer,
    SqliteDatabase,
    TestDatabase,
    postgres_server,
    quick_folder,
)
from tests.support.lasting import LastingApps
from tests.support.mailbox import Mailbox
from tests.support.people import SignIn, SignInCandidate
from tests.support.schema import build_schema
from tests.support.settings import settings_for
from tests.support.smtp import SmtpServer, smtp_server

sockets.guard()
watch.listen()
hypothesis.settings.register_profile("portal", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("portal")

MakeApp = Callable[..., Flask]

LONGEST = {"tests/e2e": 0, "tests/meta": 1}
"""Folders whose tests begin first where files run side by side."""


def pytest_addoption(parser: pytest.Parser) -> None:
    html_at_end.add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(html_at_end.HtmlAtEnd(config))
    if not hasattr(config, "workerinput"):
        compiled.begin()
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # it begins with the files of most tests, not the longest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, lest one process ends with them while the others wait."""
    items.sort(key=lambda item: LONGEST.get(item.nodeid.partition("/test_")[0], len(LONGEST)))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        compiled.end()


@pytest.fixture(autouse=True)
def stays_on_this_machine() -> Iterator[None]:
    """Fail a test that tried to reach another machine, even where the refusal was swallowed."""
    sockets.refused.clear()
    yield
    assert not sockets.refused, f"the test tried to leave this machine: {sockets.refused}"


@pytest.fixture(scope="session")
def sqlite_database() -> Iterator[SqliteDatabase]:
    """The SQLite file of this run."""
    folder = quick_folder()
    database = SqliteDatabase(folder, build_schema)
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, started for this run."""
    with postgres_server(QUICK) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_database(postgres: PostgresServer) -> Iterator[PostgresDatabase]:
    """The PostgreSQL database of this run."""
    database = PostgresDatabase(postgres, build_schema)
    yield database
    database.close()


@pytest.fixture
def spare_database(database: TestDatabase) -> Iterator[str]:
    """The URL of another, wholly empty database of the kind at hand: for tests of migrations."""
    with database.spare() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> TestDatabase:
    """Both databases in turn: whatever uses it runs twice."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    found: TestDatabase = request.getfixturevalue(name)
    return found


@pytest.fixture(scope="session")
def apps_by_database() -> dict[str, LastingApps]:
    """They outlast `database`, which ends whenever tests go on to the other kind: in each file once."""
    return {}


@pytest.fixture(scope="session")
def lasting_apps(database: TestDatabase, apps_by_database: dict[str, LastingApps]) -> Iterator[LastingApps]:
    """`lasting_apps.make()`: an application for many tests, to which some may add pages of their own."""
    apps = apps_by_database.setdefault(database.kind, LastingApps(database))
    yield apps
    apps.let_go()


@pytest.fixture(scope="session")
def shared_app(lasting_apps: LastingApps) -> Flask:
    """One application a database, for most tests."""
    return lasting_apps.shared


@pytest.fixture(scope="session")
def sqlite_app(sqlite_database: SqliteDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application to look at (its routes, its templates), for tests that need no database and run once."""
    app = create_app(settings_for(tmp_path_factory.mktemp("looked-at"), sqlite_database.url))
    yield app
    app.extensions["portal.database"].dispose()


@pytest.fixture
def app(
    shared_app: Flask, lasting_apps: LastingApps, database: TestDatabase, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """The application on an empty, migrated database."""
    watch.current = watch.Watch(request.node.nodeid)
    if database.kind == "sqlite":
        lasting_apps.let_go()
    database.empty()
    yield shared_app
    assert not watch.current.faults, "\n".join(watch.current.faults)


@pytest.fixture
def make_app(app: Flask, database: TestDatabase, tmp_path: Path) -> Iterator[MakeApp]:
    """More applications on the same database, with other settings: `make_app(page_cache_seconds=60)`."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        another = create_app(settings_for(tmp_path, database.url, **changes))
        watch.attach(another)
        made.append(another)
        return another

    yield make
    for another in made:
        another.extensions["portal.database"].dispose()


@pytest.fixture
def client(app: Flask) -> JudgingClient:
    """A visitor whose every answer is judged."""
    return client_of(app, watch.current)


@pytest.fixture
def make_client(app: Flask) -> Callable[..., JudgingClient]:
    """More visitors, each with cookies of their own; of another application where one is given."""
    return lambda another=None: client_of(another or app, watch.current)


@pytest.fixture
def db(app: Flask) -> Database:
    """The database: `with db.transaction() as session:`, `with db.reading() as session:`."""
    found: Database = app.extensions["portal.database"]
    return found


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The command line: `runner.invoke(args=["audit", "verify"])`."""
    return app.test_cli_runner()


@pytest.fixture
def mailbox(db: Database) -> Mailbox:
    """The mail queued so far, oldest first: rows of OutgoingMail."""
    return Mailbox(db)


@pytest.fixture
def sign_in(app: Flask, db: Database) -> SignIn:
    """`sign_in("fostering")`: a client of a signed-in member of staff with that role."""
    return SignIn(app, db)


@pytest.fixture
def sign_in_candidate(app: Flask, db: Database) -> SignInCandidate:
    """`sign_in_candidate()`: a client of a signed-in candidate."""
    return SignInCandidate(app, db)


@pytest.fixture
def statements() -> Callable[[], Any]:
    """`with statements() as found:` collects the SQL statements executed in the block."""
    return watch.current.counting


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """A real mail server: `smtp.host`, `smtp.port`, `smtp.inbox.wait_for(1)`."""
    with smtp_server() as server:
        yield server


@pytest.fixture
def at() -> datetime:
    """A Monday morning: 23 November 2026, 10:00 UTC (and London)."""
    return datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def at_rest(at: datetime) -> Iterator[None]:
    """The wall clock stands still then."""
    with time_machine.travel(at, tick=False):
        yield
