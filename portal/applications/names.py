"""Names as they are searched and sorted: no case, accents or punctuation, words apart."""

from __future__ import annotations

import unicodedata

LONGEST_KEY = 200


def folded(name: str) -> str:
    """Each word in plain letters: “O’Dé-Ros  Siân” becomes “oderos sian”."""
    words = unicodedata.normalize("NFKD", name.casefold()).split()
    letters = ("".join(character for character in word if character.isalnum()) for word in words)
    return " ".join(word for word in letters if word)


def name_key(given_names: str, family_name: str) -> str:
    """Family name first: what `Application.name_key` holds."""
    return f"{folded(family_name)} {folded(given_names)}".strip()[:LONGEST_KEY]
