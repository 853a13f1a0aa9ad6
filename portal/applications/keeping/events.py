"""What the audit says of keeping: references and kinds. Why something is held is on its page, not here."""

from portal.core.audit import EventType

HOLD_PLACED = EventType("retention.hold_placed", ("kind",))
HOLD_ENDED = EventType("retention.hold_ended", ("kind",))
RECORD_DELETED = EventType("retention.deleted", ("kind", "vacancy"))
