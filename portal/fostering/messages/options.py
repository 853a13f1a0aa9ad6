"""What a family can be written, and where such a message stands."""

from __future__ import annotations

from enum import StrEnum

from portal.core.options import Option


class MessageKind(Option):
    """What a message is for. The code is all that the audit learns of it."""

    CALL_TRIED = "CALL_TRIED", "We tried to call", "Counts as an attempt to reach them, in writing"
    ARRANGE_CALL = (
        "ARRANGE_CALL",
        "Agree on a call",
        "For whoever wants to be written to first. Counts as an attempt",
    )
    INFO_PACK = "INFO_PACK", "Information pack", "Recorded as the information pack sent"
    VISIT_BOOKED = "VISIT_BOOKED", "Visit booked", "The day and time, with a file for their calendar"
    KEEP_IN_TOUCH = "KEEP_IN_TOUCH", "Keeping in touch", "When we ask again, and how they reach us before"
    CLOSING = "CLOSING", "Closing letter", "Kindly, with the reason in words for them"


class MessageState(StrEnum):
    """Where it stands; one that was thrown away is deleted."""

    DRAFT = "draft"
    SENT = "sent"
