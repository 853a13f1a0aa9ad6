"""What the work is: the texts of the advert, workload as figures, evidence, and the criteria."""

from __future__ import annotations

from typing import Any

from portal.core.fields import CheckboxesField, NumberField, RadioField, TextAreaField, TextField
from portal.core.forms import FieldGroup, PortalForm
from portal.core.validators import MaxLength
from portal.vacancies.options import AssessedBy, Importance
from portal.vacancies.writing.questions.settled import SettledForm

LONGEST_TEXT = 10_000
LONGEST_SIDE_TEXT = 5_000
MOST_QUOTATIONS = 3


class AboutForm(PortalForm):
    """The two texts that every advert has."""

    summary = TextAreaField(
        "Summary",
        count=300,
        rows=4,
        required="Enter a summary",
        hint=(
            "Two plain sentences for lists and alerts: whom they would work with, and why it matters. "
            "The first 40 words "
            "decide whether the rest is read"
        ),
    )
    description = TextAreaField(
        "The work",
        count=LONGEST_TEXT,
        rows=18,
        required="Enter what the work is",
        hint=(
            "300 to 500 words are read best. Say what a week is like, say “you”, and leave out "
            "internal grades, "
            "abbreviations and codes"
        ),
        subject="The work",
    )


class EvidenceField(CheckboxesField):
    """Words of the newest inspection. Stored ones of an older inspection are none any more, and no fault."""

    def read_answer(self, value: Any) -> None:
        """Only what is offered; what somebody has just ticked is judged as ever."""
        super().read_answer(value)
        self.read_typed([code for code in self.data if code in self.codes])


class TeamForm(SettledForm):
    """Team, benefits, and what inspectors said."""

    about_team = TextAreaField(
        "The team",
        count=LONGEST_SIDE_TEXT,
        rows=8,
        hint="Who is in it, who leads it, how people support each other",
    )
    benefits = TextAreaField(
        "What else people get",
        count=LONGEST_SIDE_TEXT,
        rows=8,
        hint="Pension, leave, training, parking: what is true for this post",
    )
    evidence = EvidenceField(
        "Which words of the inspectors should stand beside the advert?",
        choices=lambda form: form.facts.get("quotations", ()),
        asked_when=lambda form: bool(form.facts.get("quotations")),
        hint=(
            f"Up to {MOST_QUOTATIONS}. Each is shown with its date and source, and goes by itself when "
            "a newer inspection is published"
        ),
        unknown="Select quotations that are on the list: an inspection has been published since",
        short_label="What inspectors said",
    )

    def check(self) -> None:
        """A few, so that they are read."""
        if not self.evidence.errors and len(self.evidence.data or ()) > MOST_QUOTATIONS:
            self.add_error("evidence", f"Select {MOST_QUOTATIONS} quotations at most")


class WorkloadForm(PortalForm):
    """What is promised about workload, as figures that can be compared and held against us."""

    groups = (
        FieldGroup(
            "Caseload of a full-time worker",
            ("caseload_cap", "caseload_average"),
            "Children. Leave empty what you cannot promise",
        ),
    )

    caseload_cap = NumberField(
        "At most", min=1, max=99, optional_wording=False, short_label="Caseload at most", subject="Caseload"
    )
    caseload_average = NumberField(
        "On average now",
        min=1,
        max=99,
        optional_wording=False,
        short_label="Caseload on average now",
        subject="Average caseload",
    )
    supervision_weeks = NumberField(
        "Reflective supervision at least once every",
        min=1,
        max=26,
        suffix="weeks",
        subject="Supervision",
        short_label="Reflective supervision at least once every (weeks)",
    )
    asye_support = TextAreaField(
        "Support in the ASYE year",
        count=500,
        rows=3,
        hint="For example, a lighter caseload and a day a fortnight to learn",
    )
    hybrid_days = NumberField(
        "Days a week that may be worked from home",
        min=0,
        max=5,
        subject="Days from home",
        short_label="Days a week from home",
    )
    team_size = NumberField("People in the team", min=1, max=200)
    duty_rota = TextField(
        "Duty and on-call", [MaxLength(200, "Duty and on-call")], hint="How often, and whether it is paid"
    )

    def check(self) -> None:
        """Nobody has more on average than at most."""
        most, now = self.caseload_cap.data, self.caseload_average.data
        if self.caseload_cap.errors or self.caseload_average.errors or most is None or now is None:
            return
        if now > most:
            self.add_error("caseload_average", "Average caseload must be the same as or less than the most")


class CriterionForm(PortalForm):
    """One line of the person specification."""

    wording = TextAreaField(
        "What do you look for?",
        count=500,
        rows=3,
        required="Enter what you look for",
        hint=(
            "One thing that somebody can show. Applicants answer it and the panel scores it, so no two "
            "things in one"
        ),
        subject="Criterion",
        short_label="Criterion",
    )
    importance = RadioField(
        "Is it essential or desirable?",
        choices=Importance.choices(),
        required="Select whether it is essential or desirable",
        inline=True,
        short_label="Importance",
    )
    assessed_by = CheckboxesField(
        "Where does the panel look for it?",
        choices=[(option.value, option.label.capitalize()) for option in AssessedBy],
        required="Select where the panel looks for it",
        hint="Select all that apply",
        short_label="Assessed by",
    )


def wordings(items: Any) -> list[str]:
    """The words of the criteria, to be compared."""
    return [" ".join(str(item.get("wording", "")).casefold().split()) for item in items]
