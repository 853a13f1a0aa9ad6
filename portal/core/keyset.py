"""Where the next page of a list starts: behind this instant and this id. In addresses as “micros.id”."""

from __future__ import annotations

import re
from datetime import UTC, datetime

KEY = re.compile(r"([0-9]{1,17})\.([0-9]{1,18})")

Key = tuple[datetime, int]


def read_key(text: str) -> Key | None:
    """The key in an address; anything else means the first page."""
    found = KEY.fullmatch(text)
    if found is None:
        return None
    microseconds, identifier = int(found[1]), int(found[2])
    try:
        moment = datetime.fromtimestamp(microseconds // 10**6, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return moment.replace(microsecond=microseconds % 10**6), identifier


def write_key(key: Key) -> str:
    """The key for an address."""
    moment, identifier = key
    return f"{int(moment.timestamp()) * 10**6 + moment.microsecond}.{identifier}"
