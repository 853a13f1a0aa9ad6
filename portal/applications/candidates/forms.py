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
        "Why do you withdraw?",
        hint="You need not say. Your answer helps us to write better adverts; nobody judges you by it.",
        choices=WithdrawalReason.choices(),
    )


class ButtonForm(PortalForm):
    """A button that does one thing."""
