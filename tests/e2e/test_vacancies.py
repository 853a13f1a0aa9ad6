"""HR takes an advert from nothing to filled in a browser, and a second person approves it."""

from __future__ import annotations

import re
from typing import Any

from portal.vacancies.writing.journey import WRITE_ADVERT
from tests.e2e.adverts import (
    LIST,
    MANAGER,
    PUBLISHING,
    WRITER,
    go,
    open_in_list,
    said,
    send,
    sign_in_as,
    where,
)
from tests.e2e.test_staff import sign_in
from tests.support.live import Live
from tests.support.walk import Walk
from tests.vacancies.writing.pages import ENTRIES, LAST, in_days, on, pages

TITLE = "Social worker, Holyrood"

CHOSEN: dict[str, dict[str, Any]] = {
    "title": {"title": TITLE},
    "publishing": PUBLISHING,
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


def test_from_nothing_to_filled(hr_walk: Walk, first_look_portal: Live) -> None:
    walk = hr_walk
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
