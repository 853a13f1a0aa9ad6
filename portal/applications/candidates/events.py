"""What the audit keeps about candidates’ accounts. Subjects are CAND-numbers, never addresses."""

from portal.core.audit import EventType

SIGNED_IN = EventType("candidate.signed_in", ("first",))
"""`first`: whether the account was made by it."""
SIGNED_OUT = EventType("candidate.signed_out", ())
