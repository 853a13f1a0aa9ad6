"""What the audit keeps about messages: what kind, never the words, nor why an enquiry was closed."""

from portal.core.audit import EventType

MESSAGE_WRITTEN = EventType("fostering.message_written", ("kind",))
MESSAGE_EDITED = EventType("fostering.message_edited", ("kind",))
MESSAGE_DROPPED = EventType("fostering.message_dropped", ("kind",))
MESSAGE_SENT = EventType("fostering.message_sent", ("kind",))
FAMILY_TOLD = EventType("fostering.family_told", ())
"""They were told another way why the service does not go on; neither how nor why is in it."""
MAIL_UNDELIVERED = EventType("fostering.mail_undelivered", ("purpose",))
"""Mail to the household’s address was given up."""
MESSAGES_LISTED = EventType("fostering.messages_read", ("shown",))
