"""What the fostering team types: a contact attempt, the filters of the queue, an export."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from portal.core.field_base import PortalField
from portal.core.fields import (
    CheckboxesField,
    DateField,
    HiddenField,
    RadioField,
    SearchField,
    SelectField,
    TextAreaField,
    TextField,
)
from portal.core.forms import PortalForm
from portal.core.options import Option
from portal.core.text import carried_number
from portal.core.times import moment_of
from portal.core.validators import MaxLength, Required
from portal.fostering.choices import choices_of
from portal.fostering.follow_up.contacts import Contact
from portal.fostering.follow_up.filters import ExportFilters, QueueFilters
from portal.fostering.models import name_key
from portal.fostering.options import ActivityKind, Area, CallOutcome, Stage, Status

Code = TypeVar("Code", bound=Option)

CONTACT_KINDS = (
    ActivityKind.CALL_OUT,
    ActivityKind.CALL_IN,
    ActivityKind.EMAIL,
    ActivityKind.SMS,
    ActivityKind.LETTER,
    ActivityKind.INFO_PACK,
    ActivityKind.PACK_DECLINED,
    ActivityKind.AMBASSADOR_CALL,
    ActivityKind.NOTE,
)
CALLS = (ActivityKind.CALL_OUT.value, ActivityKind.CALL_IN.value)

PURPOSES = (
    ("TEAM_REVIEW", "Reviewing the team’s work"),
    ("HANDOVER", "Handing enquiries over to a colleague or the regional hub"),
    ("PERFORMANCE", "Performance and quality reporting"),
    ("INSPECTION", "Preparing for an inspection or a government return"),
    ("RIGHTS_REQUEST", "Answering somebody’s request about their own data"),
    ("SYSTEM_TRANSFER", "Moving records to the case system"),
)
"""Why somebody exports people’s names; kept with the export in the audit."""


SHORTEST_SEARCH = 2
"""Latin letters or digits of a name that is searched for."""


NOTE_HINT = "What colleagues need to know. Health and police details belong in the case system"


def note_field(label: str = "Note", validators: Iterable[Any] = (), **options: Any) -> TextAreaField:
    """Words for colleagues, at the end of each form."""
    return TextAreaField(label, validators, **{"hint": NOTE_HINT, "count": 500, "rows": 3, **options})


class EnquiryForm(PortalForm):
    """Something recorded about one enquiry, as it stood when the page was opened."""

    version = HiddenField()

    @property
    def entered(self) -> list[PortalField]:
        """The questions that were answered: what is shown where the form itself no longer makes sense."""
        return [field for field in self.questions if not field.empty]

    @property
    def read_version(self) -> int:
        """The version of the enquiry that this page showed; 0, which is never current, if unreadable."""
        return carried_number(self.version.data)


class ContactForm(EnquiryForm):
    """An attempt to reach a household."""

    kind = RadioField(
        "What did you do?",
        choices=[(kind.value, kind.label) for kind in CONTACT_KINDS],
        required="Select what you did",
    )
    outcome = RadioField(
        "How did the call go?",
        choices=choices_of(CallOutcome),
        required="Select how the call went",
        asked_when=lambda form: form.kind.data in CALLS,
        hint="Only for calls",
        optional_wording=False,
        reveals={CallOutcome.CALL_BACK_AT.value: ("call_back_on", "call_back_time")},
    )
    call_back_on = DateField(
        "Day to call back",
        hint="For example, 27 3 2027",
        subject="Day to call back",
        optional_wording=False,
    )
    call_back_time = TextField(
        "Time to call back",
        hint="For example, 2:30pm",
        width="10",
        optional_wording=False,
    )
    happened = RadioField(
        "When was it?",
        choices=[("now", "Just now"), ("earlier", "Earlier")],
        required="Select when it was",
        default="now",
        reveals={"earlier": ("happened_on", "happened_time")},
    )
    happened_on = DateField(
        "Date",
        subject="Date of the contact",
        optional_wording=False,
    )
    happened_time = TextField(
        "Time",
        hint="For example, 10:15am",
        width="10",
        optional_wording=False,
    )
    note = TextAreaField(
        "Note",
        hint="What the next caller needs to know. Health and police details belong in the case system",
        count=500,
        rows=3,
        optional_wording=False,
    )

    def check(self) -> None:
        """Dates need their time, and a time must be one."""
        if self.kind.data == ActivityKind.NOTE.value and not self.note.data and not self.note.errors:
            self.add_error("note", "Enter the note")
        if self.happened.data == "earlier":
            self.need_moment("happened_on", "happened_time", "of the contact")
        if self.kind.data in CALLS and self.outcome.data == CallOutcome.CALL_BACK_AT.value:
            self.need_moment("call_back_on", "call_back_time", "of the call back")

    def offer_talks(self) -> None:
        """What can be recorded of a closed enquiry: a talk, which opens it again."""
        self.kind.choices = tuple(one for one in self.kind.choices if one.value in CALLS)
        self.outcome.choices = tuple(one for one in self.outcome.choices if one.value == CallOutcome.SPOKE)

    def contact(self, at: datetime) -> Contact:
        """The attempt as the service takes it; only after the form was found in order."""
        is_call = self.kind.data in CALLS
        outcome = CallOutcome(self.outcome.data) if is_call else None
        back = outcome is CallOutcome.CALL_BACK_AT
        return Contact(
            kind=ActivityKind(self.kind.data),
            outcome=outcome,
            happened_at=moment_of(self.happened_on.data, self.happened_time.data)
            if self.happened.data == "earlier"
            else at,
            call_back_at=moment_of(self.call_back_on.data, self.call_back_time.data) if back else None,
            note=self.note.data or "",
        )


class QueueForm(PortalForm):
    """The queue’s filters; sent by GET, so unknown values are simply no filter."""

    which = SelectField("Show", choices=choices_of(Status), prompt="", optional_wording=False)
    due = SelectField(
        "Due", choices=[("overdue", "Overdue"), ("today", "Today")], prompt="Any time", optional_wording=False
    )
    stage = SelectField("Stage", choices=choices_of(Stage), prompt="All stages", optional_wording=False)
    area = SelectField("Area", choices=choices_of(Area), prompt="All areas", optional_wording=False)
    owner = SelectField(
        "Owner",
        choices=[("mine", "Me, and whom I cover for"), ("nobody", "Nobody yet")],
        prompt="Anyone in the team",
        optional_wording=False,
    )
    flagged = CheckboxesField("Flags", choices=[("yes", "Only with a flag")], optional_wording=False)

    def filters(self, reader_key: tuple[datetime, int] | None) -> QueueFilters:
        """The filters, leaving out what is not on offer."""
        return QueueFilters(
            status=code_of(Status, self.which.data) or Status.OPEN,
            due=self.due.data if self.due.data in ("overdue", "today") else "",
            stage=code_of(Stage, self.stage.data),
            area=code_of(Area, self.area.data),
            owner=self.owner.data if self.owner.data in ("mine", "nobody") else "",
            flagged="yes" in (self.flagged.data or []),
            after=reader_key,
        )


def code_of(kind: type[Code], text: object) -> Code | None:
    """The code this text is, None when it is not on offer."""
    return next((code for code in kind if code == text), None)


def may_be_a_name(character: str) -> bool:
    """Whether this is a letter of another script than the Latin one, like 李."""
    return character.isalpha() and not unicodedata.name(character, "").startswith("LATIN ")


class FindForm(PortalForm):
    """Find a household. Sent by POST: a name must not stay in addresses, histories and logs."""

    q = SearchField(
        "Name, phone number, email or reference",
        [
            Required("Enter a name, a phone number, an email address or a reference"),
            MaxLength(254, "What you search for"),
        ],
    )

    def check(self) -> None:
        """One Latin letter fits half of everybody; elsewhere one character may be a whole surname."""
        key = name_key(self.q.data)
        if not self.q.errors and len(key) < SHORTEST_SEARCH and not may_be_a_name(key):
            self.add_error(
                "q",
                "Enter at least 2 letters of the name, or a whole phone number, email address or reference",
            )


class ExportForm(PortalForm):
    """Which enquiries, in what form, and what for."""

    statuses = CheckboxesField(
        "Which enquiries?", choices=choices_of(Status), required="Select which enquiries you want"
    )
    area = SelectField("Area", choices=choices_of(Area), prompt="All areas", optional_wording=False)
    received_from = DateField("Received from", subject="Received from")
    received_to = DateField("Received up to", subject="Received up to")
    file_format = RadioField(
        "Type of file",
        choices=[("xlsx", "Spreadsheet (XLSX)"), ("csv", "CSV, for other systems")],
        required="Select the type of file",
    )
    purpose = RadioField(
        "What do you need it for?", choices=list(PURPOSES), required="Select what you need the export for"
    )

    def check(self) -> None:
        """The period must not run backwards."""
        first, last = self.received_from.data, self.received_to.data
        if first and last and last < first:
            self.add_error("received_to", "Received up to must be the same as or after Received from")

    def filters(self) -> ExportFilters:
        """The choice as the query takes it."""
        return ExportFilters(
            statuses=tuple(Status(code) for code in self.statuses.data),
            area=code_of(Area, self.area.data),
            received_from=self.received_from.data,
            received_to=self.received_to.data,
        )
