"""What the audit says of promises: which vacancy, which day, how many."""

from portal.core.audit import EventType

DECISION_REMINDED = EventType("application.decision_reminded", ("promised_on", "waiting"))
DELAY_TOLD = EventType("application.delay_told", ("vacancy", "promised_on"))
DELAY_NOT_TOLD = EventType("application.delay_not_told", ("vacancy", "promised_on"))
"""The address cannot be used."""
UNDECIDED_REMINDED = EventType("application.undecided_reminded", ("waiting", "offers", "untold"))
