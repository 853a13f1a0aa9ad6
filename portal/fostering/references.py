"""Public references: FOS-26-7K3QX. Random, so that nobody can count enquiries or guess the next one."""

from __future__ import annotations

import secrets
from datetime import datetime

from portal.core.clock import london

ALPHABET = "0123456789BCDFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 (no I, L, O, U) without the vowels left in it, so that no word can appear."""


def new_reference(received_at: datetime) -> str:
    """A reference with the year, in London, in which the enquiry was received."""
    return f"FOS-{london(received_at):%y}-{tail()}"


def tail() -> str:
    """Five random characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(5))
