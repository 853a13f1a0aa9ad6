"""What a first visit weighs: bytes on the wire and requests, as a browser would fetch them."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from tests.support.markup import Document

BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Accept": "text/html,*/*", "User-Agent": "bench"}


@dataclass
class Weight:
    """Bytes of heads and compressed bodies, and how many answers."""

    path: str
    bytes: int = 0
    requests: int = 0
    again: int = 0
    """Bytes of a second visit with everything kept that may be."""


def fetch(
    base_url: str, path: str, headers: dict[str, str], *, timeout: float = 20
) -> tuple[int, dict[str, str], bytes, int]:
    """Status, headers, body as sent, and the whole answer's size."""
    host = urlsplit(base_url)
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=timeout)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        size = len(body) + sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 19
        return answer.status, {name.casefold(): value for name, value in answer.getheaders()}, body, size
    finally:
        connection.close()


def weigh(base_url: str, path: str) -> Weight:
    """The page and everything that it makes a browser fetch at once."""
    found = Weight(path)
    status, headers, _body, size = fetch(base_url, path, BROWSER)
    if status != 200:
        raise ValueError(f"{path} answered {status}")
    found.bytes, found.requests = size, 1
    kept = {"If-None-Match": headers["etag"]} if "etag" in headers else {}
    found.again = fetch(base_url, path, {**BROWSER, **kept})[3]
    _, _, plain, _ = fetch(base_url, path, {})
    for address in parts(Document(plain.decode())):
        status, headers, _body, size = fetch(base_url, urljoin(path, address), BROWSER)
        if status != 200:
            raise ValueError(f"{address} answered {status}")
        found.bytes += size
        found.requests += 1
        if "immutable" not in headers.get("cache-control", ""):
            found.again += size
    return found


def parts(page: Document) -> list[str]:
    """Style sheets, icons, scripts and pictures of a page, each once."""
    links = [
        link["href"] for link in page.all("link") if link.get("rel") in ("stylesheet", "icon", "preload")
    ]
    sources = [element["src"] for element in page.all("script", "img") if "src" in element.attrs]
    return list(dict.fromkeys(links + sources))
