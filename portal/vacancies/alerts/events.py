"""What the audit keeps about alerts. Subjects are numbers; no fact is an address or a search."""

from portal.core.audit import EventType

ALERT_ASKED = EventType("alerts.asked", ("frequency", "signs"))
ALERT_CONFIRMED = EventType("alerts.confirmed", ("frequency",))
ALERT_CHANGED = EventType("alerts.changed", ("what",))
ALERT_STOPPED = EventType("alerts.stopped", ("how",))
ALERTS_STOPPED = EventType("alerts.all_stopped", ("how", "alerts"))
ALERTS_PAUSED = EventType("alerts.undeliverable", ("alerts",))
ALERTS_SENT = EventType("alerts.sent", ("mails",))
ALERTS_DELETED = EventType("alerts.deleted", ("unconfirmed", "unanswered"))
