"""What is asked of candidates on their own pages."""

from __future__ import annotations

from portal.core.fields import EmailField, HiddenField
from portal.core.forms import Honeypot, PortalForm


class SignInForm(Honeypot):
    """An address of mail; `next` is where its owner was going, signed."""

    email = EmailField(
        "Email address",
        required="Enter your email address",
        hint="We send you a link that signs you in. You need no password.",
    )
    next = HiddenField()


class ButtonForm(PortalForm):
    """A button that does one thing."""
