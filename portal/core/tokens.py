"""Tokens of links: whoever holds one holds what it opens."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """Unguessable, and fit for an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token that is in one mail only. It has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
