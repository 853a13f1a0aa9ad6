"""What the tests of hostile input share: every page, bodies in any encoding, and the one promise."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask

from tests.fostering.households import PAGES
from tests.support.client import Answer, Value
from tests.support.routes import routes_of
from tests.support.samples import ENQUIRE, Samples


def pages(app: Flask, samples: Samples) -> list[str]:
    """The address of every page, and of every page of the enquiry."""
    found = [samples.address(route) for route in routes_of(app) if "GET" in route.methods]
    return sorted({*found, *(f"{ENQUIRE}/{slug}" for slug, _ in PAGES)})


def fine(answer: Answer, what: str) -> None:
    """No answer is a failure of ours."""
    assert answer.status_code < 500, (
        f"{answer.request.method} {answer.request.path} → {answer.status_code}: {what}"
    )


def body_of(data: dict[str, Value]) -> bytes:
    """URL-encoded, lone surrogates and all."""
    pairs = []
    for name, value in data.items():
        several = [value] if isinstance(value, str) else list(value or [])
        pairs += [f"{quote(name)}={quote(one.encode('utf-8', 'surrogatepass'))}" for one in several]
    return "&".join(pairs).encode()
