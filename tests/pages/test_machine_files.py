"""robots.txt, sitemap.xml and security.txt: what machines look for, and true whenever they look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
import time_machine
from flask import Flask

from portal.core.database import Database
from portal.pages import public
from tests.support.builders import make_vacancy
from tests.support.client import JudgingClient
from tests.support.sitemap_checker import judge_sitemap

SITE = "https://portal.example.org"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


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
    return [place.text or "" for place in tree.iter(LOC)]


def test_every_sitemap_is_as_the_standard_has_it(client: JudgingClient, db: Database, at: datetime) -> None:
    with db.transaction() as session:
        slug = make_vacancy(session, updated_at=at - timedelta(hours=2)).slug
    with time_machine.travel(at, tick=False):
        answer = client.get("/sitemap.xml")
    assert judge_sitemap(answer.data, f"{SITE}/sitemap.xml") == []
    line = f"<loc>{SITE}/vacancies/{slug}</loc><lastmod>2026-11-23T08:00:00Z</lastmod>"
    assert line in answer.text


def test_very_many_adverts_are_listed_in_parts(
    client: JudgingClient,
    db: Database,
    at: datetime,
    statements: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(public, "SITEMAP_ADVERTS", 2)
    with db.transaction() as session:
        slugs = {make_vacancy(session, criteria=[]).slug for _ in range(5)}
    listed: list[str] = []
    with time_machine.travel(at, tick=False):
        index = addresses(client)
        assert index == [f"{SITE}/sitemap-{number}.xml" for number in (1, 2, 3)]
        assert judge_sitemap(client.get("/sitemap.xml").data, f"{SITE}/sitemap.xml") == []
        for part in index:
            with statements() as found:
                answer = client.get(part.removeprefix(SITE))
            assert len(found) <= 2, found
            assert judge_sitemap(answer.data, part) == []
            listed += [place.text or "" for place in ET.fromstring(answer.text).iter(LOC)]
        for beyond in (
            "/sitemap-4.xml",
            "/sitemap-9999999999999999999.xml",
            "/sitemap-0.xml",
            "/sitemap-².xml",
        ):
            assert client.get(beyond).status_code == 404
    assert len(listed) == len(set(listed))
    assert {f"{SITE}/vacancies/{slug}" for slug in slugs} < set(listed)
    assert f"{SITE}/fostering" in listed


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
