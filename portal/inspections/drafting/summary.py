"""A draft as HR reads it: what it is called, what was typed, and what differs from somebody else’s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.inspections.content import QUOTATIONS, inspection_of
from portal.inspections.forms import FORMS, TITLES, PartForm, QuotationForm
from portal.inspections.models import TYPE_LABELS, InspectionDraft, InspectionType
from portal.inspections.readiness import Reason
from portal.journeys.answers import Answers, Stored
from portal.journeys.snapshot import rows_of
from portal.journeys.summary import SummaryRow, in_lines


@dataclass(frozen=True, slots=True)
class PageSummary:
    """One page of a draft."""

    name: str
    title: str
    rows: list[SummaryRow]
    in_order: bool


@dataclass(frozen=True, slots=True)
class QuotationSummary:
    """One quotation of a draft."""

    key: str
    words: str
    whose: str
    about: str
    topic: str
    in_order: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that two people answered at the same time."""

    question: str
    saved: str
    typed: str


def title_of(draft: InspectionDraft) -> str:
    """“Standard inspection, 5 to 16 June 2023”, as far as it is known."""
    answers = Answers.from_json(draft.answers)
    record = inspection_of(answers, None)
    if record is not None:
        return f"{TYPE_LABELS[record.type].capitalize()}, {record.dates}"
    kind = answers.get("type")
    known = kind in list(InspectionType)
    return f"{TYPE_LABELS[InspectionType(kind)].capitalize()}, no dates yet" if known else "New inspection"


def pages_of(draft: InspectionDraft, reasons: Sequence[Reason]) -> list[PageSummary]:
    """Every page but the quotations, with what was answered."""
    steps = Answers.from_json(draft.answers).steps
    wrong = {reason.page for reason in reasons}
    return [
        PageSummary(page, TITLES[page], answered(form.from_answers(steps.get(page, {}))), page not in wrong)
        for page, form in FORMS.items()
    ]


def answered(form: PartForm) -> list[SummaryRow]:
    """A row for each question that was answered."""
    return [(row["question"], in_lines(row["text"]), None) for row in rows_of(form) if row["text"]]


def quotations_of(draft: InspectionDraft, reasons: Sequence[Reason]) -> list[QuotationSummary]:
    """The quotations in order."""
    wrong = {reason.key for reason in reasons if reason.page == QUOTATIONS}
    found = []
    for item in Answers.from_json(draft.answers).items.get(QUOTATIONS, ()):
        form = QuotationForm.from_answers(item.answers)
        text = {row["name"]: row["text"] for row in rows_of(form)}
        inspectors = item.answers.get("by_inspectors") == "yes"
        whose = "Inspectors" if inspectors else text.get("attributed_to", "") or "Not said yet"
        found.append(
            QuotationSummary(
                item.id, text["words"], whose, text["about"], text["topic"], item.id not in wrong
            )
        )
    return found


def differences(form: PartForm, stored: Stored) -> list[Difference]:
    """What somebody else has saved beside what was typed, where they are not the same."""
    saved = {row["name"]: row["text"] for row in rows_of(type(form).from_answers(stored))}
    typed = {row["name"]: row["text"] for row in rows_of(form)}
    questions = {field.short_name: field.question for field in form.questions}
    return [
        Difference(question, saved.get(name, ""), typed.get(name, ""))
        for name, question in questions.items()
        if saved.get(name, "") != typed.get(name, "")
    ]
