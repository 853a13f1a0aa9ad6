"""What the audit says of interviews: that one was changed or called off; never when or where it is."""

from portal.core.audit import EventType

INTERVIEW_CHANGED = EventType("application.interview_changed", ("vacancy",))
INTERVIEW_CALLED_OFF = EventType("application.interview_called_off", ("vacancy",))
