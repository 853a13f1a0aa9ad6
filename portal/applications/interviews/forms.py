"""What somebody types about an interview: when, how and where."""

from __future__ import annotations

from typing import Any

from portal.applications.options import InterviewMode
from portal.applications.sift.facts import LONGEST_NOTE
from portal.core.fields import DateField, HiddenField, RadioField, TextAreaField, TextField
from portal.core.forms import PortalForm
from portal.core.times import moment_of, read_time
from portal.core.validators import MaxLength, Required

LONGEST_PLACE = 200
DISCLOSABLE = "Whoever applied may ask to read what you write here"


class InterviewFields(PortalForm):
    """The questions about one interview, for a form that asks more."""

    interview_on = DateField(
        "Day of the interview",
        [Required("Enter the day of the interview")],
        subject="The interview",
        hint="For example, 27 3 2027",
        asked_when=lambda form: form.asks_interview,
    )
    interview_time = TextField(
        "Time of the interview",
        [Required("Enter the time of the interview")],
        hint="For example, 2:30pm",
        width="10",
        asked_when=lambda form: form.asks_interview,
    )
    interview_mode = RadioField(
        "How it takes place",
        choices=[(mode.value, mode.label) for mode in InterviewMode],
        asked_when=lambda form: form.asks_interview,
    )
    interview_place = TextField(
        "Where, or how to join",
        [MaxLength(LONGEST_PLACE, "Where, or how to join")],
        hint="The candidate reads it as you write it",
        asked_when=lambda form: form.asks_interview,
    )

    @property
    def asks_interview(self) -> bool:
        """Whether this form is about an interview."""
        return True

    def check(self) -> None:
        """The time of an interview must be one."""
        typed = self.interview_time.data
        if self.interview_time.asked and typed and read_time(typed) is None:
            self.add_error("interview_time", "Enter the time of the interview like 2:30pm or 14:30")

    def interview(self) -> dict[str, Any]:
        """As the service takes it; only after the form was found in order."""
        mode = self.interview_mode.data
        return {
            "interview_at": moment_of(self.interview_on.data, self.interview_time.data or ""),
            "interview_mode": InterviewMode(mode) if mode else None,
            "interview_place": self.interview_place.data or "",
        }


class CarryingForm(PortalForm):
    """A form that carries along what its page showed."""

    version = HiddenField()
    seen = HiddenField()


class ChangeForm(CarryingForm, InterviewFields):
    """An interview that was announced, at another time or place."""

    note = TextAreaField("Note", hint=DISCLOSABLE, count=LONGEST_NOTE, rows=3)


class CallOffForm(CarryingForm):
    """An interview that was announced and does not take place."""

    note = TextAreaField("Note", hint=DISCLOSABLE, count=LONGEST_NOTE, rows=3)
