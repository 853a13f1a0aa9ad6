"""What the audit keeps of it."""

from portal.core.audit import EventType

ANSWERS_LISTED = EventType("fostering.first_answers_read", ("shown",))
