"""Signed-in staff and candidates for tests, without the slow part (the password, the link)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, session

from portal.accounts.models import StaffUser
from portal.accounts.presence import begin_session
from portal.applications.candidates.models import Candidate
from portal.applications.candidates.presence import begin_session as begin_candidates_session
from portal.core import clock
from portal.core.database import Database
from tests.support import watch
from tests.support.applications import make_candidate
from tests.support.builders import make_staff
from tests.support.client import JudgingClient, client_of
from tests.support.settings import BASE_URL


class SignIn:
    """`sign_in("hr")` adds a person with that role and gives a client with their session.

    `sign_in(person=row)` signs an existing person in. The client knows whose it is: `client.person`.
    """

    def __init__(self, app: Flask, db: Database) -> None:
        self.app = app
        self.db = db

    def __call__(
        self, role: str = "fostering", *, person: StaffUser | None = None, **changes: Any
    ) -> JudgingClient:
        if person is None:
            with self.db.transaction() as writer:
                person = make_staff(writer, role=role, **changes)
        client = client_of(self.app, watch.current)
        client.person = person
        give_session(self.app, client, lambda: begin_session(person, clock.now()))
        return client

    def new_session(self, person: StaffUser) -> tuple[str, str]:
        """Name and value of the cookie that the sign-in page would give."""
        return new_session(self.app, lambda: begin_session(person, clock.now()))


class SignInCandidate:
    """`sign_in_candidate()` makes an account and gives a client with its session: `client.person`.

    `sign_in_candidate(candidate=row)` signs an existing candidate in; other names are columns of a new one.
    """

    def __init__(self, app: Flask, db: Database) -> None:
        self.app = app
        self.db = db

    def __call__(self, *, candidate: Candidate | None = None, **changes: Any) -> JudgingClient:
        if candidate is None:
            with self.db.transaction() as writer:
                candidate = make_candidate(writer, **changes)
        client = client_of(self.app, watch.current)
        client.person = candidate
        give_session(self.app, client, lambda: begin_candidates_session(candidate, clock.now()))
        return client


def give_session(
    app: Flask, client: JudgingClient, begin: Callable[[], None], headers: Mapping[str, str] | None = None
) -> None:
    """Put a new session’s cookie into this client; `headers` may hold the cookie of the session before."""
    name, value = new_session(app, begin, headers)
    client.set_cookie(name, value, domain=BASE_URL.removeprefix("https://"), secure=True, httponly=True)


def new_session(
    app: Flask, begin: Callable[[], None], headers: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """Name and value of the cookie that signing in would give."""
    interface = app.session_interface
    with app.test_request_context("/", method="POST", base_url=BASE_URL, headers=headers):
        begin()
        response = app.response_class()
        interface.save_session(app, session._get_current_object(), response)  # type: ignore[attr-defined]
    name, _, rest = response.headers["Set-Cookie"].partition("=")
    return name, rest.split(";")[0]
