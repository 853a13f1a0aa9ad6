"""Where somebody was going when asked to sign in: an endpoint and its path's values, signed, for an hour.

It travels in the sign-in page's address and form, so that asking a stranger to sign in stores nothing. It
holds no address: what comes back is built by the router from names that this application has signed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

LASTS = timedelta(hours=1)
LONGEST = 1000
"""Characters; no token of ours comes near it."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """A view and the values of its path."""

    endpoint: str
    values: dict[str, Any]


def sign_way_back(way: WayBack) -> str:
    """The token for an address or a hidden input."""
    return str(serialiser().dumps([way.endpoint, way.values]))


def read_way_back(token: str) -> WayBack | None:
    """What was signed; None for anything that is not from here, is older than an hour, or is no page."""
    if len(token) > LONGEST:
        return None
    try:
        endpoint, values = serialiser().loads(token, max_age=int(LASTS.total_seconds()))
    except BadData:
        return None
    return WayBack(endpoint, values) if is_page(endpoint) else None


def is_page(endpoint: str) -> bool:
    """Whether there is such a view and a GET reaches it; a new version may have renamed it."""
    if endpoint not in current_app.view_functions:
        return False
    return any("GET" in (rule.methods or ()) for rule in current_app.url_map.iter_rules(endpoint))


def serialiser() -> URLSafeTimedSerializer:
    """Signs with the newest key; older keys still read what they signed."""
    keys = [*(current_app.config.get("SECRET_KEY_FALLBACKS") or ()), current_app.secret_key]
    return URLSafeTimedSerializer(
        keys, salt="portal.way_back", signer_kwargs={"digest_method": hashlib.sha256}
    )
