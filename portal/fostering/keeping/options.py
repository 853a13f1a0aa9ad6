"""Codes of keeping: what becomes of a record, by which rule, and why one is held."""

from __future__ import annotations

from portal.core.options import Option


class Ending(Option):
    """What becomes of a record whose time is over."""

    DELETE = "DELETE", "Deleted"
    ANONYMISE = "ANONYMISE", "Made anonymous"


class Rule(Option):
    """Which row of the schedule a record goes by."""

    ERASED = "ERASED", "They asked us to erase it"
    SPAM = "SPAM", "Not genuine"
    REDIRECTED = "REDIRECTED", "A duplicate, or passed to another service"
    CLOSED = "CLOSED", "Closed without an application"
    APPLIED = "APPLIED", "The application was withdrawn or refused"
    KEPT_IN_TOUCH = "KEPT_IN_TOUCH", "Keep in touch, and too long without a contact"
    APPROVED = "APPROVED", "Approved: the case system has the record"

    @property
    def ending(self) -> Ending:
        """What of a record stays: figures, or not even those."""
        return Ending.ANONYMISE if self in (Rule.CLOSED, Rule.APPLIED, Rule.KEPT_IN_TOUCH) else Ending.DELETE


class HoldReason(Option):
    """Why a record is kept beyond its time. What there is to say is in the case system."""

    SAFEGUARDING = "SAFEGUARDING", "A safeguarding matter"
    LEGAL = "LEGAL", "A legal claim or a court order"
    COMPLAINT = "COMPLAINT", "A complaint"
    RIGHTS_REQUEST = "RIGHTS_REQUEST", "A request about their own data that is not answered yet"
    INQUIRY = "INQUIRY", "An inspection or an inquiry"


class EraseScope(Option):
    """How much of a household is erased."""

    ALL = "ALL", "This enquiry and the others listed here that can be erased"
    ONE = "ONE", "This enquiry only"
