"""What is asked of who books, and what staff enter of an event."""

from __future__ import annotations

import re
from datetime import date, time

from portal.core.clock import london, london_instant
from portal.core.fields import (
    YES_NO,
    CheckboxesField,
    DateField,
    EmailField,
    HiddenField,
    NumberField,
    PhoneField,
    RadioField,
    TextAreaField,
    TextField,
)
from portal.core.forms import Honeypot, PortalForm
from portal.core.times import moment_of, read_time
from portal.core.tokens import new_token
from portal.core.validators import MaxLength, PersonName
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.forms import EnquiryForm
from portal.fostering.information_events.facts import EventFacts, Guest
from portal.fostering.information_events.models import MOST_PEOPLE
from portal.fostering.information_events.options import EventMode
from portal.fostering.references import read_reference

LONGEST_CAPACITY = 500
NEW_ENQUIRY, OTHER_ENQUIRY = "NEW", "OTHER"
"""No reference is like them."""
KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


def people_field(hint: str) -> NumberField:
    """How many places."""
    return NumberField(
        "How many people will come?",
        min=1,
        max=MOST_PEOPLE,
        required="Enter how many people will come",
        subject="Number of people",
        hint=f"{hint}, {MOST_PEOPLE} at most",
    )


def needs_field(whom: str) -> TextField:
    """What would help."""
    return TextField(
        f"Is there anything that would make it easier for {whom} to come?",
        [MaxLength(200, "What would make it easier")],
        hint="For example step-free access, a sign language interpreter, large print",
        short_label="What would make it easier",
    )


class BookForm(Honeypot):
    """A visitor books; nothing is asked about their household."""

    key = HiddenField()
    first_name = TextField(
        "First name",
        [MaxLength(60, "First name"), PersonName("First name")],
        required="Enter your first name",
        autocomplete="given-name",
    )
    last_name = TextField(
        "Last name",
        [MaxLength(60, "Last name"), PersonName("Last name")],
        required="Enter your last name",
        autocomplete="family-name",
    )
    email = EmailField(
        required="Enter your email address",
        hint="We send the confirmation and a reminder there. The subject does not say what it is about",
    )
    phone = PhoneField(hint="Only to reach you if something changes at the last moment")
    people = people_field("You and whoever comes with you")
    access_needs = needs_field("you")

    @property
    def submission_key(self) -> str:
        """What makes one form that is sent twice one booking; a strange one counts as a new form’s."""
        key = str(self.key.data or "")
        return key if KEY.fullmatch(key) else new_token()

    @property
    def guest(self) -> Guest:
        """Who books."""
        return guest_in(self)


def guest_in(form: PortalForm) -> Guest:
    """Who comes, of a form that is in order."""
    return Guest(
        first_name=form["first_name"].data,
        last_name=form["last_name"].data,
        email=form["email"].data or None,
        phone=form["phone"].data or None,
        people=form["people"].data,
        access_needs=form["access_needs"].data or None,
    )


class ButtonForm(PortalForm):
    """A button that does one thing."""


class EventForm(EnquiryForm):
    """An event as staff announce it."""

    title = TextField(
        "Title",
        [MaxLength(80, "Title")],
        required="Enter a title",
        hint="For example, Information evening",
    )
    day = DateField("Date", hint="For example, 27 3 2027", subject="Date", optional_wording=False)
    begins = TextField("Begins at", hint="For example, 6pm", width="10", optional_wording=False)
    ends = TextField("Ends at", hint="For example, 7:30pm", width="10", optional_wording=False)
    mode = RadioField(
        "Where is it?",
        choices=choices_of(EventMode),
        required="Select where it is",
        reveals={EventMode.VENUE.value: "place", EventMode.ONLINE.value: "join_link"},
    )
    place = TextField(
        "Place",
        [MaxLength(200, "Place")],
        required="Enter the place",
        hint="With its address and postcode",
    )
    join_link = TextField(
        "Link to the meeting",
        [MaxLength(300, "Link to the meeting")],
        required="Enter the link to the meeting",
        spellcheck=False,
    )
    capacity = NumberField(
        "How many people can come?",
        min=1,
        max=LONGEST_CAPACITY,
        required="Enter how many people can come",
        subject="Number of people",
    )
    about = TextAreaField(
        "What should people know?",
        count=600,
        rows=4,
        hint="Anybody can read this: who will be there, parking, step-free access, whether children can come",
    )

    def check(self) -> None:
        """A day and two times, in their order; a link that browsers open."""
        if not self.day.data and not self.day.errors:
            self.add_error("day", "Enter the date of the event")
        for field, what in ((self.begins, "begins"), (self.ends, "ends")):
            if not field.data:
                self.add_error(field.short_name, f"Enter when the event {what}")
            elif read_time(field.data) is None:
                self.add_error(field.short_name, f"Enter when the event {what} like 6pm or 18:00")
        begins, ends = read_time(self.begins.data or ""), read_time(self.ends.data or "")
        if self.day.data and begins is not None and ends is not None:
            self.check_times(self.day.data, begins, ends)
        link = self.join_link.data or ""
        online = self.mode.data == EventMode.ONLINE
        if online and link and not self.join_link.errors and not is_link(link):
            self.add_error("join_link", "The link must be one address that begins with https://")

    def check_times(self, day: date, begins: time, ends: time) -> None:
        """Both are on the clock that day, and one comes after the other: clocks change in the night."""
        for name, moment in (("begins", begins), ("ends", ends)):
            if london(london_instant(day, moment)).time() != moment:
                self.add_error(
                    name, "The clocks go forward on that day, so there is no such time. Enter another"
                )
                return
        if london_instant(day, ends) <= london_instant(day, begins):
            self.add_error("ends", "The event must end later in the day than it begins")

    @property
    def event_facts(self) -> EventFacts:
        """The event; needs a form that is in order."""
        online = self.mode.data == EventMode.ONLINE
        return EventFacts(
            title=self.title.data,
            starts_at=moment_of(self.day.data, self.begins.data),
            ends_at=moment_of(self.day.data, self.ends.data),
            mode=EventMode(self.mode.data),
            place=None if online else self.place.data,
            join_link=self.join_link.data if online else None,
            about=self.about.data or None,
            capacity=self.capacity.data,
        )


def is_link(text: str) -> bool:
    """One address that browsers open, with nothing after it."""
    return text.startswith("https://") and text.isascii() and " " not in text and "." in text


class CancelForm(EnquiryForm):
    """Why an event does not take place, in words for those who have booked."""

    cancel_note = TextField(
        "What should people who have booked know?",
        [MaxLength(300, "What people should know")],
        hint="Stands in the email to them and on the public page. For example, “The hall is closed”",
        short_label="What people should know",
    )


class AttendanceForm(EnquiryForm):
    """Who came; whoever is not ticked did not come."""

    came = CheckboxesField(
        "Who came?",
        choices=lambda form: form.facts["guests"],
        hint="Everybody who is not ticked is recorded as not having come",
        optional_wording=False,
    )


class PlaceForm(EnquiryForm):
    """Places for a household whose enquiry we have."""

    event = RadioField(
        "Which event?",
        choices=lambda form: form.facts["events"],
        required="Select an event",
    )
    people = people_field("They and whoever comes with them")
    access_needs = needs_field("them")
    writes = RadioField(
        "Should the portal email them the confirmation, and a reminder the day before?",
        choices=YES_NO,
        required="Select whether the portal should email them",
        asked_when=lambda form: bool(form.facts["email"]),
        inline=True,
    )


class CallerForm(EnquiryForm):
    """Places for somebody who calls: a way to reach them, and whether mails may go."""

    first_name = TextField(
        "First name",
        [MaxLength(60, "First name"), PersonName("First name")],
        required="Enter their first name",
    )
    last_name = TextField(
        "Last name", [MaxLength(60, "Last name"), PersonName("Last name")], required="Enter their last name"
    )
    phone = PhoneField(autocomplete="off")
    email = EmailField(
        autocomplete="off", hint="The portal sends the confirmation and a reminder there. Ask whether it may"
    )
    people = people_field("They and whoever comes with them")
    access_needs = needs_field("them")

    def check(self) -> None:
        """Somebody who cannot be reached cannot be told of a change."""
        if self.phone.empty and self.email.empty and not self.phone.errors and not self.email.errors:
            self.add_error("phone", "Enter a phone number or an email address")

    @property
    def guest(self) -> Guest:
        """Who comes."""
        return guest_in(self)


class WhoseForm(PortalForm):
    """Whose household somebody is who booked without an enquiry."""

    enquiry = RadioField(
        "Which enquiry is theirs?",
        choices=lambda form: [
            *form.facts["enquiries"],
            (OTHER_ENQUIRY, "One that we have, by its reference"),
            (NEW_ENQUIRY, "None: make a new one"),
        ],
        required="Select which enquiry is theirs",
        reveals={OTHER_ENQUIRY: "reference"},
    )
    reference = TextField(
        "Its reference",
        required="Enter the reference of their enquiry",
        hint="For example, FOS-26-7K3QX",
        width="20",
        spellcheck=False,
    )

    @property
    def chosen(self) -> str | None:
        """The reference of an enquiry that there is; None for a new one."""
        if self.enquiry.data == NEW_ENQUIRY:
            return None
        typed = self.reference.data if self.enquiry.data == OTHER_ENQUIRY else self.enquiry.data
        return read_reference(str(typed))
