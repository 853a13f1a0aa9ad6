"""What the current request and application are: settings, actor, address, request id."""

from __future__ import annotations

import re
import secrets

from flask import Flask, current_app, g, has_request_context, request

from portal.core.access import Actor
from portal.settings import Settings

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def init_app(app: Flask, settings: Settings) -> None:
    """Keep the settings with the application and give each request its id."""
    app.extensions["portal.settings"] = settings


def current_settings() -> Settings:
    """The settings of the current application."""
    settings: Settings = current_app.extensions["portal.settings"]
    return settings


def request_id() -> str:
    """The id that names this request in logs, in the audit and on the error page.

    A proxy's X-Request-Id is kept when proxies are configured, so that both logs agree.
    """
    if not has_request_context():
        return ""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "") if current_settings().trusted_proxies else ""
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    identifier: str = g.request_id
    return identifier


def client_address() -> str:
    """The caller's address; behind configured proxies the one they saw (ProxyFix), else the peer's."""
    return request.remote_addr or "" if has_request_context() else ""


def current_actor() -> Actor:
    """Who is asking: the signed-in member of staff, or a visitor."""
    if has_request_context() and "actor" in g:
        actor: Actor = g.actor
        return actor
    return visitor()


def visitor() -> Actor:
    """Whoever asks, signed in or not: what is done at a door is done by nobody yet."""
    return Actor.visitor(client_address(), request_id())
