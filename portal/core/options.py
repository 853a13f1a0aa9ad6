"""A stored code with the words people see: the base of every list of options."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Option(StrEnum):
    """A code with its label and, where a form shows one, a hint. Codes are stored, so they never change."""

    label: str
    hint: str

    def __new__(cls, code: str, label: str = "", hint: str = "") -> Self:
        """Make the member a plain string equal to its code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.hint = hint
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Code and label of each option, in order, as form fields take them."""
        return [(option.value, option.label) for option in cls]
