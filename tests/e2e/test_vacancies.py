"""HR takes adverts through their lives in a browser, and a second person approves them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from portal.core import clock
from portal.core.wording import day
from portal.vacancies.writing.journey import WRITE_ADVERT
from tests.e2e.test_staff import sign_in
from tests.support.live import Live
from tests.support.walk import Walk, walking
from tests.vacancies.writing.pages import ENTRIES, LAST, in_days, on, pages

WRITER, SECOND, MANAGER = "hr@example.org", "hr.second@example.org", "hiring.manager@example.org"
LIST = "/staff/vacancies"
TITLE = "Social worker, Holyrood"

CHOSEN: dict[str, dict[str, Any]] = {
    "title": {"title": TITLE},
    "publishing": {
        "publish_when": "today",
        **on("closes_on", in_days(28)),
        "closing_time": "end",
        "may_close_early": "no",
    },
    "responsible": {
        "hiring_manager_is": "listed",
        "hiring_manager": "Hugo Marsh (demonstration)",
        "hr_owner": "Harriet Rowe (demonstration)",
    },
}
"""What this advert says otherwise than the sample."""

SLIPS: dict[str, dict[str, Any]] = {
    "title": {"title": "SW"},
    "contract": {"contract_type": "fixed_term", **on("contract_ends_on", in_days(-1))},
    "hours": {"hours_per_week": "thirty-seven"},
    "place": {"postcode": "SO14"},
    "pay": {"pay_scale": "council", "salary_min": "45000", "salary_max": "38000"},
    "team": {"about_team": "x" * 5001},
    "workload": {"caseload_cap": "14", "caseload_average": "16"},
    "publishing": {"publish_when": "today", **on("closes_on", in_days(-1)), "closing_time": "end"},
    "after": {**on("interview_1", in_days(27))},
    "contact": {"contact_email": "sam at example"},
}
"""Mistakes; on every other page nothing is answered at first."""


@pytest.fixture(params=[("phone", False), ("desktop", True)], ids=["phone, no scripts", "desktop, scripts"])
def walk(request: pytest.FixtureRequest, browser: Browser, first_look_portal: Live) -> Iterable[Walk]:
    """Both screens, and both with and without scripts, in two walks."""
    size, scripts = request.param
    with walking(browser, first_look_portal.base_url, size, scripts=scripts) as walk:
        yield walk


def where(walk: Walk) -> str:
    """The last part of the address."""
    return walk.page.url.partition("?")[0].rstrip("/").rsplit("/", 1)[1]


def said(walk: Walk) -> str:
    """The words of the page."""
    return walk.page.get_by_role("main").inner_text()


def go(walk: Walk, name: str) -> None:
    """To where a link of this name leads, whether it looks like a link or a button."""
    main = walk.page.get_by_role("main")
    if main.get_by_role("link", name=name, exact=True).count():
        walk.follow(name)
    else:
        walk.press(name)


def sign_in_as(walk: Walk, live: Live, person: str) -> None:
    """Somebody else sits down at this window."""
    walk.open("/staff/")
    walk.press("Sign out")
    email, password = live.people[person]
    walk.open("/staff/sign-in")
    walk.answer({"email": email, "password": password})
    walk.press("Sign in")


def open_in_list(walk: Walk, state: str, title: str) -> None:
    """Find an advert where HR looks for it."""
    walk.open(f"{LIST}?state={state}")
    walk.follow(title)


def write(walk: Walk, slug: str, answers: dict[str, Any]) -> None:
    """One page of the writing, wrongly first."""
    assert where(walk) == slug
    walk.answer(SLIPS.get(slug, {}))
    walk.press("Save and continue", status=422)
    for number, entry in enumerate(ENTRIES.get(slug, ())):
        walk.press(re.compile("^Add a"))
        if number == 0:
            walk.press("Save and continue", status=422)
        walk.answer(entry)
        walk.press("Save and continue")
    walk.answer(answers)
    walk.press("Save and continue")


def leave_and_return(walk: Walk, live: Live) -> None:
    """Half of a page is kept over a night, and found again in the list of drafts."""
    walk.follow("Pay")
    walk.answer({"grade": "9"})
    walk.press("Save and come back later")
    assert "In progress" in said(walk)
    sign_in_as(walk, live, WRITER)
    open_in_list(walk, "drafts", TITLE)
    walk.follow("Pay")
    assert walk.page.locator("[name=grade]").input_value() == "9"
    walk.open(walk.page.url.rpartition("/")[0])


def write_all(walk: Walk, live: Live) -> None:
    """Every step of every section, in the order of the task list."""
    samples = pages()
    for section in WRITE_ADVERT.sections:
        if section.slug == "pay":
            leave_and_return(walk, live)
        walk.follow(section.title)
        for step in section.steps:
            answers = {**samples[step.slug], **CHOSEN.get(step.slug, {})}
            completed = {"section_completed": "yes"} if step.slug in LAST else {}
            write(walk, step.slug, {**answers, **completed})


def test_from_nothing_to_filled(walk: Walk, first_look_portal: Live) -> None:
    sign_in(walk, first_look_portal, WRITER)
    walk.open(LIST)
    go(walk, "Write an advert")
    walk.press("Begin", status=422)
    walk.answer({"begin_with": "blank"})
    walk.press("Begin")
    write_all(walk, first_look_portal)
    walk.follow("Preview the advert")
    assert walk.h1 == TITLE
    walk.follow("Go back to the writing")
    advert = send(walk)
    walk.open(f"{advert}/approve")
    assert "somebody else must approve it" in said(walk)
    walk.open("/vacancies?q=Holyrood")
    assert TITLE not in said(walk)

    sign_in_as(walk, first_look_portal, MANAGER)
    open_in_list(walk, "approval", TITLE)
    go(walk, "Approve")
    walk.press("Approve")
    walk.open("/vacancies?q=Holyrood")
    walk.follow(TITLE)
    public = walk.page.url
    assert walk.h1 == TITLE
    assert "01632 960 024" in said(walk)

    sign_in_as(walk, first_look_portal, WRITER)
    open_in_list(walk, "open", TITLE)
    go(walk, "Close it now")
    walk.press("Close it now", status=422)
    assert "(optional)" not in said(walk)
    walk.answer({"comment": "Enough good people have applied"})
    walk.press("Close it now")
    go(walk, "Record the outcome")
    walk.press("Record", status=422)
    walk.answer({"outcome": "part_filled"})
    walk.press("Record", status=422)
    walk.answer({"outcome": "filled"})
    walk.press("Record")
    walk.open(public)
    assert "We closed this vacancy early" in said(walk)
    open_in_list(walk, "ended", TITLE)
    go(walk, "Archive")
    walk.press("Archive", status=422)
    walk.page.locator("[name=confirmed]").check()
    walk.press("Archive")
    walk.follow("History with every change")
    assert "Enough good people have applied" in said(walk)
    open_in_list(walk, "archived", TITLE)


COPIED = "Social worker, Family Safeguarding"
COMMENT = "Say how many children one worker looks after"
LACKING: dict[str, dict[str, Any]] = {
    "publishing": CHOSEN["publishing"],
    "after": {**pages()["after"], "section_completed": "yes"},
    "responsible": {"hr_owner": "Harriet Rowe (demonstration)"},
    "panel": {"section_completed": "yes"},
}
"""What a copy has to be told anew."""


def complete_copy(walk: Walk) -> None:
    """The sections that a copy leaves open."""
    for section in WRITE_ADVERT.sections[-2:]:
        walk.follow(section.title)
        while (slug := where(walk)) != "write":
            walk.answer(LACKING.get(slug, {}))
            walk.press("Save and continue")


def send(walk: Walk) -> str:
    """From the task list to the page of the advert; its address."""
    go(walk, "Check and send for approval")
    walk.press("Send for approval")
    walk.follow("Go to the advert")
    return urlsplit(walk.page.url).path


def extend(walk: Walk) -> None:
    """Two weeks longer, which crosses dates of the advert."""
    go(walk, "Extend the closing time")
    walk.press("Extend", status=422)
    walk.answer({**on("closes_on", in_days(42)), "reason": "no_applications"})
    walk.press("Extend", status=422)
    walk.page.locator("[name=take_off]").check()
    walk.answer(on("decision_promised_on", in_days(60)))
    walk.press("Extend")
    assert "The closing time is moved." in said(walk)


def test_sent_back_approved_extended_and_cancelled(walk: Walk, first_look_portal: Live) -> None:
    sign_in(walk, first_look_portal, WRITER)
    walk.open(f"{LIST}/new")
    walk.answer({"begin_with": "copy", "copied": "SCC-CS-0000-0000"})
    walk.press("Begin", status=422)
    walk.answer({"copied": f"SCC-CS-{clock.today().year}-9002"})
    walk.press("Begin")
    complete_copy(walk)
    advert = send(walk)

    sign_in_as(walk, first_look_portal, SECOND)
    walk.open(advert)
    go(walk, "Send back with comments")
    walk.press("Send back", status=422)
    walk.answer({"comment": COMMENT})
    walk.press("Send back")

    sign_in_as(walk, first_look_portal, WRITER)
    walk.open(advert)
    assert COMMENT in said(walk)
    walk.follow("Go on with the writing")
    assert COMMENT in said(walk)
    walk.follow("About the role")
    for step in ("about", "team", "workload"):
        assert where(walk) == step
        walk.answer({"caseload_cap": "15", "caseload_average": "13"} if step == "workload" else {})
        walk.press("Save and continue")
    walk.open(f"{advert}/write/")
    send(walk)

    sign_in_as(walk, first_look_portal, SECOND)
    walk.open(advert)
    go(walk, "Approve")
    walk.press("Approve")
    walk.follow("The advert as the public sees it")
    public = walk.page.url
    assert "15" in said(walk)

    sign_in_as(walk, first_look_portal, WRITER)
    walk.open(advert)
    extend(walk)
    walk.open(public)
    assert day(in_days(42)) in said(walk)
    walk.open(advert)
    go(walk, "Cancel the recruitment")
    walk.press("Cancel the recruitment", status=422)
    walk.answer({"comment": "The team is merged with another"})
    walk.press("Cancel the recruitment")
    walk.open(public)
    assert "We withdrew this vacancy" in said(walk)
