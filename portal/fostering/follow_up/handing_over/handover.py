"""From whom to whom many households go."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Handover:
    """From whom to whom; nobody is None. Where households were ticked, those, whosever they are."""

    whose: int | None
    to: int | None
    picked: tuple[str, ...] = ()
