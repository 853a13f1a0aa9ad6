"""What HR and hiring managers type about an advert: comments, a closing time, an outcome, filters."""

from __future__ import annotations

from datetime import time
from typing import Any

from portal.core.clock import london_instant
from portal.core.fields import (
    DateField,
    HiddenField,
    NumberField,
    RadioField,
    SearchField,
    SelectField,
    TextAreaField,
    TickField,
)
from portal.core.forms import PortalForm
from portal.core.text import ascii_digits, carried_number
from portal.vacancies.life.extension import Extension
from portal.vacancies.options import CLOSING_TIMES, ExtensionReason, JobFamily, Outcome

COMMENT = 1000
EXTENDED_TIMES = [(f"{hour:02}:{minute:02}", label) for _code, label, hour, minute in CLOSING_TIMES]
"""Hours and minutes as a closing time is said to be: the same choices as in writing."""


class DeedForm(PortalForm):
    """Something done with an advert; it carries what its page showed, so that a newer version is noticed."""

    version = HiddenField()
    seen = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version of the advert that the page showed; 0, which is never current, if unreadable."""
        return carried_number(self.version.data)

    @property
    def seen_news(self) -> tuple[int, int]:
        """The newest decision and revision that the page showed."""
        decision, _, revision = str(self.seen.data or "").partition(".")
        known = ascii_digits(decision) and ascii_digits(revision) and len(f"{decision}{revision}") < 30
        return (int(decision), int(revision)) if known else (0, 0)


class ConfirmForm(DeedForm):
    """A button, and nothing to type."""


class SendBackForm(DeedForm):
    """What the writer should change."""

    comment = TextAreaField(
        "What should be changed?",
        required="Enter what should be changed",
        hint="The writer reads this beside the advert. It is kept in its history",
        count=COMMENT,
        subject="What should be changed",
    )


class CancelForm(DeedForm):
    """Why there will be no appointment."""

    comment = TextAreaField(
        "Why is the recruitment cancelled?",
        required="Enter why the recruitment is cancelled",
        hint="Kept in the history of the advert. Candidates do not see it",
        count=COMMENT,
        rows=4,
        subject="Why it is cancelled",
    )


class CloseForm(DeedForm):
    """Why an advert closes before its time."""

    comment = TextAreaField("Why does it close early?", count=COMMENT, rows=4, subject="Why it closes early")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comment.optional_wording = self.facts["vacancy"].may_close_early


class UnannouncedCloseForm(CloseForm):
    """The same where the advert did not say that it may: people count on its closing time."""

    comment = TextAreaField(
        "Why does it close early?",
        required="Enter why it closes early: the advert did not say that it may",
        hint="Kept in the history of the advert. Candidates do not see it",
        count=COMMENT,
        rows=4,
        subject="Why it closes early",
    )


class ExtendForm(DeedForm):
    """A later closing time."""

    closes_on = DateField(
        "New closing date", required="Enter the new closing date", subject="New closing date"
    )
    closing_time = RadioField(
        "New closing time",
        choices=EXTENDED_TIMES,
        required="Select the new closing time",
        hint="London time",
        inline=True,
    )
    reason = RadioField(
        "Why is it extended?",
        choices=ExtensionReason.choices(),
        required="Select why it is extended",
        reveals={ExtensionReason.OTHER.value: "other"},
    )
    other = TextAreaField(
        "What is the reason?", count=COMMENT, rows=3, subject="The reason", optional_wording=False
    )
    """Whether one is needed says the service, with all else that stands against it."""
    decision_promised_on = DateField(
        "Everyone hears by",
        hint="The advert promises it. Leave it empty to promise no date",
        subject="Everyone hears by",
    )
    take_off = TickField("Take off interview and start dates that would come before the new closing time")

    def extension(self) -> Extension:
        """As the service takes it; only after the form was found in order."""
        hour, minute = map(int, str(self.closing_time.data).split(":"))
        return Extension(
            closes_at=london_instant(self.closes_on.data, time(hour, minute)),
            reason=ExtensionReason(self.reason.data),
            comment=self.other.data if self.other.asked else "",
            decision_promised_on=self.decision_promised_on.data,
            take_off=self.take_off.data,
        )


class OutcomeForm(DeedForm):
    """How the recruitment ended. “Part filled” is offered for several posts only."""

    outcome = RadioField(
        "How did it end?",
        choices=lambda form: form.offered(),
        required="Select how it ended",
        reveals={Outcome.PART_FILLED.value: "posts_filled"},
    )
    posts_filled = NumberField(
        "How many posts are filled?",
        required="Enter how many posts are filled",
        min=1,
        max=50,
        subject="Number of posts filled",
    )
    comment = TextAreaField(
        "Comment", hint="Leave people’s names out. It is kept in the history", count=COMMENT, rows=4
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comment.optional_wording = self.facts["vacancy"].outcome is None

    def offered(self) -> list[tuple[str, str]]:
        """The outcomes that the number of posts allows."""
        several = self.facts["vacancy"].number_of_posts > 1
        return [(one.value, one.label) for one in Outcome if several or one is not Outcome.PART_FILLED]


class ArchiveForm(DeedForm):
    """Everyone has been answered."""

    confirmed = TickField(
        "Everyone who applied has been told how it ended",
        required="Confirm that everyone who applied has been answered",
    )


class QuietArchiveForm(DeedForm):
    """For adverts that nobody could apply for."""


class ListForm(PortalForm):
    """Search and filters of the list; sent by GET, so what is unknown is simply no filter."""

    q = SearchField("Title, reference or team", optional_wording=False)
    family = SelectField(
        "Kind of work", choices=JobFamily.choices(), prompt="All kinds", optional_wording=False
    )
    team = SelectField(
        "Team", choices=lambda form: form.facts.get("teams", ()), prompt="All teams", optional_wording=False
    )


PURPOSES = (
    ("PERFORMANCE", "Performance and quality reporting"),
    ("COMMITTEE", "A report to councillors"),
    ("WORKFORCE_RETURN", "A return to government"),
    ("INSPECTION", "Preparing for an inspection"),
    ("TEAM_REVIEW", "Reviewing the team’s work"),
    ("RIGHTS_REQUEST", "Answering a request for information"),
)
"""Why adverts are exported; kept with the export in the audit."""


class ExportForm(PortalForm):
    """In what form, and what for; which adverts is in the address."""

    file_format = RadioField(
        "Type of file",
        choices=[("xlsx", "Spreadsheet (XLSX)"), ("csv", "CSV, for other systems")],
        required="Select the type of file",
    )
    purpose = RadioField(
        "What do you need it for?", choices=list(PURPOSES), required="Select what you need the export for"
    )
