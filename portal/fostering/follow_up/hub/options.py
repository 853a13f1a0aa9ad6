"""Which way a household went."""

from __future__ import annotations

from portal.core.options import Option


class Direction(Option):
    """From whom to whom. The hub’s name is the council’s to say, so it stands on the page."""

    TO_HUB = "TO_HUB", "We passed them to the regional hub"
    TO_COUNCIL = "TO_COUNCIL", "We passed them to another council"
    FROM_HUB = "FROM_HUB", "The regional hub passed them to us"
    FROM_COUNCIL = "FROM_COUNCIL", "Another council passed them to us"


HUBS = frozenset({Direction.TO_HUB, Direction.FROM_HUB})
AWAY = frozenset({Direction.TO_HUB, Direction.TO_COUNCIL})
