"""Every error has a page that says what to do next; the one for a fault of ours stands on nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import abort

from portal.core import error_pages, errors
from portal.core.access import public
from portal.core.errors import PortalError
from tests.support.client import JudgingClient

STATUSES = (400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503)

MakeApp = Callable[..., Flask]
MakeClient = Callable[..., JudgingClient]
Failing = Callable[..., JudgingClient]


def own_errors(kind: type[PortalError] = PortalError) -> Iterator[type[PortalError]]:
    """Every error the kernel declares."""
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from own_errors(child)


FACTS: dict[str, dict[str, Any]] = {
    "TooManyRequests": {"retry_after": 61},
    "InvalidInput": {"field": "first_name", "message": "Enter your first name"},
    "AlreadySubmitted": {"reference": "FOS-26-XKCD7"},
}


@pytest.fixture
def failing(make_app: MakeApp, make_client: MakeClient) -> Failing:
    """A visitor of a portal whose page /fails does what it is given."""

    def make(view: Callable[[], Any], **settings: Any) -> JudgingClient:
        app = make_app(**settings)
        app.add_url_rule("/fails", "fails", public(view))
        return make_client(app)

    return make


# A visitor who is not signed in is sent to the sign-in page; its own error page is for a form sent too late.
SHOWN = [kind for kind in own_errors() if not issubclass(kind, errors.SignInRequired)]


@pytest.mark.parametrize("kind", SHOWN, ids=lambda kind: kind.__name__)
def test_every_error_of_ours_has_a_page_that_leads_on(kind: type[PortalError], failing: Failing) -> None:
    def fail() -> None:
        raise kind(**FACTS.get(kind.__name__, {}))

    answer = failing(fail).get("/fails")
    assert answer.status_code == kind.status
    assert answer.page.h1 != "We could not do that", "the generic page is for what has none of its own"
    assert "Fostering: 01632 960 018" in answer.page.main.text
    assert "Jobs: 01632 960 024" in answer.page.main.text


@pytest.mark.parametrize(
    ("kind", "door"),
    [
        (errors.SignInRequired, "/staff/sign-in"),
        (errors.CandidateSignInRequired, "/applications/sign-in"),
    ],
)
def test_a_form_sent_after_the_session_ended_says_so(
    kind: type[PortalError], door: str, make_app: MakeApp, make_client: MakeClient
) -> None:
    app = make_app()

    @app.errorhandler(LookupError)
    def shown(_error: LookupError) -> Any:
        return error_pages.page(403, kind.slug, {})

    def fail() -> None:
        raise LookupError

    app.add_url_rule("/fails", "fails", public(fail))
    answer = make_client(app).get("/fails")
    assert answer.status_code == 403
    assert answer.page.h1 == "Sign in to do this"
    assert door in answer.page.links()


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_page(status: int, failing: Failing) -> None:
    answer = failing(lambda: abort(status)).get("/fails")
    assert answer.status_code == status
    assert answer.page.h1 != "We could not do that"
    assert answer.page.first("meta", name="robots", content="noindex")


def test_a_status_without_a_page_gets_the_generic_one(
    failing: Failing,
) -> None:
    answer = failing(lambda: abort(418)).get("/fails")
    assert (answer.status_code, answer.page.h1) == (418, "We could not do that")


def test_a_fault_of_ours_shows_its_number_and_asks_the_database_nothing(
    failing: Failing, statements: Callable[[], Any]
) -> None:
    def fault() -> None:
        raise RuntimeError("the inside of the house")

    visitor = failing(fault, trusted_proxies=1)
    with statements() as found:
        answer = visitor.get("/fails", headers={"X-Request-Id": "the-number-in-our-logs"})
    assert answer.status_code == 500
    assert "tell us this number, so that we can find out why: the-number-in-our-logs" in answer.page.main.text
    assert "inside of the house" not in answer.text
    assert found == []


def test_it_says_how_long_to_wait(failing: Failing) -> None:
    def fail() -> None:
        raise errors.TooManyRequests(retry_after=61)

    assert "Wait 2 minutes, then try again" in failing(fail).get("/fails").page.main.text


def test_a_refused_field_says_its_own_words(
    failing: Failing,
) -> None:
    def fail() -> None:
        raise errors.InvalidInput("first_name", "Enter your first name")

    assert "Enter your first name." in failing(fail).get("/fails").page.main.text


def test_what_was_sent_before_shows_its_reference(
    failing: Failing,
) -> None:
    def fail() -> None:
        raise errors.AlreadySubmitted(reference="FOS-26-XKCD7")

    assert "FOS-26-XKCD7" in failing(fail).get("/fails").page.main.text


def test_an_unknown_address_leads_on(client: JudgingClient) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert {"/", "/vacancies", "/fostering"} <= {
        link["href"] for link in answer.page.main.all("a") if "href" in link.attrs
    }


@pytest.mark.parametrize("path", ["/", "/accessibility", "/privacy", "/cookies", "/robots.txt"])
def test_a_page_that_only_shows_takes_no_form(client: JudgingClient, path: str) -> None:
    answer = client.post(path, data={"form_end": "1"})
    assert answer.status_code in (400, 405)
    assert answer.page.h1 in (
        "This page cannot be used that way",
        "We could not be sure that this came from you",
    )
