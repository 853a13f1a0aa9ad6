"""What the audit keeps of free text that leaves: why, and of how many enquiries."""

from portal.core.audit import EventType

WORDS_EXPORTED = EventType("fostering.words_exported", ("reason", "rows"))
"""Beside the event of the export itself, which has its filters and its purpose."""
