"""What is asked of somebody who wants to hear of new vacancies."""

from __future__ import annotations

from portal.core.choice_fields import Choice
from portal.core.fields import EmailField, HiddenField, RadioField
from portal.core.forms import Honeypot, PortalForm
from portal.core.validators import Required
from portal.vacancies.alerts.models import Frequency, StopReason

FREQUENCIES = [Choice(option.value, option.label, option.hint) for option in Frequency]


class AlertForm(Honeypot):
    """An address and how often. What to look for is in the address of the page."""

    email = EmailField(
        "Email address",
        [Required("Enter your email address")],
        hint="We use it to send you new vacancies, and for nothing else",
    )
    frequency = RadioField(
        "How often should we look for you?",
        [Required("Select every day or once a week")],
        choices=FREQUENCIES,
    )


class FindForm(Honeypot):
    """An address, to get the link to its alerts."""

    email = EmailField(
        "Email address",
        [Required("Enter your email address")],
        hint="The one that your alerts are sent to",
    )


class FrequencyForm(PortalForm):
    """How often."""

    frequency = RadioField(
        "How often should we look for you?",
        [Required("Select every day or once a week")],
        choices=FREQUENCIES,
    )


class SearchForm(PortalForm):
    """A button under a search that is shown; what it says is read as an address is."""

    search = HiddenField()


class ReasonForm(PortalForm):
    """Why somebody stopped, if they like to say."""

    reason = RadioField(
        "Why did you stop your alert?",
        [Required("Select a reason, or close this page")],
        choices=StopReason.choices(),
    )


class ButtonForm(PortalForm):
    """A button that does one thing."""
