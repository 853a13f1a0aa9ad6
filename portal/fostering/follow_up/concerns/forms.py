"""What staff say about what they read, and about who may read a record."""

from __future__ import annotations

from datetime import datetime

from portal.core.fields import CheckboxesField, DateField, RadioField, TextField
from portal.core.times import moment_of
from portal.core.validators import Required
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.concerns.options import PassedTo, Verdict
from portal.fostering.follow_up.forms import EnquiryForm, note_field
from portal.fostering.follow_up.owners.forms import team_choices


class ReadForm(EnquiryForm):
    """Read, and with what result."""

    verdict = RadioField(
        "What do you say?", choices=choices_of(Verdict), required="Select whether there is a concern"
    )


class RaiseForm(EnquiryForm):
    """Nothing but a button: what the concern is has no place here."""


class PassForm(EnquiryForm):
    """That it was passed on, to whom, and when."""

    passed_to = RadioField(
        "Whom did you tell?", choices=choices_of(PassedTo), required="Select whom you told"
    )
    passed = RadioField(
        "When did you tell them?",
        choices=[("now", "Just now"), ("earlier", "Earlier")],
        required="Select when you told them",
        default="now",
        reveals={"earlier": ("passed_on", "passed_time")},
    )
    passed_on = DateField("Date", subject="Date you told them", optional_wording=False)
    passed_time = TextField("Time", hint="For example, 10:15am", width="10", optional_wording=False)

    def check(self) -> None:
        """A date needs its time."""
        if self.passed.data == "earlier":
            self.need_moment("passed_on", "passed_time", "of the talk")

    def passed_at(self, at: datetime) -> datetime:
        """When it was; only after the form was found in order."""
        earlier = self.passed.data == "earlier"
        return moment_of(self.passed_on.data, self.passed_time.data) if earlier else at


class ReadersForm(EnquiryForm):
    """Who may read a restricted record."""

    readers = CheckboxesField(
        "Who can read this record?",
        choices=team_choices,
        hint="At least one fostering manager, and whoever looks after the household",
        required="Select who can read this record",
    )
    note = note_field("Why?", hint="Leave out what the concern is about")


class LiftForm(EnquiryForm):
    """Why the whole team may read it again."""

    note = note_field(
        "Why can the whole team read it again?",
        [Required("Enter why the whole team can read it again")],
        hint="Leave out what the concern was about",
    )
