"""What the audit keeps about candidates: subjects are references and CAND-numbers, never addresses."""

from portal.core.audit import EventType

SIGNED_IN = EventType("candidate.signed_in", ("first",))
"""`first`: whether the account was made by it."""
SIGNED_OUT = EventType("candidate.signed_out", ())
WITHDRAWN = EventType("candidate.application_withdrawn", ("vacancy", "before", "reason"))
WITHDRAWAL_UNDONE = EventType("candidate.withdrawal_undone", ("vacancy", "after"))
DATA_DOWNLOADED = EventType("candidate.data_downloaded", ("applications", "drafts"))
ACCOUNT_DELETED = EventType("candidate.account_deleted", ("how", "drafts"))
"""`how`: by its owner, or by the schedule."""
REMINDED = EventType("candidate.reminded", ("what", "mails"))
ACCOUNTS_WARNED = EventType("candidate.accounts_warned", ("accounts",))
