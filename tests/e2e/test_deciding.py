"""HR takes one application to an offer and answers everyone else, each step once wrongly first."""

from __future__ import annotations

import re
from typing import Any

from tests.e2e.adverts import MANAGER, said, sign_in_as
from tests.e2e.applicants import apply_to, let_the_interview_pass
from tests.e2e.test_staff import sign_in
from tests.support.live import Live
from tests.support.walk import Walk
from tests.vacancies.writing.pages import in_days, on

APPLICATIONS = "/staff/applications"
CHANGE = re.compile("^Change to")


def move(
    walk: Walk,
    page: str,
    label: str,
    wrong: dict[str, Any] | None = None,
    right: dict[str, Any] | None = None,
) -> None:
    """From an application’s page to another status; wrongly first where anything is asked."""
    walk.open(page)
    walk.follow(label)
    if wrong:
        walk.answer(wrong)
        walk.press(CHANGE, status=422)
    walk.answer(right or {})
    walk.press(CHANGE)
    assert "Nothing was sent to the candidate" in said(walk)


def begin_shortlisting(walk: Walk) -> None:
    """Nothing chosen, then everybody."""
    walk.press("Continue", status=422)
    walk.follow("Choose all on this page")
    walk.answer({"to": "sifting"})
    walk.press("Continue")
    walk.press(CHANGE)
    assert walk.h1 == "4 applications changed"


def find_by_reference_alone(walk: Walk, vacancy: str, reference: str) -> None:
    """Before shortlisting a name finds nobody."""
    walk.open(f"{APPLICATIONS}/{vacancy}/find")
    walk.answer({"q": ""})
    walk.press("Find", status=422)
    walk.answer({"q": "Winterbourne"})
    walk.press("Find")
    assert "No application to this vacancy is found by that" in said(walk)
    walk.answer({"q": reference.removeprefix("APP-")})
    walk.press("Find")
    walk.follow(reference)
    assert "Winterbourne" not in said(walk)


def turn_two_down(walk: Walk, vacancy: str, third: str, fourth: str) -> None:
    """Together, and one of them by mistake."""
    walk.open(f"{APPLICATIONS}/{vacancy}/change?tab=new&to=not_shortlisted&ref={third}&ref={fourth}")
    walk.press(CHANGE, status=422)
    walk.answer({"reasons": ["essential", "lower_score"], "criteria": ["1"]})
    walk.press(CHANGE)
    walk.follow(third)
    walk.press(re.compile("^Undo"))
    assert "as they were before it" in said(walk)
    page = f"{APPLICATIONS}/{vacancy}/{third}"
    move(walk, page, "Reserve", {"note": "x" * 1001}, {"note": "Keep for a second post"})


def take_to_an_offer(walk: Walk, live: Live, page: str) -> None:
    """A note, shortlisted, invited, interviewed, offered."""
    walk.open(page)
    walk.press("Keep the note", status=422)
    walk.answer({"text": "Strong on direct work.\nAsk about travel."})
    walk.press("Keep the note")
    move(walk, page, "Shortlisted")
    walk.open(page)
    assert "Adeyemi-Winterbourne" in said(walk)
    soon = {**on("interview_on", in_days(3)), "interview_time": "2:30pm"}
    move(walk, page, "Invited to interview", {**soon, "interview_time": "soon"}, soon)
    walk.open(page)
    assert "can be recorded from then on" in said(walk)
    let_the_interview_pass(live, page.rpartition("/")[2])
    move(walk, page, "Interviewed")
    move(walk, page, "Conditional offer")


def answer_everybody(walk: Walk, vacancy: str) -> None:
    """HR reads what waits, and sends it."""
    walk.open(f"{APPLICATIONS}/{vacancy}")
    walk.follow("Answers to send")
    walk.follow("Send all that are ready")
    walk.press(re.compile("^Send"))
    assert "sent" in said(walk)
    walk.open(f"{APPLICATIONS}/{vacancy}?tab=not_progressing")
    assert "Not told yet" not in said(walk)


def look_beside(walk: Walk, vacancy: str, application: str) -> None:
    """What HR takes with it, and keeps; each form left empty once."""
    here = f"{APPLICATIONS}/{vacancy}"
    for page, button in (
        (f"{here}/export", "Export"),
        (f"{APPLICATIONS}/export", "Export"),
        (f"{here}/copies", "Download copies"),
        (f"{APPLICATIONS}/keeping/{vacancy}/hold", "Put on legal hold"),
    ):
        walk.open(page)
        walk.press(button, status=422)
    for page in ("numbers", "equality", f"{application}/copy", "?tab=offered", "?tab=new&only=flags"):
        walk.open(f"{here}{page}" if page.startswith("?") else f"{here}/{page}")
    for page in (APPLICATIONS, f"{APPLICATIONS}?show=archived", f"{APPLICATIONS}/equality"):
        walk.open(page)
    walk.open(f"{APPLICATIONS}/keeping")


def test_one_is_offered_the_post_and_everybody_else_is_answered(
    hr_walk: Walk, first_look_portal: Live
) -> None:
    walk, live = hr_walk, first_look_portal
    title = f"Social worker, Weston, {walk.size}"
    vacancy, (first, second, third, fourth) = apply_to(live, title, MANAGER)
    sign_in(walk, live, "hr")
    walk.follow("Applications")
    walk.follow(title)
    assert "Winterbourne" not in said(walk)
    begin_shortlisting(walk)
    find_by_reference_alone(walk, vacancy, first)
    turn_two_down(walk, vacancy, third, fourth)
    take_to_an_offer(walk, live, f"{APPLICATIONS}/{vacancy}/{first}")

    sign_in_as(walk, live, MANAGER)
    walk.open(APPLICATIONS)
    walk.follow(title)
    for one, reason in ((second, "not_registered"), (third, "lower_score")):
        page = f"{APPLICATIONS}/{vacancy}/{one}"
        move(walk, page, "Not shortlisted", {"note": "Without a reason"}, {"reasons": [reason], "note": ""})
    walk.open(f"{APPLICATIONS}/{vacancy}?tab=not_progressing")
    assert "Wiśniewski" not in said(walk)
    assert "Not told yet" in said(walk)
    walk.open(f"{APPLICATIONS}/{vacancy}?tab=offered&sort=name")
    assert "Adeyemi-Winterbourne" in said(walk)

    sign_in_as(walk, live, "hr")
    answer_everybody(walk, vacancy)
    look_beside(walk, vacancy, first)
