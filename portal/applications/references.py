"""Public references: APP-7K3QX4WM. Random, so that nobody can count applications or guess the next one."""

from __future__ import annotations

import secrets

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""Nothing that is taken for something else, and no vowels, so that no word can appear."""


def new_reference() -> str:
    """A reference of eight signs: about 4 × 10¹¹ of them."""
    return "APP-" + "".join(secrets.choice(ALPHABET) for _ in range(8))
