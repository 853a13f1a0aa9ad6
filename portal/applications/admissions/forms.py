"""What HR enters to admit a late application."""

from __future__ import annotations

from portal.core.fields import DateField, EmailField, TextAreaField
from portal.core.forms import PortalForm
from portal.core.validators import MaxLength, Required

LONGEST_REASON = 500


class TakeBackForm(PortalForm):
    """A button, for what its address names."""


class AdmitForm(PortalForm):
    """Who, why, and until when."""

    email = EmailField(
        "Email address of the candidate",
        required="Enter the email address of the candidate",
        hint="The one that they sign in with. We write to it",
    )
    reason = TextAreaField(
        "Why is this application admitted late?",
        [Required("Enter why it is admitted late"), MaxLength(LONGEST_REASON, "Reason")],
        hint="It stays in the history, which the candidate may ask to read. Leave out health",
        rows=3,
    )
    until = DateField(
        "Last day on which they can send it",
        [Required("Enter the last day on which they can send it")],
        subject="The last day",
        hint="For example, 27 3 2027",
    )
