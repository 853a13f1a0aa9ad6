"""Work, and the time between it (domain recruitment §9, section 6)."""

from __future__ import annotations

from portal.applications.history.month_rules import InLivingMemory
from portal.applications.history.months import Month
from portal.applications.history.options import GapReason, WorkKind
from portal.core import clock
from portal.core.fields import YES_NO, HiddenField, MonthField, RadioField, TextAreaField, TextField
from portal.core.forms import PortalForm
from portal.core.validators import Form, MaxLength, NotBefore, Required, RequiredWhen

NAME_LENGTH = 200


class WorkedForm(PortalForm):
    """Whether there is work to tell of."""

    has_worked = RadioField(
        "Have you ever worked?",
        choices=(("yes", "Yes"), ("no", "No, I have not worked")),
        hint="Paid, voluntary and self-employed work all count, and part-time work too",
        required="Select yes if you have ever worked",
        short_label="Ever worked",
    )


class JobForm(PortalForm):
    """One post."""

    employer = TextField(
        "Employer’s name",
        [Required("Enter your employer’s name"), MaxLength(NAME_LENGTH, "Employer’s name")],
        hint="For agency work, the agency. If you worked for yourself, your business",
        short_label="Employer",
    )
    town = TextField(
        "Town or city",
        [Required("Enter the town or city where you worked"), MaxLength(NAME_LENGTH, "Town or city")],
        hint="Add the country if it was outside the UK",
    )
    title = TextField("Job title", [Required("Enter your job title"), MaxLength(NAME_LENGTH, "Job title")])
    post_type = RadioField(
        "What kind of work was it?",
        choices=WorkKind.choices(),
        required="Select what kind of work it was",
        short_label="Kind of work",
    )
    agency = RadioField(
        "Was it through an agency?",
        choices=YES_NO,
        reveals={"yes": "placement"},
        required="Select yes if it was through an agency",
        short_label="Through an agency",
    )
    placement = TextField(
        "Where did the agency place you?",
        [
            Required("Enter the organisation where the agency placed you"),
            MaxLength(NAME_LENGTH, "Where the agency placed you"),
        ],
        hint="For example, Southampton City Council",
        short_label="Placed with",
    )
    start = MonthField(
        "When did you start?",
        [Required("Enter the month and year you started"), InLivingMemory("Start date")],
        hint="For example, 3 2019",
        subject="Start date",
        short_label="Started",
    )
    current = RadioField(
        "Do you still work there?",
        choices=YES_NO,
        reveals={"no": "end"},
        required="Select yes if you still work there",
        short_label="Current job",
    )
    end = MonthField(
        "When did you leave?",
        [
            Required("Enter the month and year you left"),
            InLivingMemory("End date"),
            NotBefore(
                lambda form: form.start.data,
                "End date must be the same as or after the start date",
            ),
        ],
        hint="For example, 8 2021",
        subject="End date",
        short_label="Left",
    )
    duties = TextAreaField(
        "Your main duties",
        [Required("Enter your main duties")],
        count=1500,
        rows=6,
        short_label="Main duties",
    )
    leaving_reason = TextAreaField(
        "Reason for leaving",
        [Required("Enter your reason for leaving")],
        count=500,
        rows=3,
        hint="If you still work there, why you would like to leave. Do not give details of your health",
    )
    with_children = RadioField(
        "Did you work with children?",
        choices=YES_NO,
        required="Select yes if you worked with children",
        short_label="Worked with children",
    )


class GapMonthField(HiddenField):
    """The first or last month of a gap: an answer that the portal gives and nobody types."""

    holds_answer = True

    @property
    def month(self) -> Month | None:
        """The month, if it is one."""
        return Month.read(self.typed)


def says_too_little(form: Form) -> bool:
    """Whether the reason leaves open what, where or why. Nobody is asked twice for a reason that does not."""
    return form["reason"].data in (GapReason.STUDY, GapReason.TRAVEL, GapReason.OTHER)


class GapForm(PortalForm):
    """What somebody says of one gap. It keeps its months: what is true of them stays true."""

    first = GapMonthField("First month", in_summary=False)
    last = GapMonthField("Last month", in_summary=False)
    reason = RadioField(
        "What were you mainly doing?",
        choices=GapReason.choices(),
        required="Select what you were mainly doing",
        short_label="Reason",
    )
    explanation = TextAreaField(
        "What you studied, where you were, or what you did",
        [RequiredWhen(says_too_little, "Enter what you studied, where you were, or what you did")],
        count=1000,
        rows=4,
        hint="Only if you chose study, travelling or something else. One or two sentences are enough. "
        "Do not give details of your health or anybody else’s",
        short_label="Explanation",
        optional_wording=False,
    )

    def check(self) -> None:
        """Which gap it is comes from the list; nothing before it began or after today can be explained."""
        first, last = self.first.month, self.last.month
        if first is None or last is None or not first <= last <= Month.on(clock.today()):
            self.add_error(None, "Select a gap from the list to explain it")
