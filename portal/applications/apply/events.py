"""What the audit notes of applying: that it happened, never what was answered."""

from __future__ import annotations

from portal.core.audit import EventType

APPLICATION_BEGUN = EventType("application.begun", ())
APPLICATION_SENT = EventType("application.sent", ("vacancy", "late", "flags"))
DRAFT_DELETED = EventType("application.draft_deleted", ())
