"""What the audit keeps about staff accounts. Subjects are STAFF-numbers, never names or addresses."""

from portal.core.audit import EventType

SIGNED_IN = EventType("staff.signed_in", ())
SIGN_IN_FAILED = EventType("staff.sign_in_failed", ("account_key",))
"""`account_key` is a keyed hash of what was typed: it shows that one account is being tried, not whose."""
SIGNED_OUT = EventType("staff.signed_out", ())
PASSWORD_LINK_MADE = EventType("staff.password_link_made", ("expires_at",))
PASSWORD_SET = EventType("staff.password_set", ("how",))
"""`how`: link, changed (by its owner, signed in), command."""
STAFF_ADDED = EventType("staff.added", ("roles",))
ROLES_CHANGED = EventType("staff.roles_changed", ("before", "after"))
STAFF_DISABLED = EventType("staff.disabled", ())
STAFF_ENABLED = EventType("staff.enabled", ())
GRANT_GIVEN = EventType("staff.grant_given", ("permission",))
GRANT_REMOVED = EventType("staff.grant_removed", ("permission",))
