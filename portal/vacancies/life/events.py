"""What the audit keeps about adverts: every change with before and after, every decision, every export."""

from portal.core.audit import EventType

VACANCY_WRITTEN = EventType("vacancy.written", ("title", "digest"))
"""The first version; `digest` seals the content that is kept as revision 1."""
VACANCY_CHANGED = EventType("vacancy.changed", ("revision", "changes", "digest"))
"""`changes`: each column with before and after; long texts by length and digest, people not at all."""

SUBMITTED = EventType("vacancy.submitted", ("status", "closes_at"))
APPROVED = EventType("vacancy.approved", ("status", "publish_at", "closes_at"))
SENT_BACK = EventType("vacancy.sent_back", ("status",))
EXTENDED = EventType("vacancy.extended", ("status", "reason", "closes_at", "taken_off"))
CLOSED_EARLY = EventType("vacancy.closed_early", ("status", "closes_at", "announced"))
"""`announced` is whether the advert said that it may close early."""
CANCELLED = EventType("vacancy.cancelled", ("status",))
OUTCOME_RECORDED = EventType("vacancy.outcome_recorded", ("status", "outcome", "posts_filled"))
ARCHIVED = EventType("vacancy.archived", ("status",))
"""`status` is the pair before and after."""

VACANCIES_EXPORTED = EventType("vacancies.exported", ("filters", "format", "purpose", "rows"))
