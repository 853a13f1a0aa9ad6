"""What the audit keeps about hand-overs: which way, and whether the enquiry was closed with it."""

from portal.core.audit import EventType

HANDED_OVER = EventType("fostering.handed_over", ("direction", "closed"))
