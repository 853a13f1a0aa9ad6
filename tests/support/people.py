"""Signed-in members of staff for tests, without the slow part (the password)."""

from __future__ import annotations

from typing import Any

from flask import Flask, session

from portal.accounts.models import StaffUser
from portal.accounts.presence import begin_session
from portal.core import clock
from portal.core.database import Database
from tests.support import watch
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
        name, value = self.new_session(person)
        client.set_cookie(name, value, domain=BASE_URL.removeprefix("https://"), secure=True, httponly=True)
        return client

    def new_session(self, person: StaffUser) -> tuple[str, str]:
        """Name and value of the cookie that the sign-in page would give."""
        interface = self.app.session_interface
        with self.app.test_request_context("/staff/sign-in", method="POST", base_url=BASE_URL):
            begin_session(person, clock.now())
            response = self.app.response_class()
            interface.save_session(self.app, session._get_current_object(), response)  # type: ignore[attr-defined]
        name, _, rest = response.headers["Set-Cookie"].partition("=")
        return name, rest.split(";")[0]
