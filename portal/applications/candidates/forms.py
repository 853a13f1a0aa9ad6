"""What is asked of candidates on their own pages."""

from __future__ import annotations

from portal.applications.candidates.options import WithdrawalReason
from portal.core.fields import EmailField, HiddenField, RadioField
from portal.core.forms import Honeypot, PortalForm


class SignInForm(Honeypot):
    """An address of mail; `next` is where its owner was going, signed."""

    email = EmailField(
        "Email address",
        required="Enter your email address",
        hint="We send you a link that signs you in. You need no password.",
    )
    next = HiddenField()


class WithdrawForm(PortalForm):
    """Why, if somebody likes to say."""

    reason = RadioField(
        "Why are you withdrawing?",
        hint="You do not have to say. It helps us to write better adverts, and does not count against you.",
        choices=WithdrawalReason.choices(),
    )


class ButtonForm(PortalForm):
    """A button that does one thing."""
