"""The walk itself: what it must notice, on pages made to be bad."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.support.walk import Walk, walking

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'self';"
    " frame-ancestors 'none'; style-src 'self'; script-src 'self'; img-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Cache-Control": "no-store",
}
HEAD = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Hello – Council</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="icon" href="/static/icon.svg"></head><body>'
)
GOOD = HEAD + "<main><h1>Hello</h1><p>Some words.</p></main></body></html>"

BAD = {
    "Content Security Policy": GOOD.replace("</main>", "<script>document.title = 1</script></main>"),
    "answered 404": GOOD.replace("</main>", '<script src="/static/missing.js"></script></main>'),
    "another host": GOOD.replace(
        "</main>", '<img src="http://127.0.0.9/a.png" alt="" width="1" height="1"></main>'
    ),
    "axe: color-contrast": GOOD.replace("<p>", '<p class="pale">').replace(
        "</head>", '<link rel="stylesheet" href="/static/pale.css"></head>'
    ),
    "too wide": GOOD.replace("Some words.", '<img src="/static/icon.svg" alt="" width="3000" height="5">'),
    "title_agrees": GOOD.replace("<title>Hello", "<title>Goodbye"),
}
FILES = {
    "/static/icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "/static/pale.css": ".pale { color: #bbb }",
}
TYPES = {"svg": "image/svg+xml", "css": "text/css"}


class Pages(BaseHTTPRequestHandler):
    """Serves the page that its server carries, and two small files."""

    server: PageServer

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            self.reply(
                200 if self.path in FILES else 404, FILES.get(self.path, ""), TYPES.get(self.path[-3:], "")
            )
        else:
            self.reply(200, self.server.page, HEADERS["Content-Type"])

    def reply(self, status: int, body: str, kind: str) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": kind}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class PageServer(ThreadingHTTPServer):
    """A server with one page."""

    page = GOOD


@pytest.fixture
def pages() -> Iterator[PageServer]:
    server = PageServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_good_page_passes(pages: PageServer, browser: Browser, with_scripts: bool) -> None:
    with walking(browser, f"http://127.0.0.1:{pages.server_port}", "phone", scripts=with_scripts) as walk:
        walk.open("/")


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_page_is_noticed(pages: PageServer, browser: Browser, fault: str) -> None:
    pages.page = BAD[fault]
    with (
        walking(browser, f"http://127.0.0.1:{pages.server_port}", "phone", scripts=True) as walk,
        pytest.raises(AssertionError, match=fault),
    ):
        visit_twice(walk)


def visit_twice(walk: Walk) -> None:
    """What the browser says late of the first visit is told at the second."""
    walk.open("/")
    walk.page.wait_for_load_state("networkidle")
    walk.open("/")
