"""A browser, and the portal as people run it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.live import Live, first_look
from tests.support.walk import Walk, launch, walking

Start = Callable[..., AbstractContextManager[Walk]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, for the whole run."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def first_look_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """`portal up` with its demonstration data."""
    with first_look(tmp_path_factory.mktemp("up")) as live:
        yield live


@pytest.fixture(
    params=[("phone", True), ("phone", False), ("desktop", True)],
    ids=["phone, scripts", "phone, no scripts", "desktop, scripts"],
)
def start(request: pytest.FixtureRequest, browser: Browser) -> Start:
    """`with start(live) as walk:` opens a window of the size and kind of this test.

    A wide window without scripts shows nothing that these three do not.
    """
    size, scripts = request.param
    return lambda live: walking(browser, live.base_url, size, scripts=scripts)


@pytest.fixture(params=[("phone", False), ("desktop", True)], ids=["phone, no scripts", "desktop, scripts"])
def hr_walk(request: pytest.FixtureRequest, browser: Browser, first_look_portal: Live) -> Iterator[Walk]:
    """Both screens, and both with and without scripts, in two walks."""
    size, scripts = request.param
    with walking(browser, first_look_portal.base_url, size, scripts=scripts) as walk:
        yield walk
