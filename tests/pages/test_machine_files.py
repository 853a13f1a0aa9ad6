"""robots.txt, sitemap.xml and security.txt: what machines look for, and true whenever they look."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
import time_machine
from flask import Flask

from portal.core.database import Database
from tests.support.builders import make_vacancy
from tests.support.client import JudgingClient

SITE = "https://portal.example.org"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/vacancies", True),
        ("/vacancies/social-worker-mash", True),
        ("/fostering", True),
        ("/staff/", False),
        ("/staff/fostering", False),
        ("/applications/x", False),
        ("/fostering/enquire/about-you", False),
        ("/alerts/confirm", False),
    ],
)
def test_search_engines_are_told_what_to_leave_out(
    client: JudgingClient, path: str, *, allowed: bool
) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    robots = RobotFileParser()
    robots.parse(answer.text.splitlines())
    assert robots.can_fetch("Anybot", SITE + path) is allowed
    assert robots.site_maps() == [f"{SITE}/sitemap.xml"]


def addresses(client: JudgingClient) -> list[str]:
    """What the sitemap lists."""
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    tree = ET.fromstring(answer.text)
    return [place.text or "" for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_the_sitemap_lists_open_adverts_only(client: JudgingClient, db: Database, at: datetime) -> None:
    with db.transaction() as session:
        shown = make_vacancy(session, closes_at=at + timedelta(days=1)).slug
        closed = make_vacancy(session, closes_at=at - timedelta(days=1)).slug
    with time_machine.travel(at, tick=False):
        listed = addresses(client)
    assert f"{SITE}/vacancies/{shown}" in listed
    assert f"{SITE}/vacancies/{closed}" not in listed
    assert listed[:3] == [f"{SITE}/", f"{SITE}/vacancies", f"{SITE}/fostering"]


def test_every_fixed_page_of_the_sitemap_is_there(client: JudgingClient) -> None:
    for address in addresses(client):
        assert client.get(address.removeprefix(SITE)).status_code == 200


def security_lines(client: JudgingClient) -> dict[str, str]:
    """The fields of security.txt."""
    answer = client.get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in answer.text.splitlines() if line)


def test_security_txt_has_the_fields_of_the_standard(client: JudgingClient) -> None:
    lines = security_lines(client)
    assert lines["Contact"] == "mailto:security@example.org"
    assert lines["Canonical"] == f"{SITE}/.well-known/security.txt"
    assert lines["Preferred-Languages"] == "en"


@pytest.mark.parametrize("years", [0, 1, 10])
def test_security_txt_never_runs_out_and_never_lasts_a_year(
    client: JudgingClient, at: datetime, years: int
) -> None:
    moment = at + timedelta(days=365 * years)
    with time_machine.travel(moment, tick=False):
        expires = datetime.fromisoformat(security_lines(client)["Expires"])
    assert timedelta(days=30) < expires - moment < timedelta(days=365)


def test_they_are_public_and_may_be_kept(client: JudgingClient, app: Flask) -> None:
    for path in ("/robots.txt", "/sitemap.xml", "/.well-known/security.txt"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert "public" in answer.headers["Cache-Control"]
