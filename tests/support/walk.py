"""Walking through the portal in a real browser, looking at every page on the way.

Each page is judged as in other tests, by axe-core at the size of the screen, for anything that does not fit
that screen, and for whatever the browser itself complains of: blocked scripts and styles, failed requests,
requests to other hosts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, Response, Route
from werkzeug.datastructures import Headers

from tests.support.browser import chromium_executable
from tests.support.headers import judge_response
from tests.support.html_checker import collected
from tests.support.judge import judge_page
from tests.support.markup import Document
from tests.support.sources import ROOT

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
SIZES: dict[str, dict[str, Any]] = {"phone": PHONE, "desktop": DESKTOP}

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK_AXE = """async rules => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]});
  const where = violation => violation.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(" | ");
  return found.violations.map(violation => violation.id + ": " + violation.help + " " + where(violation));
}"""
AXE_AT_HAND = "window.bringAxe = () => {%s\n}"
"""Given to a browser window once, for all its pages: to send it to each takes as long as axe’s work."""
KINDS = """names => Object.fromEntries(names.map(
  name => [name, document.querySelector(`[name="${CSS.escape(name)}"]`).type]))"""
"""The kind of each field, in one trip to the browser; a field that is not there is an error."""
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > width + 1)
    .map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right)).slice(0, 5);
}"""


PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of every page on the way, narrow and wide, to look at."""
number_of_picture = count(1)

found_good: set[object] = set()
"""Sizes and structures of pages that were looked at in this run."""


@cache
def axe_source() -> str:
    """axe-core's program."""
    return AXE.read_text()


def launch(playwright: Playwright) -> Browser:
    """Chromium, resolving no name but this machine's."""
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=chromium_executable(), args=arguments)


class Walk:
    """One person with one browser window."""

    def __init__(self, browser: Browser, base_url: str, size: str, *, scripts: bool) -> None:
        self.base_url = base_url
        self.size = size
        self.scripts = scripts
        self.context: BrowserContext = browser.new_context(
            **SIZES[size], base_url=base_url, java_script_enabled=scripts, locale="en-GB"
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.twin = None if scripts else browser.new_context(**SIZES[size], locale="en-GB").new_page()
        (self.twin or self.page).context.add_init_script(AXE_AT_HAND % axe_source())
        self.complaints: list[str] = []
        self.response: Response | None = None
        self.typed: tuple[str, ...] = ()
        self._listen(self.page)
        if self.twin is not None:
            self._listen(self.twin)

    def close(self) -> None:
        """Close the window."""
        self.context.close()
        if self.twin is not None:
            self.twin.context.close()

    def _listen(self, page: Page) -> None:
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("requestfailed", lambda request: self._failed(request.url, request.failure or ""))
        page.on("request", lambda request: self._left(request.url))
        page.on("response", self._answered)

    def _said(self, kind: str, text: str) -> None:
        if "Failed to load resource" in text:
            return  # statuses are looked at page by page
        if kind in ("error", "warning") or "Content Security Policy" in text:
            self.complaints.append(f"console: {text}")

    def _failed(self, url: str, why: str) -> None:
        if "ERR_ABORTED" not in why and "ERR_FAILED" not in why:
            self.complaints.append(f"request failed: {url} {why}")

    def _answered(self, response: Response) -> None:
        if response.request.resource_type != "document" and response.status >= 400:
            self.complaints.append(f"{response.url} answered {response.status}")

    def _left(self, url: str) -> None:
        if urlsplit(url).scheme in ("http", "https") and not url.startswith(self.base_url):
            self.complaints.append(f"request to another host: {url}")

    # Moving about

    def open(self, path: str, status: int = 200) -> Page:
        """Type an address."""
        return self._arrive(self.page.goto(path), status)

    def follow(self, name: str | re.Pattern[str], status: int = 200) -> Page:
        """Click the first link of this name in the main part of the page, else anywhere."""
        links = self.page.get_by_role("main").get_by_role("link", name=name)
        if links.count() == 0:
            links = self.page.get_by_role("link", name=name)
        return self._click(links.first, status)

    def press(self, name: str | re.Pattern[str], status: int = 200) -> Page:
        """Click the button of this name."""
        return self._click(self.page.get_by_role("button", name=name).first, status)

    def _click(self, target: Locator, status: int) -> Page:
        with self.page.expect_navigation() as navigation:
            target.click()
        return self._arrive(navigation.value, status)

    # Filling in

    def answer(self, answers: Mapping[str, str | Sequence[str]]) -> None:
        """Fill in fields by their names, choices by their values."""
        kinds = self.page.evaluate(KINDS, list(answers))
        for name, value in answers.items():
            field = self.page.locator(f'[name="{name}"]').first
            if kinds[name] in ("radio", "checkbox"):
                for choice in [value] if isinstance(value, str) else value:
                    self.page.locator(f'[name="{name}"][value="{choice}"]').check()
            elif kinds[name].startswith("select"):
                field.select_option(str(value))
            elif field.is_visible():
                field.fill(str(value))
                self.typed += (str(value),)

    # Looking

    @property
    def h1(self) -> str:
        """The heading of the page."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def _arrive(self, response: Response | None, status: int) -> Page:
        assert response is not None, "nothing answered"
        assert response.status == status, f"{response.url} answered {response.status}: {self.page.title()}"
        self.response = response
        where = f"{response.request.method} {urlsplit(response.url).path} → {response.status}"
        html = response.text()
        headers = Headers([(entry["name"], entry["value"]) for entry in response.headers_array()])
        faults = judge_response(headers, secure=False)
        if headers.get("Content-Type", "").startswith("text/html"):
            page = Document(html)
            faults += judge_page(
                page, status=response.status, path=urlsplit(response.url).path, typed=self.typed
            )
            collected.add(html, f"the walk: {where}", page)
            faults += self._look_once(response, html, page)
        complaints, self.complaints = self.complaints, []
        assert not faults + complaints, f"{where}\n  " + "\n  ".join(faults + complaints)
        if PICTURES:
            self._take_pictures(response)
        return self.page

    def _take_pictures(self, response: Response) -> None:
        """The whole page at each size, named in the order of the walk."""
        place = re.sub(r"[^A-Za-z0-9]+", "-", urlsplit(response.url).path).strip("-")[-60:]
        name = f"{next(number_of_picture):03}-{place}-{response.status}"
        for size, options in SIZES.items():
            self.page.set_viewport_size(options["viewport"])
            self.page.screenshot(path=Path(PICTURES) / f"{name}-{size}.png", full_page=True)
        self.page.set_viewport_size(SIZES[self.size]["viewport"])

    def _look_once(self, response: Response, html: str, page: Document) -> list[str]:
        """A page built like one that was found good at this size is not looked at again."""
        key = (self.size, self.scripts, page.shape())
        if key in found_good:
            return []
        faults = self._look(response, html)
        if not faults:
            found_good.add(key)
        return faults

    def _look(self, response: Response, html: str) -> list[str]:
        """What axe finds, and what does not fit the screen."""
        page = self.page
        if self.twin is not None:
            page = self.twin
            self._show_in_twin(response.url, html)
        page.evaluate("bringAxe()")
        found = [f"axe: {fault}" for fault in page.evaluate(ASK_AXE, RULES)]
        return found + [f"too wide: {fault}" for fault in page.evaluate(TOO_WIDE)]

    def _show_in_twin(self, url: str, html: str) -> None:
        """The same page in a window where axe can run, the page's own scripts kept away."""
        twin = self.twin
        assert twin is not None

        def serve(route: Route) -> None:
            kind = route.request.resource_type
            if kind == "document":
                route.fulfill(status=200, content_type="text/html; charset=utf-8", body=html)
            elif kind == "script":
                route.fulfill(status=200, content_type="text/javascript", body="")
            else:
                route.continue_()

        twin.unroute_all()
        twin.route("**/*", serve)
        twin.goto(url)


@contextmanager
def walking(browser: Browser, base_url: str, size: str, *, scripts: bool) -> Iterator[Walk]:
    """A browser window of this size, with or without JavaScript."""
    walk = Walk(browser, base_url, size, scripts=scripts)
    try:
        yield walk
    finally:
        walk.close()
