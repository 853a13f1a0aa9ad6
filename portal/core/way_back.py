"""Where somebody was going when asked to sign in: endpoint, path and query, signed, for an hour.

It travels in the sign-in page's address and form, so that asking a stranger to sign in stores nothing. It
holds no address: what comes back is built by the router from names that this application has signed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.routing import BuildError

LASTS = timedelta(hours=1)
LONGEST = 2000
LONGEST_QUERY = 800
SALT = "portal.way_back"
"""Characters; no token of ours comes near it."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """A view, the values of its path, and the query string behind it: filters and the page of a list."""

    endpoint: str
    values: dict[str, Any]
    query: str = ""

    def address(self) -> str:
        """Where that is; empty where the view takes other values by now."""
        try:
            return url_for(self.endpoint, **self.values) + (f"?{self.query}" if self.query else "")
        except BuildError:
            return ""


def sign_way_back(way: WayBack) -> str:
    """The token for an address or a hidden input."""
    return str(serialiser(SALT).dumps([way.endpoint, way.values, way.query]))


def read_way_back(token: str) -> WayBack | None:
    """What was signed; None for anything that is not from here, is older than an hour, or is no page."""
    if len(token) > LONGEST:
        return None
    try:
        endpoint, values, query = serialiser(SALT).loads(token, max_age=int(LASTS.total_seconds()))
    except BadData:
        return None
    return WayBack(endpoint, values, query) if is_page(endpoint) else None


def is_page(endpoint: str) -> bool:
    """Whether there is such a view and a GET reaches it; a new version may have renamed it."""
    if endpoint not in current_app.view_functions:
        return False
    return any("GET" in (rule.methods or ()) for rule in current_app.url_map.iter_rules(endpoint))


def query_of_request() -> str:
    """This request’s query string, written anew; nothing where it is longer than any of ours."""
    query = urlencode(list(request.args.items(multi=True)))
    return query if len(query) <= LONGEST_QUERY else ""


def serialiser(salt: str) -> URLSafeTimedSerializer:
    """Signs with the newest key; older keys still read what they signed."""
    keys = [*(current_app.config.get("SECRET_KEY_FALLBACKS") or ()), current_app.secret_key]
    return URLSafeTimedSerializer(keys, salt=salt, signer_kwargs={"digest_method": hashlib.sha256})
