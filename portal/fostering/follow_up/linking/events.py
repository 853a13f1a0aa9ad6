"""What the audit keeps about households: which two enquiries, and what was said."""

from portal.core.audit import EventType

HOUSEHOLDS_COMPARED = EventType("fostering.households_compared", ("other", "same"))
HOUSEHOLDS_MERGED = EventType("fostering.households_merged", ("stays",))
MERGE_UNDONE = EventType("fostering.merge_undone", ("stays",))
