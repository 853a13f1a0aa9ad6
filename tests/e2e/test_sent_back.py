"""HR’s copy of an advert is sent back, approved, extended and cancelled in a browser."""

from __future__ import annotations

from typing import Any

from portal.core import clock
from portal.core.wording import day
from portal.vacancies.writing.journey import WRITE_ADVERT
from tests.e2e.adverts import LIST, PUBLISHING, SECOND, WRITER, go, said, send, sign_in_as, where
from tests.e2e.test_staff import sign_in
from tests.support.live import Live
from tests.support.walk import Walk
from tests.vacancies.writing.pages import in_days, on, pages

COMMENT = "Say how many children one worker looks after"
LACKING: dict[str, dict[str, Any]] = {
    "publishing": PUBLISHING,
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


def test_sent_back_approved_extended_and_cancelled(hr_walk: Walk, first_look_portal: Live) -> None:
    walk = hr_walk
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
