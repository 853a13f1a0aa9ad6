"""What the audit keeps about inspections. Their content is public, so what changed is kept word for word."""

from portal.core.audit import EventType

DRAFT_STARTED = EventType("inspections.draft_started", ("inspection",))
DRAFT_SAVED = EventType("inspections.draft_saved", ("page", "fields"))
"""`fields` are names of questions: what a draft says is not public yet."""
DRAFT_DELETED = EventType("inspections.draft_deleted", ("inspection",))
PUBLISHED = EventType("inspections.published", ("changes",))
"""`changes` is a pair, before and after, for each fact, judgement and quotation that is not as it was."""
COMPARED = EventType("inspections.compared", ("checked_on",))
WITHDRAWN = EventType("inspections.withdrawn", ("status", "reason"))
"""The reason is what HR wrote: the draft that carries it ends, and the record is about no person."""
