"""Options of options.py as fields of forms offer them."""

from __future__ import annotations

from collections.abc import Iterable

from portal.core.fields import Choice
from portal.core.options import Option
from portal.fostering.options import AgeGroup, CareType, Experience, Pet

ALONE = (CareType.NOT_SURE, AgeGroup.NO_PREFERENCE, Experience.NONE, Pet.NONE)
"""Answers that cannot be given together with another one."""


def choices_of(options: Iterable[Option]) -> tuple[Choice, ...]:
    """Options as fields offer them, one that stands alone after an “or”."""
    return tuple(
        Choice(
            option.value,
            option.label,
            option.hint,
            exclusive=stands_alone(option),
            divider="or" if stands_alone(option) else "",
        )
        for option in options
    )


def stands_alone(option: Option) -> bool:
    """Whether it is one of ALONE itself: another list may have an equal code."""
    return any(option is alone for alone in ALONE)
