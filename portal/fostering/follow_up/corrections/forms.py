"""What a household is called and how it is reached, as staff learn it; and that one was looked at."""

from __future__ import annotations

from typing import Any

from portal.core.fields import EmailField, PhoneField, PostcodeField, RadioField, TextField, TickField
from portal.core.validators import MaxLength
from portal.fostering.choices import choices_of
from portal.fostering.enquire.household_forms import name_field
from portal.fostering.follow_up.forms import EnquiryForm, note_field
from portal.fostering.models import Enquiry
from portal.fostering.options import ContactMethod, YesNo

NAMES = ("first_name", "last_name", "second_first_name", "second_last_name")
COLUMNS = (*NAMES, "phone", "email", "postcode", "contact_method", "voicemail_ok", "contact_needs")


class DetailsForm(EnquiryForm):
    """Filled with what is known; what is emptied is forgotten."""

    first_name = name_field("First name", "Enter their first name", autocomplete="off")
    last_name = name_field("Last name", "Enter their last name", autocomplete="off")
    second_first_name = name_field(
        "First name of the person they would foster with",
        hint="Only if that person knows that we have their name",
        autocomplete="off",
    )
    second_last_name = name_field("Last name of the person they would foster with", autocomplete="off")
    phone = PhoneField("Phone number", autocomplete="off")
    phone_wrong = TickField("This number is somebody else’s: do not call it")
    email = EmailField("Email address", autocomplete="off")
    email_wrong = TickField("Mail to this address comes back: reach them another way")
    postcode = PostcodeField("Postcode", autocomplete="off")
    contact_method = RadioField("How do they want to be contacted?", choices=choices_of(ContactMethod))
    voicemail_ok = RadioField("May we leave a voicemail?", choices=choices_of(YesNo), inline=True)
    contact_needs = TextField(
        "What would make it easier to talk", [MaxLength(200, "What would make it easier")]
    )
    note = note_field("How do you know?")

    @classmethod
    def known(cls, enquiry: Enquiry) -> dict[str, Any]:
        """The details as they are kept."""
        known = {name: getattr(enquiry, name) for name in COLUMNS}
        return {
            **known,
            "phone_wrong": enquiry.phone_wrong_at is not None,
            "email_wrong": enquiry.email_failed_at is not None,
        }

    def check(self) -> None:
        """There must be a way to reach them, and the way they prefer must be one."""
        if not self.phone.typed and not self.email.typed:
            self.add_error("phone", "Enter a phone number or an email address")
        method = self.contact_method.data
        if method in (ContactMethod.PHONE, ContactMethod.TEXT) and not self.phone.typed:
            self.add_error("contact_method", "Enter a phone number, or select email")
        elif method == ContactMethod.TEXT and not self.phone.problem and not self.phone.is_mobile:
            self.add_error("contact_method", "A text message needs a mobile number")
        elif method == ContactMethod.EMAIL and not self.email.typed:
            self.add_error("contact_method", "Enter an email address, or select another way")

    def details(self) -> dict[str, Any]:
        """The columns; only after the form was found in order."""
        method, voicemail = self.contact_method.data, self.voicemail_ok.data
        plain = (*NAMES, "phone", "email", "postcode", "contact_needs")
        details: dict[str, Any] = {name: self[name].data or None for name in plain}
        details["contact_method"] = ContactMethod(method) if method else None
        details["voicemail_ok"] = YesNo(voicemail) if voicemail else None
        return details


class CheckedForm(EnquiryForm):
    """Somebody has looked: it was a person."""

    note = note_field("How do you know?")
