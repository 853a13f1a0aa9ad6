"""What HR types about an inspection: its facts, our words about it, the judgements, and each quotation."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from portal.core.fields import (
    DateField,
    HiddenField,
    NumberField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    TickField,
)
from portal.core.forms import FieldGroup, PortalForm
from portal.core.text import ascii_digits
from portal.core.validators import InThePast, MaxLength, NotBefore, PersonName
from portal.inspections.content import fields_of
from portal.inspections.models import GRADE_LABELS, TYPE_LABELS, Area, Topic

ONS_CODE = re.compile(r"[EWSN][0-9]{8}")
FIRST_DAY = date(2000, 1, 1)
LONGEST = timedelta(days=60)
"""Between first and last day; the longest inspections take three weeks."""
MOST_TO_IMPROVE = 12
LONGEST_POINT = 300
MOST_QUOTATIONS = 40
QUOTATION_MARKS = "\"'“”‘’«» "
QUOTED = re.compile(r"“([^“]+)”[.,]?|\"([^\"]+)\"[.,]?|«([^«]+)»[.,]?|‘([^‘]+)’[.,]?|'([^']+)'[.,]?")
"""Marks around the whole; marks inside belong to the words."""
OPENING = {"“": "”", '"': '"', "«": "»"}
OFSTED = re.compile(r"ofsted|inspector", re.IGNORECASE)

GRADE_CHOICES = [(grade.value, label) for grade, label in GRADE_LABELS.items()]

AREA_TITLES = {
    Area.LEADERS: "Leaders",
    Area.HELP_PROTECTION: "Help and protection",
    Area.IN_CARE: "Children in care",
    Area.CARE_LEAVERS: "Care leavers",
    Area.OVERALL: "Overall effectiveness",
}
"""What the form calls an area; the label that the public reads is typed."""

USUAL_LABELS = {
    Area.LEADERS: "The impact of leaders on social work practice with children and families",
    Area.HELP_PROTECTION: "The experiences and progress of children who need help and protection",
    Area.IN_CARE: "The experiences and progress of children in care",
    Area.CARE_LEAVERS: "The experiences and progress of care leavers",
    Area.OVERALL: "Overall effectiveness",
}
"""The framework’s words since 2023: what a new draft begins with."""


class PartForm(PortalForm):
    """A page of a draft. `seen` names the answers that it showed: newer ones are not overwritten unseen."""

    seen = HiddenField()


class FactsForm(PartForm):
    """What was inspected and when."""

    type = RadioField(
        "What kind of inspection was it?",
        choices=[(kind.value, label.capitalize()) for kind, label in TYPE_LABELS.items()],
        required="Select what kind of inspection it was",
        hint="Only standard and short inspections end in grades and are shown on the landing page",
    )
    framework = TextField(
        "Framework",
        [MaxLength(40, "Framework")],
        required="Enter the framework, for example ILACS",
        hint="Its short name, for example ILACS",
        width="10",
    )
    provider = TextField("Council", [MaxLength(120, "Council")], required="Enter the name of the council")
    urn = TextField(
        "Ofsted URN",
        required="Enter the Ofsted URN",
        hint="Ofsted’s number for the council, for example 80558",
        width="10",
        spellcheck=False,
    )
    ons_code = TextField(
        "ONS code", required="Enter the ONS code", hint="For example, E06000045", width="10", spellcheck=False
    )
    starts_on = DateField(
        "First day of the inspection",
        [NotBefore(FIRST_DAY, "First day must be after 1999"), InThePast("First day", today_counts=True)],
        required="Enter the first day of the inspection",
        subject="First day",
        hint="As the report gives it, for example 5 6 2023",
    )
    ends_on = DateField(
        "Last day of the inspection",
        [
            NotBefore(
                lambda form: form.starts_on.data, "Last day must be the same as or after the first day"
            ),
            InThePast("Last day", today_counts=True),
        ],
        required="Enter the last day of the inspection",
        subject="Last day",
    )
    published_on = DateField(
        "Day on which Ofsted published the report",
        [
            NotBefore(
                lambda form: form.ends_on.data,
                "Day of publication must be the same as or after the last day of the inspection",
            ),
            InThePast("Day of publication", today_counts=True),
        ],
        required="Enter the day on which Ofsted published the report",
        subject="Day of publication",
    )
    lead_inspector = TextField(
        "Lead inspector",
        [PersonName("Lead inspector"), MaxLength(120, "Lead inspector")],
        required="Enter the name of the lead inspector",
        hint="As the report names them, for example Alex Example HMI",
        spellcheck=False,
    )
    report_url = TextField(
        "Link to the report",
        [MaxLength(500, "Link to the report")],
        hint="Starts with https://. Needed when inspectors are quoted",
        spellcheck=False,
    )
    people_heard = TextField(
        "Who inspectors heard from",
        [MaxLength(200, "Who inspectors heard from")],
        hint="For example, more than 100 children, staff, parents and partners",
    )
    duration_note = TextField(
        "Note about how long it took",
        [MaxLength(300, "Note about how long it took")],
        hint="A sentence, only if the dates need explaining",
    )

    def check(self) -> None:
        """Codes look like codes, people can be sent to the link, the days are near each other."""
        urn, code, link = self.urn.data or "", self.ons_code.data or "", self.report_url.data or ""
        if urn and not (ascii_digits(urn) and 4 <= len(urn) <= 7 and int(urn)):
            self.add_error("urn", "Ofsted URN must be 4 to 7 digits, like 80558")
        if code and not ONS_CODE.fullmatch(code):
            self.add_error("ons_code", "ONS code must be a letter and 8 digits, like E06000045")
        if link and not is_web_address(link):
            self.add_error("report_url", "Link to the report must be a web address that starts with https://")
        first, last = self.starts_on.data, self.ends_on.data
        if first and last and last - first > LONGEST and not self.ends_on.errors:
            self.add_error("ends_on", "Last day must be within 60 days of the first day: check the years")


def is_web_address(link: str) -> bool:
    """Whether it is https to a host with a dot, with nothing in it that could mislead or break a page."""
    try:
        parts = urlsplit(link)
        host, credentials = parts.hostname or "", parts.username or parts.password
        _port = parts.port  # raises for one that is no number
    except ValueError:
        return False
    plain = re.fullmatch(r"[!-~]+", link) is not None and not re.search(r"[<>\"'`\\{}|^]", link)
    return parts.scheme == "https" and "." in host.strip(".") and not credentials and plain


class WordsForm(PartForm):
    """Our own words about the inspection."""

    headline = TextField(
        "Headline",
        [MaxLength(120, "Headline")],
        required="Enter a headline",
        hint="The first words of the landing page",
    )
    summary = TextAreaField(
        "Summary",
        required="Enter a summary",
        hint="A sentence or two about the result, good and bad",
        count=600,
        rows=4,
    )
    to_improve = TextAreaField(
        "What inspectors asked us to improve",
        [MaxLength(4000, "What inspectors asked us to improve")],
        hint="Each point on a line of its own. A page that only boasts is not believed",
        rows=7,
    )

    def check(self) -> None:
        """A list that can be read at a glance."""
        points = [line for line in (self.to_improve.data or "").splitlines() if line.strip()]
        if len(points) > MOST_TO_IMPROVE:
            self.add_error("to_improve", f"Enter at most {MOST_TO_IMPROVE} points, each on a line of its own")
        elif any(len(point) > LONGEST_POINT for point in points):
            self.add_error("to_improve", f"Each point must be {LONGEST_POINT} characters or less")


class JudgedForm(PartForm):
    """Rules of the page of judgements; its fields are made below, two for each area."""

    def check(self) -> None:
        """A grade is of something."""
        for area in Area:
            grade, label = fields_of(area)
            if self[grade].data and not self[label].data:
                self.add_error(label, f"Enter what was judged: {AREA_TITLES[area]}")


def judgement_fields() -> dict[str, Any]:
    """A grade and a label for each area, so that an area cannot be judged twice."""
    fields: dict[str, Any] = {}
    for area, title in AREA_TITLES.items():
        grade, label = fields_of(area)
        fields[grade] = SelectField(
            "Grade",
            choices=GRADE_CHOICES,
            prompt="Not judged on its own",
            optional_wording=False,
            short_label=title,
            unknown=f"{title}: choose a grade from the list",
        )
        fields[label] = TextField(
            "What was judged, in the report’s words",
            [MaxLength(160, f"What was judged ({title})")],
            optional_wording=False,
            short_label=f"{title}: in the report’s words",
        )
    groups = tuple(FieldGroup(title, fields_of(area)) for area, title in AREA_TITLES.items())
    return {**fields, "groups": groups}


JudgementsForm: type[PartForm] = type("JudgementsForm", (JudgedForm,), judgement_fields())


class QuotedField(TextField):
    """Words that are shown between quotation marks: those that were pasted with them are taken off."""

    def parse(self, text: str) -> None:
        """Take off marks around the whole."""
        super().parse(text)
        quoted = QUOTED.fullmatch(self.typed)
        if quoted is not None:
            self.typed = self.data = (quoted[quoted.lastindex or 0]).strip()


class QuotationForm(PartForm):
    """A short phrase that may be quoted."""

    words = QuotedField(
        "Words",
        [MaxLength(300, "Words")],
        required="Enter the words",
        hint="Exactly as they were written or said. Quotation marks are put around them",
    )
    by_inspectors = RadioField(
        "Whose words are they?",
        choices=(
            ("yes", "Inspectors’, from their report"),
            ("no", "Those of one of our own people"),
        ),
        required="Select whose words they are",
        hint="Our own people’s words stand apart on the landing page, and adverts never show them",
        reveals={"no": "attributed_to"},
    )
    attributed_to = TextField(
        "Name and role",
        [MaxLength(160, "Name and role")],
        required="Enter the name and role of whoever said it",
        hint="For example, Alex Example, then Director of Children’s Services",
    )
    about = TextField(
        "What the words are about",
        [MaxLength(160, "What the words are about")],
        required="Enter what the words are about",
        hint="Continues “on …”, for example the leadership of the service",
    )
    topic = SelectField(
        "Topic",
        choices=[(topic.value, topic.label) for topic in Topic],
        required="Select a topic",
        hint="Adverts offer quotations by topic",
    )
    place = NumberField(
        "Place in the list",
        min=1,
        max=MOST_QUOTATIONS,
        hint="1 stands first. Leave it empty to put a new quotation last",
        in_summary=False,
    )

    def check(self) -> None:
        """Words without marks, and nobody of ours as if they were Ofsted."""
        words = self.words.data or ""
        if words and not words.strip(QUOTATION_MARKS):
            self.add_error("words", "Enter the words")
        elif words[:1] in OPENING and OPENING[words[:1]] not in words[1:]:
            self.add_error("words", "Close the quotation mark at the beginning, or take it out")
        if self.attributed_to.asked and OFSTED.search(self.attributed_to.data or ""):
            self.add_error(
                "attributed_to",
                "Name and role must be of one of our own people. If Ofsted wrote it, select inspectors",
            )


class NewQuotationForm(QuotationForm):
    """A quotation with the key it will have, so that sending it twice adds it once."""

    item_id = HiddenField()


class SeenForm(PortalForm):
    """A button that acts on what the page showed."""

    seen = HiddenField()


class PublishForm(SeenForm):
    """The second look before anything is public."""

    compared = TickField(
        "I have compared the dates, grades and inspectors’ words with Ofsted’s report",
        required="Tick that you have compared it with Ofsted’s report",
    )


class WithdrawForm(SeenForm):
    """Taking a published record back."""

    reason = TextAreaField(
        "Why is it withdrawn?",
        required="Enter why it is withdrawn",
        hint="For colleagues: it stands on the draft",
        count=300,
        rows=3,
    )


FORMS: dict[str, type[PartForm]] = {"facts": FactsForm, "words": WordsForm, "judgements": JudgementsForm}
TITLES = {"facts": "The facts", "words": "Our words about it", "judgements": "Judgements"}
"""The pages of a draft in their order; quotations come after them."""
