"""What the audit keeps about equality figures. Of the answers themselves it keeps nothing at all."""

from portal.core.audit import EventType

FIGURES_EXPORTED = EventType("applications.equality_exported", ("format", "purpose", "rows"))
"""The subject is a vacancy’s reference or a quarter."""
