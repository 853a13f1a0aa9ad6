"""What a household types by its link. Nothing is filled in beforehand: the link shows nothing."""

from __future__ import annotations

from typing import Any

from portal.core.fields import DateField, EmailField, PhoneField, RadioField
from portal.core.forms import Honeypot, PortalForm
from portal.core.validators import Required
from portal.fostering.choices import choices_of
from portal.fostering.options import ContactMethod, ContactTime, YesNo


class FindForm(Honeypot):
    """An address, to get the link."""

    email = EmailField(
        "Email address",
        [Required("Enter your email address")],
        hint="The one that you gave us with your enquiry",
    )


class ContactForm(PortalForm):
    """How to be reached from now on; what is left empty stays as it is."""

    phone = PhoneField("New phone number", optional_wording=False)
    email = EmailField("New email address", optional_wording=False)
    contact_method = RadioField(
        "How should we get in touch from now on?",
        choices=choices_of(ContactMethod),
        optional_wording=False,
    )
    voicemail_ok = RadioField(
        "May we leave a voicemail?", choices=choices_of(YesNo), optional_wording=False, inline=True
    )

    def check(self) -> None:
        """Something must be new, and a call or a text message needs its number with it."""
        given = (self.phone.typed, self.email.typed, self.contact_method.data, self.voicemail_ok.data)
        if not any(given):
            self.add_error("phone", "Enter what has changed")
        method = self.contact_method.data
        if method in (ContactMethod.PHONE, ContactMethod.TEXT) and not self.phone.typed:
            self.add_error("phone", "Enter the number that we should use")
        elif method == ContactMethod.TEXT and not self.phone.problem and not self.phone.is_mobile:
            self.add_error("phone", "Enter a mobile number, like 07700 900 982, for text messages")

    def details(self) -> dict[str, Any]:
        """What was entered; only after the form was found in order."""
        method, voicemail = self.contact_method.data, self.voicemail_ok.data
        return {
            "phone": self.phone.data or None,
            "email": self.email.data or None,
            "contact_method": ContactMethod(method) if method else None,
            "voicemail_ok": YesNo(voicemail) if voicemail else None,
        }


class DayForm(PortalForm):
    """Another day to be called on."""

    day = DateField(
        "Which day would suit you?", required="Enter the day that would suit you", subject="The day"
    )
    part = RadioField(
        "What time of day?",
        choices=lambda form: choices_of(form.facts["parts"]),
        required="Select a time of day",
    )

    @property
    def chosen_part(self) -> ContactTime:
        """The part of the day."""
        return ContactTime(self.part.data)


class ButtonForm(PortalForm):
    """A button that does one thing."""
