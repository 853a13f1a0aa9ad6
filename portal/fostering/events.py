"""What the audit keeps about enquiries. Subjects are references; facts are codes, never answers in words."""

from portal.core.audit import EventType

ENQUIRY_ACCEPTED = EventType("fostering.enquiry_accepted", ("area", "channel", "flags", "quarantined"))
FOLLOW_UP_SENT = EventType("fostering.follow_up_sent", ())
