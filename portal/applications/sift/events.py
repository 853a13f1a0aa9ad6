"""What the audit says of work on applications: references, codes and counts, never who or what was said."""

from portal.core.audit import EventType

APPLICATION_READ = EventType("application.answers_read", ("vacancy", "veiled"))
APPLICATIONS_LISTED = EventType("application.list_read", ("list", "searched", "shown"))
APPLICATION_MOVED = EventType("application.moved", ("vacancy", "status", "reasons"))
APPLICATION_MOVE_UNDONE = EventType("application.move_undone", ("vacancy", "status"))
APPLICATION_NOTED = EventType("application.noted", ("vacancy",))
