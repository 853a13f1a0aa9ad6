"""What the audit keeps about corrections: which details, never what they are."""

from portal.core.audit import EventType

DETAILS_CORRECTED = EventType("fostering.details_corrected", ("fields",))
SENT_BY_A_PERSON = EventType("fostering.sent_by_a_person")
