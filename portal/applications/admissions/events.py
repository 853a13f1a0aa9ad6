"""What the audit says of late applications: for which vacancy, until when; never who or why."""

from portal.core.audit import EventType

LATE_ALLOWED = EventType("application.late_allowed", ("until",))
LATE_TAKEN_BACK = EventType("application.late_taken_back", ("until",))
ADMITTED_LATE = EventType("application.admitted_late", ("vacancy",))
ADMISSIONS_READ = EventType("application.late_read", ("shown",))
