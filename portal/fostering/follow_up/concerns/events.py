"""What the audit keeps about concerns: that one was raised and passed on; neither to whom nor what it is."""

from portal.core.audit import EventType

WORDS_READ = EventType("fostering.words_read")
CONCERN_RAISED = EventType("fostering.concern_raised")
CONCERN_PASSED_ON = EventType("fostering.concern_passed_on", ("passed_at",))
