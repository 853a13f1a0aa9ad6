"""Rules of months in a history: not still to come, and not before anybody can have lived it."""

from __future__ import annotations

from typing import Any

from wtforms.validators import StopValidation

from portal.core import clock
from portal.core.field_base import PortalField

OLDEST_YEARS = 80
"""Nobody who applies began anything longer ago."""


class InLivingMemory:
    """A month from eighty years ago to this month, which counts; `label` begins the message."""

    def __init__(self, label: str) -> None:
        self.label = label

    def __call__(self, form: Any, field: PortalField) -> None:
        """Refuse a month that is still to come, or too long ago to be meant."""
        if field.empty or field.data is None:
            return
        today = clock.today()
        if field.data > today:
            raise StopValidation(f"{self.label} must be this month or in the past")
        if field.data.year < today.year - OLDEST_YEARS:
            raise StopValidation(f"{self.label} must be in {today.year - OLDEST_YEARS} or later")
