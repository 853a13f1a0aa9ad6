"""The test client: a browser without a screen that judges every answer it gets.

`get` and `post` are Flask's. `post_form` does what a browser does: fetches the page, takes over every
field as it stands there, types, and sends. `answer.page` is the parsed page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.headers import judge_response
from tests.support.judge import CONTROLS, judge_page, submit_buttons
from tests.support.markup import Document, Element
from tests.support.watch import Watch

Value = str | Iterable[str] | None

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class Answer(TestResponse):
    """A response; HTML has been parsed and judged."""

    _page: Document | None = None

    @property
    def page(self) -> Document:
        """The page; fails where there is none."""
        if self._page is None:
            assert self.mimetype == "text/html", f"{self.request.path} answered {self.mimetype}, not a page"
            self._page = Document(self.text)
        return self._page


class JudgingClient(FlaskClient):
    """Fails the test whose request gets a page, a header or a cookie that is not as it must be."""

    watch: Watch
    person: Any = None
    judging: bool = True
    any_quotes: bool = False
    """Whether quotes are anybody’s: for tests that send more than can be remembered."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.response_wrapper = Answer
        self.typed: list[str] = []
        self.environ_base.update({"wsgi.url_scheme": "https"} if self.secure else {})

    @property
    def secure(self) -> bool:
        """Whether the portal under test is reached by https."""
        settings = self.application.extensions.get("portal.settings")
        return settings is None or settings.secure

    def open(self, *args: Any, **options: Any) -> Answer:  # type: ignore[override]
        settings = self.application.extensions.get("portal.settings")
        if settings is not None and args and isinstance(args[0], str):
            options.setdefault("base_url", settings.base_url)
        for given in (options.get("data"), options.get("query_string")):
            self.type(*strings_in(given))
        if args and isinstance(args[0], str):
            self.type(*(value for _name, value in parse_qsl(urlsplit(args[0]).query)))
        answer: Answer = super().open(*args, **options)  # type: ignore[assignment]
        self.watch.request_done(answer)
        if self.judging:
            faults = self.judge(answer)
            assert not faults, summary(answer, faults)
        return answer

    def judge(self, answer: Answer) -> list[str]:
        """Everything wrong with an answer."""
        request = answer.request
        faults = judge_response(
            answer.headers, secure=self.secure, private=bool(answer.headers.getlist("Set-Cookie"))
        )
        if (
            answer.mimetype != "text/html"
            or request.method == "HEAD"
            or answer.status_code in (204, 301, 302, 303, 304, 307, 308)
        ):
            return faults
        if answer.headers.get("Content-Encoding"):
            return faults
        page = answer.page
        self.watch.page_seen(answer.text, f"{request.method} {request.path} {answer.status_code}", page)
        if page.first("input", name="csrf_token") and "no-store" not in answer.headers.get(
            "Cache-Control", ""
        ):
            faults.append("caching: a page with a token is not no-store")
        faults += judge_page(page, status=answer.status_code, path=request.path, typed=self.typed)
        return [fault for fault in faults if not (self.any_quotes and fault.startswith("quotes: "))]

    def type(self, *words: str) -> None:
        """Say that these words are a person’s: their quotes stay as they are."""
        self.typed += [word for word in words if "'" in word or '"' in word]

    def post_form(
        self, path: str, data: Mapping[str, Value] | None = None, *, action: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """Open the page at `path`, fill in its form and send it.

        `None` leaves a field out, a list sends several values. A field that the page does not have fails
        the test. Where the page has several POST forms, the one with these fields (or this `action`) is
        meant.
        """
        answer = self.get(path)
        assert answer.status_code == 200, f"GET {path} answered {answer.status_code}"
        form = find_form(answer.page, set(data or {}), action)
        filled: dict[str, Value] = {**field_values(form), **(data or {})}
        body = {
            name: value if isinstance(value, str) else list(value)
            for name, value in filled.items()
            if value is not None
        }
        target = urljoin(path, form.get("action") or path)
        return self.post(target, data=body, headers={**SAME_ORIGIN, **(headers or {})})

    def follow(self, answer: TestResponse) -> Answer:
        """The page that a 303 leads to."""
        assert answer.status_code == 303, (
            f"{answer.status_code} is no 303: {getattr(answer, 'page', answer) and summary(answer, [])}"
        )
        address = urlsplit(answer.location)
        assert not address.netloc or address.netloc == urlsplit(answer.request.base_url).netloc, (
            answer.location
        )
        return self.get(address.path + (f"?{address.query}" if address.query else ""))


def strings_in(given: object) -> Iterator[str]:
    """The strings of what is sent as a form or a query."""
    values = given.values() if isinstance(given, Mapping) else ()
    for value in values:
        several = value if isinstance(value, list | tuple) else [value]
        yield from (one for one in several if isinstance(one, str))


def summary(answer: TestResponse, faults: list[str]) -> str:
    """What was fetched and what is wrong with it, a line each."""
    lines = [
        f"{answer.request.method} {answer.request.path} → {answer.status_code}",
        *(f"  {fault}" for fault in faults),
    ]
    if answer.mimetype == "text/html" and not answer.direct_passthrough:
        lines += [f"  error shown: {error}" for error in Document(answer.text).errors]
    return "\n".join(lines)


def find_form(page: Document, names: set[str], action: str | None) -> Element:
    """The POST form with these fields; the best fit, so that a misspelt field is named."""
    found = [form for form in page.all("form") if form.get("method").casefold() == "post"]
    if action is not None:
        found = [form for form in found if form.get("action") == action]
    assert found, f"no POST form {action or ''} on the page {page.h1!r}"
    inside_main = [form for form in found if form.inside("main")] or found
    best = max(inside_main, key=lambda form: len(names & names_in(form)))
    unknown = names - names_in(best)
    assert not unknown, (
        f"the form on {page.h1!r} has no field {sorted(unknown)}; it has {sorted(names_in(best))}"
    )
    return best


def names_in(form: Element) -> set[str]:
    """The names a form can send."""
    return {control["name"] for control in form.all(*CONTROLS, "button") if control.get("name")}


def field_values(form: Element) -> dict[str, Value]:
    """What a browser would send if nothing were changed, by its first button."""
    values: dict[str, list[str]] = {}
    for control in form.all(*CONTROLS):
        name, kind = control.get("name"), control.get("type", "text")
        if not name or "disabled" in control.attrs or kind in ("submit", "button", "reset", "image", "file"):
            continue
        if kind in ("radio", "checkbox"):
            if "checked" in control.attrs:
                values.setdefault(name, []).append(control.get("value", "on"))
        elif control.tag == "select":
            chosen = [option for option in control.all("option") if "selected" in option.attrs]
            chosen = chosen or ([] if "multiple" in control.attrs else control.all("option")[:1])
            values.setdefault(name, []).extend(option.get("value", option.text) for option in chosen)
        elif control.tag == "textarea":
            values.setdefault(name, []).append(control.source.removeprefix("\n"))
        else:
            values.setdefault(name, []).append(control.get("value"))
    button = next(iter(submit_buttons(form)), None)
    if button is not None and button.get("name"):
        values.setdefault(button["name"], []).append(button.get("value"))
    return {name: found[0] if len(found) == 1 else found for name, found in values.items()}


def client_of(app: Flask, watch: Watch) -> JudgingClient:
    """A new visitor of this application."""
    client = JudgingClient(app, app.response_class, use_cookies=True)
    client.watch = watch
    return client
