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


MISREAD = str.maketrans("OIL", "011")
"""Letters that no reference has, and the digits that they were read for."""


def read_reference(typed: str) -> str:
    """The reference that was meant, typed in small letters, with blanks, without hyphens, or with O for 0."""
    signs = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())
    if len(signs) == len("FOS267K3QX") and signs.startswith("FOS"):
        year, end = signs[3:5].translate(MISREAD), signs[5:].translate(MISREAD)
        return f"FOS-{year}-{end}"
    return typed.strip().upper()
