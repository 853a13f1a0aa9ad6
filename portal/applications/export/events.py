"""What the audit keeps about applications that leave the portal as a file or a list."""

from portal.core.audit import EventType

APPLICATIONS_EXPORTED = EventType("applications.exported", ("content", "chosen", "format", "purpose", "rows"))
"""The subject is the vacancy’s reference, or empty for all vacancies."""
NUMBERS_READ = EventType("applications.numbers_read", ("rows",))
"""Registration numbers were shown to be copied; the subject is the vacancy’s reference."""
