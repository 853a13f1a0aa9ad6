"""What a value in the council’s file must be, so that a slip stops the start and not somebody’s enquiry."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value of the right type must fulfil, and how to say so after "must be"."""

    holds: Callable[[Any], bool]
    words: str


def is_line(text: str) -> bool:
    """Whether there is something to show, without a line break that could reach a mail's header."""
    return bool(text.strip()) and text.isprintable()


def is_address(text: str) -> bool:
    """Whether this is exactly one e-mail address (the network is not asked)."""
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return text.isascii()


def is_link(text: str) -> bool:
    """Whether this is an https address with a host."""
    return re.fullmatch(r"https://[A-Za-z0-9.-]+(:\d+)?(/[!-~]*)?", text) is not None


def is_contact(text: str) -> bool:
    """Whether RFC 9116 takes it and a browser opens it."""
    return is_link(text) or (text.startswith("mailto:") and is_address(text.removeprefix("mailto:")))


def matches(pattern: str) -> Callable[[str], bool]:
    """A rule that the whole text has this shape."""
    return lambda text: re.fullmatch(pattern, text, re.ASCII) is not None


def between(least: int, most: int, why: str = "") -> Rule:
    """A rule for whole numbers, both ends included; `why` is who says so, where that is not plain."""
    words = f"between {least} and {most}"
    return Rule(lambda number: least <= number <= most, f"{words}: {why}" if why else words)


Line = Annotated[str, Rule(is_line, "one line of text")]
LineOrNothing = Annotated[str, Rule(lambda text: not text or is_line(text), "one line of text, or empty")]
Email = Annotated[str, Rule(is_address, "exactly one e-mail address")]
Phone = Annotated[str, Rule(matches(r"\+?\d[\d ]{1,18}\d"), "a telephone number of digits and spaces")]
Link = Annotated[str, Rule(is_link, "an address that begins with https://")]
LinkOrNothing = Annotated[
    str, Rule(lambda text: not text or is_link(text), "an address that begins with https://, or empty")
]
Contact = Annotated[
    str, Rule(is_contact, "mailto: and one e-mail address, or an address that begins with https://")
]
EmailOrNothing = Annotated[
    str, Rule(lambda text: not text or is_address(text), "exactly one e-mail address, or empty")
]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Annotated[str, Rule(lambda text: text in WEEKDAYS, 'a day of the week such as "monday"')]
TimeOfDay = Annotated[str, Rule(matches(r"([01]\d|2[0-3]):[0-5]\d"), 'a time such as "09:00"')]
Minutes = Annotated[int, between(1, 1_440)]
WorkingDays = Annotated[int, between(1, 60)]
Days = Annotated[int, between(1, 366)]
Months = Annotated[int, between(1, 240)]
WeeklyHours = Annotated[int, between(1, 60)]
Words = Annotated[int, between(1, 5_000)]
Years = Annotated[int, between(1, 50)]
FileOrNothing = Annotated[
    str, Rule(lambda text: not text or Path(text).is_file(), "the whole path of a file, or empty")
]
Code = Annotated[str, Rule(matches(r"[A-Z][A-Z0-9_]*"), 'a code in capitals such as "SHORT_TERM"')]
Prefix = Annotated[
    str, Rule(matches(r"[A-Z]{2,6}(-[A-Z]{1,6})?"), 'letters in capitals such as "SCC-CS", at most 13 signs')
]
Codes = Annotated[
    tuple[Code, ...],
    Rule(lambda codes: 0 < len(codes) == len(set(codes)), "a list with something in it, nothing twice"),
]
