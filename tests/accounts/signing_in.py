"""What the tests of accounts share: how a browser signs in, and what they look up."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.access import Actor
from portal.core.audit import AuditEvent
from tests.support.builders import PASSWORD

SIGN_IN = "/staff/sign-in"
HOME = "/staff/"
PEOPLE = "/staff/people"
COOKIE = "__Host-session"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
SYSTEM = Actor.system("test")
NEW = "marmalade lamp oak"


def enter(client, email="ada@example.org", password=PASSWORD):
    """Fill in the sign-in page."""
    return client.post_form(SIGN_IN, {"email": email, "password": password})


def set_password(client, path, password=NEW, again=None):
    """Fill in the page that a one-time link opens."""
    return client.post_form(path, {"password": password, "again": password if again is None else again})


def token_on(page):
    """The CSRF token of a page."""
    return next(control["value"] for control in page.all("input") if control.get("name") == "csrf_token")


def cookie_of(client):
    """The session id that this browser holds."""
    return client.get_cookie(COOKIE, domain="portal.example.org").value


def with_cookie(client, value):
    """A browser that sends this session id."""
    client.set_cookie(COOKIE, value, domain="portal.example.org", secure=True, httponly=True)
    return client


def events(db, *names):
    """The audit so far, all of it or these events only."""
    with db.reading() as session:
        wanted = select(AuditEvent).order_by(AuditEvent.id)
        return session.scalars(wanted.where(AuditEvent.event.in_(names)) if names else wanted).all()
