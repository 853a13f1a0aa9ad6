"""What the audit keeps of keeping: references, lists and counts. It outlives the records it names."""

from portal.core.audit import EventType

LIST_APPROVED = EventType("fostering.retention_approved", ("records",))
LIST_TAKEN_BACK = EventType("fostering.retention_taken_back", ("records",))
LIST_DONE = EventType("fostering.retention_done", ("approved", "deleted", "anonymised"))
RECORD_ENDED = EventType("fostering.record_ended", ("list",))
RECORD_ERASED = EventType("fostering.record_erased", ())
HOLD_PLACED = EventType("fostering.hold_placed", ("owner", "review_on"))
HOLD_REVIEWED = EventType("fostering.hold_reviewed", ("owner", "review_on"))
HOLD_ENDED = EventType("fostering.hold_ended", ())
"""Why a record is held stands on its page, for whoever may read it, and not here."""
