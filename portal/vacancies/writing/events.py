"""What the audit keeps about writing adverts; changes of adverts themselves are in life/events.py."""

from portal.core.audit import EventType

WRITING_STARTED = EventType("vacancy.writing_started", ("begun_from", "source"))
"""`begun_from` is blank, template, copy, relist or change; `source` the reference or number of it."""
WRITING_DISCARDED = EventType("vacancy.writing_discarded")
TEMPLATE_SAVED = EventType("vacancy.template_saved", ("replaced", "source"))
TEMPLATE_RENAMED = EventType("vacancy.template_renamed")
TEMPLATE_DELETED = EventType("vacancy.template_deleted")
