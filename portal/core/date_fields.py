"""Dates in three parts, or two: month and year. One message a date, for the first thing that is wrong."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms.utils import unset_value

from portal.core.field_base import Params, PortalField, Rule
from portal.core.text import ascii_digits, clean_line

MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
# A short form is any beginning of at least three letters: Jan, Sept.
SHORTEST = 3


class DateField(PortalField):
    """A day; `data` is a date, the answer "2026-11-23", or the parts as typed while they are no date."""

    component = "date-input"
    parts: tuple[str, ...] = ("day", "month", "year")

    def __init__(self, label: str = "", validators: Iterable[Rule] = (), **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.wrong: tuple[str, ...] = ()

    # What comes in

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """WTForms looks for one value by the field's name; a date arrives in parts, some of them missing."""
        self.process_errors = []
        self.object_data = data = self.default if data is unset_value else data
        if formdata is None:
            self.read_answer(data)
            return
        values = {part: formdata.getlist(f"{self.name}-{part}") for part in self.parts}
        self.parse_parts({part: given[0] if given else "" for part, given in values.items()})

    def read_answer(self, value: Any) -> None:
        """A stored date, or the parts that were kept as typed."""
        if isinstance(value, date):
            value = value.isoformat()
        if isinstance(value, str):
            numbers = value.split("-")
            parts = dict(
                zip(("year", "month", "day"), (number.lstrip("0") for number in numbers), strict=False)
            )
        else:
            parts = value if isinstance(value, dict) else {}
        self.parse_parts({part: parts.get(part) for part in self.parts})

    def parse_parts(self, typed: dict[str, Any]) -> None:
        """Set `typed`, `data`, `problem` and which parts are wrong."""
        self.typed = {part: clean_line(text) if isinstance(text, str) else "" for part, text in typed.items()}
        self.data, self.problem, self.wrong = None, "", ()
        if self.empty:
            return
        missing = tuple(part for part in self.parts if not self.typed[part])
        if missing:
            self.fail(f"must include a {' and '.join(missing)}", *missing)
            return
        self.parse_whole()

    def parse_whole(self) -> None:
        """All parts are there: are they numbers, and is there such a day?"""
        month, year = month_number(self.typed["month"]), number(self.typed["year"])
        day = number(self.typed["day"]) if "day" in self.parts else 1
        values = {"day": day, "month": month, "year": year}
        unread = tuple(part for part in self.parts if values[part] is None)
        if unread or day is None or month is None or year is None:
            self.fail("must be a real date", *unread)
        elif year < 1000 or year > 9999:
            self.problem, self.wrong = "Year must include 4 numbers", ("year",)
        elif not 1 <= month <= 12:
            self.fail("must be a real date", "month")
        elif not 1 <= day <= calendar.monthrange(year, month)[1]:
            self.fail("must be a real date", "day")
        else:
            self.data = date(year, month, day)

    def fail(self, rule: str, *wrong: str) -> None:
        """Note the one message and the parts that it is about."""
        self.problem, self.wrong = f"{self.subject} {rule}", wrong

    # What is made of it

    @property
    def empty(self) -> bool:
        """Whether no part was given."""
        return not any(self.typed.values())

    @property
    def answer(self) -> Any:
        """ISO text; parts as typed while they are no date."""
        if self.data is not None:
            return self.data.isoformat()[: len("2026-11-23") if "day" in self.parts else len("2026-11")]
        return None if self.empty else dict(self.typed)

    def display(self, value: Any) -> str:
        """In words, like 23 November 2026; parts that are no date as they were typed."""
        if isinstance(value, dict):
            typed = (value.get(part) for part in self.parts)
            return " ".join(text for text in typed if isinstance(text, str) and text)
        match = (
            re.fullmatch(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?", value) if isinstance(value, str) else None
        )
        if not match or not 1 <= int(match[2]) <= 12:
            return value if isinstance(value, str) else ""
        day = f"{int(match[3])} " if match[3] and "day" in self.parts else ""
        return f"{day}{calendar.month_name[int(match[2])]} {match[1]}"

    # What goes out

    @property
    def wrong_parts(self) -> tuple[str, ...]:
        """The inputs to be marked: those that are wrong, or all when the date as a whole is."""
        return (self.wrong or self.parts) if self.errors else ()

    @property
    def focus_id(self) -> str:
        """The first input that is wrong."""
        return f"{self.id}-{(self.wrong_parts or self.parts)[0]}"

    def params(self, *, heading: bool = False, grouped: bool = False) -> Params:
        """Each part is a text input of its own; a month may be a word."""
        params = {
            **self.base_params(),
            "namePrefix": self.name,
            "fieldset": self.legend_params(heading=heading),
        }
        params["items"] = [self.part_params(part) for part in self.parts]
        return params

    def part_params(self, part: str) -> Params:
        """One input."""
        wrong = " govuk-input--error" if part in self.wrong_parts else ""
        item: Params = {"name": part, "value": self.typed[part]}
        item["classes"] = f"govuk-input--width-{4 if part == 'year' else 2}{wrong}"
        if part == "month":
            item["inputmode"] = "text"
        if self.autocomplete == "bday":
            item["autocomplete"] = f"bday-{part}"
        return item


class MonthField(DateField):
    """A month of a year; `data` is its first day, the answer "2026-11"."""

    parts = ("month", "year")


def number(text: str) -> int | None:
    """Digits 0 to 9 only, and few enough to be part of a date."""
    return int(text) if ascii_digits(text) and len(text) <= 4 else None


def month_number(text: str) -> int | None:
    """11, 011, "November" and "nov." are all 11."""
    word = text.casefold().rstrip(".")
    if len(word) >= SHORTEST and word.isalpha():
        return next((value for name, value in MONTHS.items() if name.startswith(word)), None)
    return number(text)
