"""Who can speak for somebody (domain recruitment §1.3 and §9, section 8)."""

from __future__ import annotations

from portal.applications.history.month_rules import InLivingMemory
from portal.applications.history.options import Contact, RefereeKind
from portal.core.emails import same_mailbox
from portal.core.fields import (
    EmailField,
    MonthField,
    PhoneField,
    RadioField,
    TextAreaField,
    TextField,
    TickField,
)
from portal.core.forms import PortalForm
from portal.core.validators import MaxLength, NotBefore, PersonName, Required

NAME_LENGTH = 200


class RefereeForm(PortalForm):
    """One referee."""

    referee_kind = RadioField(
        "How do you know this person?",
        choices=RefereeKind.choices(),
        required="Select how you know this person",
        short_label="Type of referee",
    )
    name = TextField(
        "Full name",
        [Required("Enter the referee’s name"), MaxLength(100, "Full name"), PersonName("Full name")],
        autocomplete="off",
        spellcheck=False,
        short_label="Name",
    )
    job_title = TextField(
        "Job title", [Required("Enter the referee’s job title"), MaxLength(NAME_LENGTH, "Job title")]
    )
    organisation = TextField(
        "Organisation",
        [Required("Enter the referee’s organisation"), MaxLength(NAME_LENGTH, "Organisation")],
    )
    relationship = TextField(
        "Their working relationship to you",
        [
            Required("Enter the referee’s relationship to you"),
            MaxLength(NAME_LENGTH, "Their relationship to you"),
        ],
        hint="For example, my line manager or my practice educator",
        short_label="Relationship",
    )
    email = EmailField(
        "Work email address",
        required="Enter the referee’s work email address",
        autocomplete="off",
        hint="We write to referees at the address of their organisation",
    )
    phone = PhoneField("Phone number", autocomplete="off")
    address = TextAreaField("Address", [MaxLength(500, "Address")], rows=3)
    known_from = MonthField(
        "When did you get to know each other?",
        [Required("Enter the month and year you got to know each other"), InLivingMemory("This date")],
        hint="For example, 3 2019",
        subject="Date you got to know each other",
        short_label="Known from",
    )
    known_to = MonthField(
        "Until when did you know each other?",
        [
            InLivingMemory("This date"),
            NotBefore(
                lambda form: form.known_from.data,
                "This date must be the same as or after the date you got to know each other",
            ),
        ],
        hint="Leave this empty if you still do",
        subject="Date until which you knew each other",
        short_label="Known to",
    )
    contact = RadioField(
        "Can we contact them before an interview?",
        choices=Contact.choices(),
        required="Select yes if we can contact them before an interview",
        short_label="Contact before interview",
    )
    not_relative = TickField(
        "This person is not related to me, and is not my partner",
        required="Confirm that this person is not related to you",
        legend="Relatives",
        short_label="Not related",
    )

    def check(self) -> None:
        """Nobody speaks for themselves."""
        own = [self.given.get("email"), self.facts.get("email")]
        if self.email.data and any(
            isinstance(address, str) and same_mailbox(address, self.email.data) for address in own
        ):
            self.add_error("email", "Enter the referee’s email address, not your own")
