"""What the audit keeps of what households do by their link: that it was done, nothing that was typed."""

from portal.core.audit import EventType

OWN_LINK_SENT = EventType("fostering.own_link_sent")
OTHER_DAY_ASKED = EventType("fostering.other_day_asked")
OWN_WITHDRAWAL = EventType("fostering.own_withdrawal", ("closed",))
"""`closed` is false where the team has to do it."""
