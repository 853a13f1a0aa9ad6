"""What the audit keeps about copies: which staff made, of whose application, and what for."""

from portal.core.audit import EventType

COPY_READ = EventType("application.copy_read", ("form",))
"""`form` is page or pdf; the subject is the application’s reference."""
COPIES_EXPORTED = EventType("applications.copies_exported", ("chosen", "purpose", "rows"))
"""The subject is the vacancy’s reference; `chosen` says which of its applications."""
