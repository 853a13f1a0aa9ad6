"""What somebody types who decides: a move with its reasons and dates, a note, words to search for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from portal.applications.interviews.forms import DISCLOSABLE, InterviewFields
from portal.applications.options import ApplicationStatus as Status
from portal.applications.reasons import Reason, reasons_for
from portal.applications.sift.facts import LONGEST_NOTE
from portal.applications.sift.filters import LONGEST_SEARCH
from portal.core.field_base import PortalField
from portal.core.fields import CheckboxesField, DateField, HiddenField, SearchField, TextAreaField
from portal.core.forms import PortalForm
from portal.core.text import carried_number
from portal.core.validators import MaxLength, Required

CHOSEN_ROW = re.compile(r"(APP-[0-9A-Z]{8})\.([0-9]{1,9})")
MOST_ROWS = 100
"""Applications that are moved together."""


def reason_choices(form: Any) -> list[tuple[str, str]]:
    """The reasons that this person may give for this status."""
    offered = reasons_for(form.facts["to"], hr=form.facts["hr"])
    return [(reason.value, reason.label) for reason in offered]


def criteria_choices(form: Any) -> list[tuple[str, str]]:
    """The essential criteria of the advert, by their numbers."""
    return [(str(number), wording) for number, wording in form.facts["criteria"]]


class MoveForm(InterviewFields):
    """A change of status with what belongs to it. `facts`: `to`, `hr`, `criteria`."""

    version = HiddenField()
    seen = HiddenField()

    reasons = CheckboxesField(
        "Why?",
        choices=reason_choices,
        required="Select why",
        asked_when=lambda form: bool(reason_choices(form)),
        reveals={Reason.ESSENTIAL.value: "criteria"},
    )
    criteria = CheckboxesField(
        "Which essential criteria are not met?",
        choices=criteria_choices,
        required="Select which essential criteria are not met",
        asked_when=lambda form: bool(form.facts["criteria"]),
    )
    agreed_on = DateField(
        "First day, if it is agreed",
        subject="The first day",
        hint="For example, 27 3 2027",
        optional_wording=False,
        asked_when=lambda form: form.facts["to"] is Status.CLEARED,
    )
    starts_on = DateField(
        "First day",
        [Required("Enter the first day")],
        subject="The first day",
        hint="For example, 27 3 2027",
        asked_when=lambda form: form.facts["to"] is Status.STARTED,
    )
    note = TextAreaField("Note", hint=DISCLOSABLE, count=LONGEST_NOTE, rows=3)

    @property
    def asks_interview(self) -> bool:
        """Whether this move announces one."""
        return self.facts["to"] is Status.INTERVIEW_INVITED

    def entered(self) -> dict[str, Any]:
        """The facts as the service takes them; only after the form was found in order."""
        first_day = self.starts_on if self.starts_on.asked else self.agreed_on
        return {
            "reasons": self.codes() if self.reasons.asked else [],
            "note": self.note.data or "",
            **(self.interview() if self.asks_interview else {}),
            "starts_on": first_day.data if first_day.asked else None,
        }

    def codes(self) -> list[str]:
        """The reasons as they are stored, each criterion that was not met by its number."""
        numbers = self.criteria.data if self.criteria.asked else []
        unmet = [f"{Reason.ESSENTIAL.value}:{number}" for number in numbers]
        codes: list[str] = []
        for code in self.reasons.data:
            codes += unmet if code == Reason.ESSENTIAL and unmet else [code]
        return codes

    @property
    def drawn(self) -> list[PortalField]:
        """The questions that this status puts; the criteria stand with the reason that reveals them."""
        rows = [row[0] for _group, row in self.layout()]
        return [field for field in rows if field.asked_when is None or field.asked_when(self)]

    @property
    def typed_fields(self) -> list[PortalField]:
        """The questions that were answered: what is shown where the form itself no longer makes sense."""
        return [field for field in self.questions if field.asked and not field.empty]

    @property
    def read_version(self) -> int:
        """The version of the application that the page showed."""
        return carried_number(self.version.data)

    @property
    def seen_entry(self) -> int:
        """The newest entry of the history that the page showed."""
        return carried_number(self.seen.data)


class ManyForm(MoveForm):
    """One change for several applications; it carries which, and the version that the page showed of each."""

    rows = HiddenField()

    def chosen(self) -> dict[str, int]:
        """Reference → version."""
        found = CHOSEN_ROW.findall(str(self.rows.data or ""))[:MOST_ROWS]
        return {reference: int(version) for reference, version in found}

    def carry(self, rows: Sequence[Any]) -> None:
        """Show these rows as they stand now."""
        self.rows.parse(" ".join(f"{row.reference}.{row.version}" for row in rows))


class UndoForm(PortalForm):
    """A button that takes the newest change back."""

    version = HiddenField()
    entry = HiddenField()


class NoteForm(PortalForm):
    """Something noted about an application."""

    text = TextAreaField(
        "Add a note",
        required="Enter a note",
        hint=f"{DISCLOSABLE}, and nobody can change it afterwards",
        count=LONGEST_NOTE,
        rows=4,
        subject="Note",
    )


class FindForm(PortalForm):
    """Find applications to a vacancy. Sent by POST: a name must not stay in addresses and histories."""

    q = SearchField(
        "Reference, name, email address or phone number",
        [Required("Enter what to search for"), MaxLength(LONGEST_SEARCH, "What you search for")],
        subject="What you search for",
    )
