"""No form of another site, no form without its token, no form cut short is ever acted on: for every POST."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.access import ROLE_PERMISSIONS
from portal.core.audit import AuditEvent
from portal.core.database import Database
from tests.support.builders import make_staff
from tests.support.client import SAME_ORIGIN, JudgingClient
from tests.support.databases import ON_SQLITE
from tests.support.people import SignIn, SignInCandidate
from tests.support.routes import Route, routes_of
from tests.support.samples import Samples, fill_in_enquiry

Forge = Callable[[str, str], tuple[dict[str, str], Mapping[str, str]]]

SMALL = re.compile(r"(sessions|throttle_windows|audit_events|audit_head)\b")
"""Tables that a request may write to before it is known to be honest: its session, counts of tries, and the
audit of what its answer shows (which deeds are not noted is asked of the audit itself)."""

MACHINES = ["alerts.unsubscribe"]
"""What mail programs post to, which have neither session nor token (RFC 8058)."""

NO_ENTRIES = tuple(
    f"{journey}.{page}"
    for journey in ("enquire", "application", "fostering_entering")
    for page in ("add_item", "item")
)
"""The step of the sample does not repeat: these pages are not found before anything is read."""

INCOMPLETE = (
    *("application.check", "fostering_entering.check"),
    *("fostering_concerns.pass_on", "fostering_concerns.readers", "staff_admissions.take_back"),
    *("fostering_calls.log", "fostering_handing_over.confirm"),
)
"""Something comes first for the sample (a page, a concern, a choice): led there, nothing is read."""

NOT_NOW = ("staff_interviews.change", "staff_interviews.call_off", "fostering_keeping.approve")
"""The sample stands where this cannot be done: the page says so, whatever was sent."""


def with_a_letter_changed(token: str) -> str:
    """Not the last one: some of its bits may mean nothing."""
    return f"{token[:-9]}{'A' if token[-9] != 'A' else 'B'}{token[-8:]}"


FORGED: dict[str, Forge] = {
    "no token": lambda _own, _other: ({"form_end": "1"}, SAME_ORIGIN),
    "an empty token": lambda _own, _other: ({"csrf_token": "", "form_end": "1"}, SAME_ORIGIN),
    "somebody else’s token": lambda _own, other: ({"csrf_token": other, "form_end": "1"}, SAME_ORIGIN),
    "a token with a letter changed": lambda own, _other: (
        {"csrf_token": with_a_letter_changed(own), "form_end": "1"},
        SAME_ORIGIN,
    ),
    "another site": lambda own, _other: (
        {"csrf_token": own, "form_end": "1"},
        {"Sec-Fetch-Site": "cross-site"},
    ),
    "another host of this domain": lambda own, _other: (
        {"csrf_token": own, "form_end": "1"},
        {"Sec-Fetch-Site": "same-site"},
    ),
    "an old browser on another site": lambda own, _other: (
        {"csrf_token": own, "form_end": "1"},
        {"Origin": "https://evil.example"},
    ),
    "a page without an origin": lambda own, _other: (
        {"csrf_token": own, "form_end": "1"},
        {"Origin": "null"},
    ),
    "a body cut short": lambda own, _other: ({"csrf_token": own}, SAME_ORIGIN),
}


@pytest.fixture
def everybody(db: Database, sign_in: SignIn) -> JudgingClient:
    """Somebody with every role and a finished enquiry, so that only the forgery can be what is refused."""
    with db.transaction() as session:
        person = make_staff(session, role=None, roles=list(ROLE_PERMISSIONS))
    client = sign_in(person=person)
    fill_in_enquiry(client)
    return client


class Senders:
    """Whoever may send each form: somebody with every role, or the candidate whose samples they are."""

    def __init__(
        self, everybody: JudgingClient, sign_in_candidate: SignInCandidate, samples: Samples
    ) -> None:
        self.everybody = everybody
        self.candidate = sign_in_candidate(candidate=samples.candidate)
        self.tokens = (token_of(everybody, "/staff/"), token_of(self.candidate, "/applications"))

    def of(self, route: Route) -> tuple[JudgingClient, str]:
        """The client, and the token of its session."""
        candidate = route.policy is not None and route.policy.candidate
        return (self.candidate, self.tokens[1]) if candidate else (self.everybody, self.tokens[0])


def token_of(client: JudgingClient, path: str) -> str:
    field = client.get(path).page.first("input", name="csrf_token")
    assert field is not None
    return field["value"]


def refusals(route: Route) -> tuple[int, ...]:
    """How a forged form may be answered; pages about entries do not exist where a journey has none."""
    if route.endpoint in INCOMPLETE:
        return (303, 400, 422)
    if route.endpoint in NOT_NOW:
        return (400, 409, 422)
    return (400, 404, 422) if route.endpoint in NO_ENTRIES else (400, 422)


def posts(app: Flask) -> list[Route]:
    return [route for route in routes_of(app) if "POST" in route.methods]


ON_BOTH = "somebody else’s token"
"""What is forged is refused before the database is asked: one kind shows that the other one agrees."""


@pytest.mark.parametrize(
    ("database", "how"),
    [("postgresql", ON_BOTH), *(("sqlite", how) for how in FORGED)],
    indirect=["database"],
)
def test_forged_and_cut_forms_are_refused_everywhere(  # noqa: PLR0917
    how: str, db: Database, everybody: JudgingClient, client: JudgingClient, statements: Callable,
    sign_in_candidate: SignInCandidate,
) -> None:  # fmt: skip
    samples = Samples(db)
    senders, other = Senders(everybody, sign_in_candidate, samples), token_of(client, "/staff/sign-in")
    before, faults = deeds(db), []
    for route in posts(everybody.application):
        sender, own = senders.of(route)
        body, headers = FORGED[how](own, other)
        with statements() as found:
            answer = sender.post(samples.address(route), data=body, headers=headers)
        if answer.status_code not in refusals(route):
            faults.append(f"{route.endpoint}: {answer.status_code}")
        faults += [f"{route.endpoint} wrote {statement}" for statement in writes(found)]
    assert not faults
    assert deeds(db) == before


def deeds(db: Database) -> list[str]:
    """What the audit has noted, but for reads."""
    with db.reading() as session:
        events = session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)).all()
    return [event for event in events if not event.endswith("_read")]


def writes(statements: list[str]) -> list[str]:
    """Statements that change more than a session's or a throttle's row."""
    changing = [s for s in statements if re.match(r"\s*(INSERT|UPDATE|DELETE)", s, re.IGNORECASE)]
    return [s[:120] for s in changing if not SMALL.search(s[:60])]


def test_only_machines_that_were_named_may_post_without_a_token(app: Flask) -> None:
    free = [
        route.endpoint for route in posts(app) if hasattr(app.view_functions[route.endpoint], "machine_post")
    ]
    assert free == MACHINES


def test_views_that_keep_the_words_say_so_on_the_page(
    app: Flask, db: Database, everybody: JudgingClient, sign_in_candidate: SignInCandidate
) -> None:
    samples = Samples(db)
    senders = Senders(everybody, sign_in_candidate, samples)
    for route in posts(app):
        if not hasattr(app.view_functions[route.endpoint], "keeps_words") or (
            route.endpoint in (*NO_ENTRIES, *INCOMPLETE, *NOT_NOW)
        ):
            continue
        sender, _token = senders.of(route)
        answer = sender.post(samples.address(route), data={"form_end": "1"}, headers=SAME_ORIGIN)
        assert answer.status_code == 422, route.endpoint
        assert answer.page.errors, route.endpoint


@ON_SQLITE
@pytest.mark.parametrize(
    "kind", ["a long field", "a long body", "a thousand and one fields", "many parts", "a broken multipart"]
)
def test_bodies_beyond_the_limit_are_refused_everywhere(
    kind: str, app: Flask, db: Database, everybody: JudgingClient
) -> None:
    samples = Samples(db)
    own = token_of(everybody, "/staff/")
    for route in posts(app):
        answer = everybody.post(samples.address(route), headers=SAME_ORIGIN, **oversized(kind, own))
        assert answer.status_code in (400, 413, 422), (
            f"{route.endpoint} answered {answer.status_code} to {kind}"
        )


def oversized(kind: str, token: str) -> dict[str, object]:
    """A body that is too much."""
    head = {"csrf_token": token}
    match kind:
        case "a long field":
            return {"data": {**head, "note": "x" * 600_000, "form_end": "1"}}
        case "a long body":
            return {"data": b"a=" + b"x" * 600_000, "content_type": "application/x-www-form-urlencoded"}
        case "a thousand and one fields":
            return {"data": {**head, **{f"f{n}": "1" for n in range(1001)}}}
        case "many parts":
            parts = {f"f{n}": "1" for n in range(1001)}
            return {"data": {**head, **parts, "form_end": "1"}, "content_type": "multipart/form-data"}
        case _:
            return {"data": b"--x\r\nContent-Disp", "content_type": "multipart/form-data; boundary=x"}


def test_a_body_shorter_than_announced_is_refused_everywhere(
    app: Flask, db: Database, everybody: JudgingClient
) -> None:
    samples = Samples(db)
    body = urlencode({"csrf_token": token_of(everybody, "/staff/"), "form_end": "1"}).encode()
    for route in posts(app):
        answer = everybody.post(
            samples.address(route),
            input_stream=io.BytesIO(body),
            environ_overrides={"CONTENT_LENGTH": str(len(body) + 50)},
            content_type="application/x-www-form-urlencoded",
            headers=SAME_ORIGIN,
        )
        assert answer.status_code == 400, f"{route.endpoint} answered {answer.status_code}"
