"""What the audit keeps about whose household it is. People are named by their ids."""

from portal.core.audit import EventType

OWNER_CHANGED = EventType("fostering.owner_changed", ("owner",))
"""`owner` is the pair before and after; empty for nobody."""
COVER_ARRANGED = EventType("fostering.cover_arranged", ("person", "cover", "first_day", "last_day"))
COVER_ENDED = EventType("fostering.cover_ended", ("person", "cover"))
