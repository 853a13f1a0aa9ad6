"""What the audit says of answers to candidates: references and codes, never what was written."""

from portal.core.audit import EventType

ANSWER_SENT = EventType("application.answer_sent", ("vacancy", "tells"))
ANSWER_EDITED = EventType("application.answer_edited", ("vacancy", "tells"))
ANSWER_HELD = EventType("application.answer_held", ("vacancy", "tells"))
ANSWER_RESUMED = EventType("application.answer_resumed", ("vacancy", "tells"))
ANSWERS_LISTED = EventType("application.outbox_read", ("list", "shown"))
ANSWER_READ = EventType("application.answer_read", ("vacancy", "tells"))
