"""Every address, its methods and its policy, reviewed; and who may open it, tried over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from portal.accounts.models import StaffGrant
from portal.applications.candidates.models import Candidate
from portal.core import clock
from portal.core.access import GRANTABLE, ROLE_PERMISSIONS, Policy
from portal.core.database import Database
from tests.support.applications import make_candidate
from tests.support.builders import make_staff
from tests.support.client import SAME_ORIGIN, Answer, JudgingClient
from tests.support.people import SignIn, SignInCandidate
from tests.support.routes import SNAPSHOT, Route, routes_of, table
from tests.support.samples import Samples, fill_in_enquiry

CHANGED = """The routes are not those of tests/meta/routes.txt.
A new address: does its policy fit, and is it linked? A changed one: who has bookmarked, printed or mailed
the old one, and does it redirect? When the change is meant: python -m tests.support.routes, and have the
difference reviewed.
"""

ACTORS = ["visitor", "candidate", *ROLE_PERMISSIONS]
SIGN_IN_PAGES = ("/staff/sign-in", "/applications/sign-in")


def test_the_routes_are_the_reviewed_ones(sqlite_app: Flask) -> None:
    assert table(sqlite_app) == SNAPSHOT.read_text(encoding="utf-8"), CHANGED


def test_every_route_has_a_policy(sqlite_app: Flask) -> None:
    assert not [route.endpoint for route in routes_of(sqlite_app) if route.policy is None]


def test_staff_addresses_are_not_public(sqlite_app: Flask) -> None:
    open_to_all = {
        route.endpoint
        for route in routes_of(sqlite_app)
        if route.rule.rule.startswith("/staff") and route.policy is not None and not route.policy.signed_in
    }
    assert open_to_all == {
        "accounts.sign_in",
        "accounts.sign_out",
        "accounts.signed_out",
        "accounts.set_password",
        "accounts.password_set",
    }


def expected(policy: Policy, permissions: frozenset[str], *, actor: str) -> str:
    """What this policy says to somebody with these permissions, written down once more on purpose."""
    if policy.name == "public":
        return "open"
    if policy.name == "candidate":
        return "open" if actor == "candidate" else "sign in"
    if actor in ("visitor", "candidate"):
        return "sign in"
    return "open" if policy.name == "signed in" or policy.name in permissions else "refused"


def outcome(answer: Answer) -> str:
    """What the portal said."""
    if answer.status_code == 303 and answer.location.partition("?")[0].endswith(SIGN_IN_PAGES):
        return "sign in"
    if answer.status_code == 403:
        return "sign in" if answer.page.h1 == "Sign in to do this" else "refused"
    return "open" if answer.status_code < 500 else f"broken ({answer.status_code})"


class Visitors:
    """A client for each request of one actor: a request may end its session."""

    def __init__(self, actor: str, client: JudgingClient, sign_in: SignIn, samples: Samples) -> None:
        self.actor, self.client, self.sign_in = actor, client, sign_in
        self.permissions: frozenset[str] = ROLE_PERMISSIONS.get(actor, frozenset())
        self.candidate = samples.candidate if actor == "candidate" else None
        with sign_in.db.transaction() as session:
            self.person = make_staff(session, role=actor) if actor in ROLE_PERMISSIONS else None
            if self.person is not None:
                samples.belong_to(session, self.person.id)

    def next(self) -> JudgingClient:
        """Somebody who has just come in."""
        if self.candidate is not None:
            self.bring_back(self.candidate)
            return SignInCandidate(self.sign_in.app, self.sign_in.db)(candidate=self.candidate)
        if self.person is None:
            return self.client
        return self.sign_in(person=self.person)

    def bring_back(self, candidate: Candidate) -> None:
        """One of the deeds deletes the account."""
        with self.sign_in.db.transaction() as session:
            if session.get(Candidate, candidate.id) is None:
                make_candidate(session, id=candidate.id, email=candidate.email)

    def expected(self, route: Route) -> str:
        """What the policy says to this actor."""
        assert route.policy is not None
        return expected(route.policy, self.permissions, actor=self.actor)


def token_of(client: JudgingClient, *, actor: str) -> str:
    """A form token of this client's session."""
    pages = {"visitor": "/staff/sign-in", "candidate": "/applications"}
    answer = client.get(pages.get(actor, "/staff/"))
    field = answer.page.first("input", name="csrf_token")
    assert field is not None
    return field["value"]


@pytest.mark.parametrize("actor", ACTORS)
def test_every_page_opens_for_whom_it_should(
    actor: str, app: Flask, client: JudgingClient, sign_in: SignIn, db: Database
) -> None:
    samples = Samples(db)
    visitors = Visitors(actor, client, sign_in, samples)
    wrong = []
    for route in routes_of(app):
        if "GET" not in route.methods:
            continue
        answer = visitors.next().get(samples.address(route))
        if outcome(answer) != visitors.expected(route):
            wrong.append(f"{route.endpoint}: {outcome(answer)} instead of {visitors.expected(route)}")
        elif outcome(answer) == "open" and answer.status_code not in (200, 303):
            wrong.append(f"{route.endpoint}: its sample answers {answer.status_code}")
    no_list = tuple(
        f"{journey}.{page}"
        for journey in ("enquire", "application", "fostering_entering")
        for page in ("item", "add_item", "remove")
    )
    assert not [line for line in wrong if not line.startswith(no_list)]


@pytest.mark.parametrize("actor", ACTORS)
def test_every_deed_is_done_for_whom_it_should(
    actor: str, app: Flask, client: JudgingClient, sign_in: SignIn, db: Database
) -> None:
    samples = Samples(db)
    visitors = Visitors(actor, client, sign_in, samples)
    wrong = []
    for route in routes_of(app):
        if "POST" not in route.methods:
            continue
        visitor = visitors.next()
        token = token_of(visitor, actor=actor)
        body = {"csrf_token": token, "form_end": "1"}
        answer = visitor.post(samples.address(route), data=body, headers=SAME_ORIGIN)
        if outcome(answer) != visitors.expected(route):
            wrong.append(f"{route.endpoint}: {outcome(answer)} instead of {visitors.expected(route)}")
    assert not wrong


def test_every_grant_opens_something_or_adds_to_it(sqlite_app: Flask) -> None:
    asked = {route.policy.permission for route in routes_of(sqlite_app) if route.policy is not None}
    assert {"fostering.export_named"} <= asked & GRANTABLE


def test_a_grant_opens_what_the_role_does_not(sign_in: SignIn, db: Database) -> None:
    with db.transaction() as session:
        person = make_staff(session, role="hr")
    assert sign_in(person=person).get("/staff/fostering/export").status_code == 403
    with db.transaction() as session:
        session.add(
            StaffGrant(
                person_id=person.id,
                permission="fostering.export_named",
                reason="Prepares the return",
                granted_by="Robin Example",
                granted_at=clock.now(),
            )
        )
    assert sign_in(person=person).get("/staff/fostering/export").status_code == 200
    assert sign_in(person=person).get("/staff/fostering").status_code == 403


def test_one_visitors_answers_are_not_anothers(
    client: JudgingClient, make_client: Callable[[], JudgingClient]
) -> None:
    fill_in_enquiry(client)
    assert "Specimen" in client.get("/fostering/enquire/check-answers").text
    stranger = make_client()
    answer = stranger.get("/fostering/enquire/check-answers")
    assert answer.status_code == 303
    assert "Specimen" not in stranger.get("/fostering/enquire/about-you").text
