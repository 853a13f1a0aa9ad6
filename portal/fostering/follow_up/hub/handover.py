"""A hand-over, as staff describe it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.fostering.follow_up.hub.options import Direction


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """Which way, on which day, and what belongs to it."""

    direction: Direction
    on: date
    council_name: str = ""
    hub_ref: str = ""
    closes: bool = False
    """Whether nothing more is owed here."""
    note: str = ""
