"""What the audit keeps about households: which two enquiries, and what was said."""

from portal.core.audit import EventType

HOUSEHOLDS_COMPARED = EventType("fostering.households_compared", ("other", "same"))
