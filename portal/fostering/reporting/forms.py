"""Which file of figures is wanted and what for; which closed enquiries are not counted."""

from __future__ import annotations

from typing import Any

from portal.core.fields import CheckboxesField, HiddenField, RadioField, SelectField, TextAreaField
from portal.core.forms import PortalForm
from portal.core.text import ascii_digits
from portal.core.validators import MaxLength
from portal.fostering.choices import choices_of
from portal.fostering.closures import Closure
from portal.fostering.reporting.content import Content, Purpose
from portal.fostering.reporting.periods import year_label
from portal.fostering.reporting.rules import CHOICES, in_order

FORMATS = (("xlsx", "Spreadsheet (XLSX)"), ("csv", "CSV, for other systems"))
LONGEST_REASON = 500


def year_choices(form: Any) -> list[tuple[str, str]]:
    """The financial years of which there is anything to count."""
    return [(str(year), year_label(year)) for year in form.facts.get("years", ())]


class FiguresForm(PortalForm):
    """A file of figures."""

    content = RadioField(
        "What do you need?",
        choices=choices_of(Content),
        required="Select what you need",
    )
    year = SelectField(
        "Financial year", choices=year_choices, prompt="", required="Select a financial year", width="10"
    )
    file_format = RadioField("Type of file", choices=list(FORMATS), required="Select the type of file")
    purpose = RadioField(
        "What do you need it for?", choices=Purpose.choices(), required="Select what you need it for"
    )


class RulesForm(PortalForm):
    """What is not counted, and why that was decided."""

    number = HiddenField()
    excluded = CheckboxesField(
        "Which closed enquiries are not counted as initial enquiries?",
        choices=[(code.value, f"{code.value}: {code.label}") for code in CHOICES],
        optional_wording=False,
        unknown="Select reasons for closing from the list",
    )
    reason = TextAreaField(
        "Why are the rules changed?",
        [MaxLength(LONGEST_REASON, "The reason")],
        hint="For example, the guidance or the colleague who decided it",
        required="Enter why the rules are changed",
        count=LONGEST_REASON,
        rows=3,
    )

    @property
    def codes(self) -> list[Closure]:
        """The reasons that were ticked."""
        return in_order(self.excluded.data)

    @property
    def known(self) -> int:
        """The number of the rules that the page showed; -1, which never holds, if unreadable."""
        text = str(self.number.data or "")
        return int(text) if ascii_digits(text) and len(text) < 10 else -1
