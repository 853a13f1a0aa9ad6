"""The fostering team’s day in a browser: sign in, take the first enquiry, record an attempt, export."""

from __future__ import annotations

import csv
import io
import re

from tests.e2e.conftest import Start
from tests.support.live import Live
from tests.support.walk import Walk


def sign_in(walk: Walk, live: Live, role: str) -> None:
    """Sign in, wrongly first."""
    email, password = live.people[role]
    walk.open("/staff/")
    assert walk.page.url.partition("?")[0].endswith("/staff/sign-in")
    walk.press("Sign in", status=422)
    walk.answer({"email": email, "password": password})
    walk.press("Sign in")
    assert walk.page.url.endswith("/staff/")


def test_the_fostering_team_works_its_queue(start: Start, first_look_portal: Live) -> None:
    with start(first_look_portal) as walk:
        sign_in(walk, first_look_portal, "fostering")
        walk.open("/staff/fostering")
        reference = (
            walk.page.get_by_role("main")
            .locator('a[href^="/staff/fostering/FOS"]')
            .first.get_attribute("href")
        )
        assert reference
        walk.open(reference)
        walk.page.locator("form", has=walk.page.locator('[name="kind"]')).get_by_role(
            "button"
        ).last.wait_for()
        walk.press(re.compile("Record"), status=422)
        walk.answer({"kind": "CALL_OUT", "outcome": "CALL_BACK_AT"})
        assert walk.page.get_by_label("Time to call back").is_visible()
        walk.answer({"kind": "CALL_OUT", "outcome": "NO_ANSWER"})
        walk.press(re.compile("Record"))
        assert "No answer" in walk.page.get_by_role("main").inner_text()
        walk.open("/staff/fostering?due=overdue")
        walk.open("/staff/fostering?which=CLOSED")
        walk.answer({"q": reference.rsplit("/", 1)[1]})
        walk.press(re.compile("Find|Search"))
        assert reference.rsplit("/", 1)[1] in walk.page.get_by_role("main").inner_text()


def test_the_fostering_team_exports(start: Start, first_look_portal: Live) -> None:
    with start(first_look_portal) as walk:
        sign_in(walk, first_look_portal, "fostering_manager")
        walk.open("/staff/fostering/export")
        walk.press("Export", status=422)
        walk.answer({"statuses": ["OPEN", "CLOSED"], "file_format": "csv", "purpose": "TEAM_REVIEW"})
        with walk.page.expect_download() as download:
            walk.page.get_by_role("button", name="Export").click()
        content = download.value.path().read_bytes()
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert rows
        walk.press("Sign out")
        walk.open("/staff/fostering")
        assert walk.page.url.partition("?")[0].endswith("/staff/sign-in")


def test_an_administrator_looks_after_people(start: Start, first_look_portal: Live) -> None:
    with start(first_look_portal) as walk:
        sign_in(walk, first_look_portal, "admin")
        for path in (
            "/staff/people",
            "/staff/people/add",
            "/staff/audit",
            "/staff/operations",
            "/staff/password",
        ):
            walk.open(path)
        walk.open("/staff/people/add")
        walk.press(re.compile("Add"), status=422)
        walk.open("/staff/people")
        walk.page.get_by_role("main").locator('a[href^="/staff/people/"]').first.wait_for()
        walk.open("/staff/fostering", status=403)


SIDEWAYS = """() => [...document.querySelectorAll(".table-scroll")]
  .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.scrollWidth)"""
LABELS = """() => [...document.querySelectorAll("main td")]
  .map(cell => getComputedStyle(cell, "::before").content).filter(label => label === "none").length"""


def test_no_table_has_to_be_pushed_sideways_on_a_phone(start: Start, first_look_portal: Live) -> None:
    """Each row is a card whose cells say what they are, which screen readers speak too."""
    with start(first_look_portal) as walk:
        pages = {
            "admin": ["people", "audit", "operations"],
            "fostering": ["fostering"],
            "hr": [
                "vacancies",
                "vacancies?state=drafts",
                "vacancies?state=ended",
                "vacancies?q=social",
                "vacancies/templates",
                "inspections",
            ],
        }
        for role, names in pages.items():
            sign_in(walk, first_look_portal, role)
            for name in names:
                walk.open(f"/staff/{name}")
                if walk.size == "phone":
                    assert not walk.page.evaluate(SIDEWAYS), name
                    assert not walk.page.evaluate(LABELS), name
            walk.press("Sign out")
