"""Cleaning what people type, once, at the edge: what leaves here can be stored, mailed, exported and shown.

Removed: control characters (PostgreSQL refuses NUL), lone surrogates, noncharacters (XML cannot hold
them), and the bidirectional embedding, override and isolate controls, which can make a line read as
something else. Kept exactly: every script, combining marks, joiners (ZWJ, ZWNJ), emoji. Composed to NFC.
"""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0 and C1 controls, save tab and line feed
    "\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides, isolates
    "\ud800-\udfff"  # surrogates: never alone in text
    "\ufeff\ufdd0-\ufdef"  # byte order mark, noncharacters
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}-{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)
# Drawn as nothing although their categories say otherwise: fillers, blanks, selectors, shorthand controls.
_INVISIBLE_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
# Not Cn: what this Python does not know yet may be next year's letter or emoji.
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


def clean_text(value: str) -> str:
    """Text of several lines: as described above, line breaks as LF, no white space around it."""
    return _clean(_LINE_BREAKS.sub("\n", value))


def clean_line(value: str) -> str:
    """Text of one line: line breaks and tabs become spaces."""
    return _clean(_LINE_BREAKS.sub(" ", value).replace("\t", " "))


def _clean(value: str) -> str:
    text = unicodedata.normalize("NFC", _FORBIDDEN.sub("", value)).strip()
    return "" if is_blank(text) else text


def is_blank(value: str) -> bool:
    """Whether nothing of it can be seen: empty, or only spaces, joiners, fillers and the like."""
    return all(
        character in _INVISIBLE_LETTERS
        or unicodedata.category(character) in _INVISIBLE_CATEGORIES
        or 0xFE00 <= ord(character) <= 0xFE0F
        or 0xE0000 <= ord(character) <= 0xE0FFF
        for character in value
    )


def ascii_digits(value: str) -> bool:
    """Whether it is one or more of the digits 0 to 9; `str.isdigit` is also true of ² and of ٣."""
    return value.isascii() and value.isdigit()


def carried_number(value: object) -> int:
    """A number that a page carries along, such as a version; 0, which is never current, if unreadable."""
    text = str(value or "")
    return int(text) if ascii_digits(text) and len(text) < 10 else 0
