"""What HR’s walks through the lives of adverts share."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.support.live import Live
from tests.support.walk import Walk
from tests.vacancies.writing.pages import in_days, on

WRITER, SECOND, MANAGER = "hr@example.org", "hr.second@example.org", "hiring.manager@example.org"
LIST = "/staff/vacancies"
PUBLISHING: dict[str, Any] = {
    "publish_when": "today",
    **on("closes_on", in_days(28)),
    "closing_time": "end",
    "may_close_early": "no",
}
"""Published at once, for four weeks."""


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


def send(walk: Walk) -> str:
    """From the task list to the page of the advert; its address."""
    go(walk, "Check and send for approval")
    walk.press("Send for approval")
    walk.follow("Go to the advert")
    return urlsplit(walk.page.url).path
