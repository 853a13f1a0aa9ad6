"""UK postcodes by their form only: whether one exists, and where, is another matter (fostering areas).

The pattern is the one of the domain notes, tested against every live postcode of the region. Letters and
digits that are easily confused are never swapped silently: a likely reading is offered in the message.
"""

from __future__ import annotations

import re
import unicodedata

_FORM = re.compile(
    r"(?:GIR 0AA|"
    r"[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[A-HK-Y][0-9][ABEHMNPRV-Y]|[0-9][A-HJKPSTUW])"
    r" [0-9][ABD-HJLNP-UW-Z]{2})"
)
_CONFUSED = {"O": "0", "0": "O", "I": "1", "1": "I", "L": "1", "S": "5", "5": "S"}


def normalise_postcode(value: str) -> str | None:
    """Turn "so14-7ly" into "SO14 7LY"; None when it has not the form of a full UK postcode."""
    letters = _letters(value)
    if not 5 <= len(letters) <= 7:
        return None
    spaced = f"{letters[:-3]} {letters[-3:]}"
    return spaced if _FORM.fullmatch(spaced) else None


def suggest_postcode(value: str) -> str | None:
    """What may have been meant when one letter was taken for a digit or the other way, if that is clear."""
    letters = _letters(value)
    if not 5 <= len(letters) <= 7 or normalise_postcode(value):
        return None
    readings = {
        reading
        for place, character in enumerate(letters)
        if character in _CONFUSED
        and (reading := normalise_postcode(letters[:place] + _CONFUSED[character] + letters[place + 1 :]))
    }
    return readings.pop() if len(readings) == 1 else None


def _letters(value: str) -> str:
    """Only A to Z and 0 to 9, in capitals; full-width forms count, other letters do not."""
    folded = unicodedata.normalize("NFKC", value[:100]).upper()
    return re.sub(r"[^A-Z0-9]", "", folded)
