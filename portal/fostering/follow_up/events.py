"""What the audit keeps about following up: who read and exported what, and which steps were taken."""

from portal.core.audit import EventType

QUEUE_READ = EventType("fostering.queue_read", ("filters", "searched", "shown"))
"""`searched` says only that there was a search: the words are somebody's name."""
ENQUIRY_READ = EventType("fostering.enquiry_read")
CONTACT_RECORDED = EventType("fostering.contact_recorded", ("kind", "outcome", "attempts", "stage"))
"""`stage` is the pair before and after."""
ENQUIRIES_EXPORTED = EventType(
    "fostering.enquiries_exported", ("columns", "filters", "format", "purpose", "rows")
)
