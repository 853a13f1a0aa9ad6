"""What the audit keeps about figures: who read references, exported what, and changed how it is counted."""

from portal.core.audit import EventType

REFERENCES_READ = EventType("fostering.references_read", ("year", "figure", "shown"))
"""The list of references behind a figure."""
FIGURES_EXPORTED = EventType("fostering.figures_exported", ("content", "year", "format", "purpose", "rows"))
RULES_CHANGED = EventType("fostering.counting_rules_changed", ("number", "before", "after"))
