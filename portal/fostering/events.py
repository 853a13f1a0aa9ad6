"""What the audit keeps about enquiries. Subjects are references; no fact is an answer or follows from one."""

from portal.core.audit import EventType

ENQUIRY_ACCEPTED = EventType("fostering.enquiry_accepted", ("channel", "quarantined"))
FOLLOW_UP_SENT = EventType("fostering.follow_up_sent", ())
CLOSED_UNANSWERED = EventType("fostering.closed_unanswered", ())
REOPENED = EventType("fostering.reopened", ())
RECORD_RESTRICTED = EventType("fostering.record_restricted", ("readers",))
"""`readers` are numbers of people of the staff."""
READERS_CHANGED = EventType("fostering.readers_changed", ("readers",))
"""Before and after."""
RECORD_OPENED = EventType("fostering.record_opened")
