"""What the audit keeps about the checklist: that it was gone through."""

from portal.core.audit import EventType

FIRST_CALL_RECORDED = EventType("fostering.first_call_recorded")
