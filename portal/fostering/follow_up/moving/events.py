"""What the audit keeps about moves. Not why an enquiry was closed: some of the reasons tell of health."""

from portal.core.audit import EventType

ENQUIRY_MOVED = EventType("fostering.moved", ("stage",))
"""`stage` is the pair before and after; twice the same where its facts were recorded again."""
WAITED_LONGER = EventType("fostering.waited_longer")
