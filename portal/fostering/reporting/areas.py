"""Which areas are told: a few enquiries from one would say whose they are (domain §8.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.fostering.options import Area

FEW = 5
"""From fewer than this an area is not told."""
SUPPRESSED = "SUPPRESSED"
"""What a file says in its place."""
NOT_TOLD = "Not told: too few"


def small(numbers: Mapping[Any, int]) -> set[Area]:
    """The areas with few of these, or none: which of them somebody came from is not told."""
    return {area for area in Area if numbers.get(area, 0) < FEW}


def untold(numbers: Mapping[Any, int]) -> set[Area]:
    """The small ones; where there is one alone, which a sum would tell, the next smallest too."""
    found = small(numbers)
    others = [area for area in Area if area not in found]
    if others and len(found) == 1 and any(numbers.get(area) for area in found):
        found.add(min(others, key=lambda area: numbers[area]))
    return found
