"""What keeps a draft from being published, and what is worth a second thought; knows no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.forms import PortalForm
from portal.inspections.content import QUOTATIONS
from portal.inspections.forms import FORMS, MOST_QUOTATIONS, QuotationForm
from portal.inspections.models import GRADE_LABELS, Area, Grade, Inspection
from portal.journeys.answers import Answers

GRADE_WORDS = {
    Grade.OUTSTANDING: re.compile(r"\boutstanding\b", re.IGNORECASE),
    Grade.GOOD: re.compile(r"\bgood\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence, and the page where it can be put right: its name, for a quotation its key."""

    text: str
    page: str
    key: str = ""


def reasons(answers: Answers, record: Inspection | None, others: Sequence[Inspection]) -> list[Reason]:
    """Everything that stands against publishing. `record` is what the answers make, `others` are public."""
    found = [*of_pages(answers), *of_quotations(answers)]
    if record is not None:
        found += of_the_whole(record)
        found += beside_others(record, others)
    return found


def of_pages(answers: Answers) -> Iterator[Reason]:
    """What the pages themselves would refuse."""
    for page, form in FORMS.items():
        judged = form.from_answers(answers.steps.get(page, {}))
        yield from (Reason(text, page) for text in problems_of(judged))


def of_quotations(answers: Answers) -> Iterator[Reason]:
    """The same for each quotation, by its place."""
    items = answers.items.get(QUOTATIONS, ())
    for number, item in enumerate(items, 1):
        judged = QuotationForm.from_answers(item.answers)
        yield from (
            Reason(f"Quotation {number}: {text}", QUOTATIONS, item.id) for text in problems_of(judged)
        )
    if len(items) > MOST_QUOTATIONS:
        yield Reason(f"Remove some quotations: there can be {MOST_QUOTATIONS} at most", QUOTATIONS)


def problems_of(form: PortalForm) -> list[str]:
    """The messages of a form, none when it is in order."""
    return [] if form.validate() else [problem.text for problem in form.problems()]


def of_the_whole(record: Inspection) -> Iterator[Reason]:
    """What pages cannot see of each other."""
    if record.is_graded and record.overall is None:
        yield Reason(
            "Enter the grade for overall effectiveness: this kind of inspection ends in one", "judgements"
        )
    if record.is_graded and len(record.judgements) < 2:
        yield Reason("Enter the grade of at least one area beside overall effectiveness", "judgements")
    if not record.is_graded and record.judgements:
        yield Reason(
            "Remove the grades, or change the kind of inspection: this kind ends in none", "judgements"
        )
    if not record.report_url and record.evidence:
        yield Reason("Enter the link to the report: inspectors’ words need their source", "facts")
    yield from boasts(record)


def boasts(record: Inspection) -> Iterator[Reason]:
    """A headline may not claim a grade that nothing was given."""
    given = {judgement.grade for judgement in record.judgements}
    for grade, word in GRADE_WORDS.items():
        if given and grade not in given and word.search(record.headline):
            label = GRADE_LABELS[grade].lower()
            yield Reason(f"Change the headline: it says “{label}”, and nothing was judged so", "words")


def beside_others(record: Inspection, others: Iterable[Inspection]) -> Iterator[Reason]:
    """What contradicts the inspections that are public; the record itself is not among them."""
    for other in others:
        if record.urn == other.urn and record.starts_on == other.starts_on:
            yield Reason(f"There is already an inspection of {other.dates}: change that one instead", "facts")
        elif record.urn == other.urn and spans_meet(record, other):
            yield Reason(f"Change the dates: they overlap with the inspection of {other.dates}", "facts")
    known = next(iter(others), None)
    if known is not None and names_of(record) != names_of(known):
        yield from contradictions(record, known)


def spans_meet(one: Inspection, other: Inspection) -> bool:
    """Whether inspectors would have been here twice on one day."""
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def names_of(record: Inspection) -> tuple[str, int, str]:
    """By what a council is known: three names of one thing."""
    return record.provider.casefold(), record.urn, record.ons_code


def contradictions(record: Inspection, known: Inspection) -> Iterator[Reason]:
    """Where some of the three names are those of a published inspection, all of them must be."""
    same = [one == other for one, other in zip(names_of(record), names_of(known), strict=True)]
    if not any(same):
        return
    if not same[0]:
        yield Reason(f"Check the council: this URN or ONS code belongs to {known.provider}", "facts")
    if not same[1]:
        yield Reason(f"Check the Ofsted URN: that of {known.provider} is {known.urn}", "facts")
    if not same[2]:
        yield Reason(f"Check the ONS code: that of {known.provider} is {known.ons_code}", "facts")


def warnings(record: Inspection, today: date) -> list[Reason]:
    """What does not keep it from being published."""
    found: list[Reason] = []
    overall = record.overall.grade if record.overall else None
    claims = (
        GRADE_WORDS[Grade.OUTSTANDING].search(record.headline) and "leader" not in record.headline.casefold()
    )
    if record.is_graded and overall is not Grade.OUTSTANDING and claims:
        judged = [row.label for row in record.judgements if row.grade is Grade.OUTSTANDING]
        if judged:
            text = f"The headline says “outstanding”. Only this was: {'; '.join(judged)}"
            found.append(Reason(text, "words"))
    if record.is_graded and not record.to_improve:
        found.append(Reason("Nothing is said of what inspectors asked us to improve", "words"))
    if record.is_graded and not record.evidence:
        found.append(
            Reason("No words of inspectors are quoted: adverts will have no evidence to show", QUOTATIONS)
        )
    if (
        record.is_graded
        and not any(row.area is Area.CARE_LEAVERS for row in record.judgements)
        and record.starts_on.year >= 2023
    ):
        found.append(
            Reason("Care leavers have no grade: since 2023 they are judged on their own", "judgements")
        )
    if (today - record.published_on).days > 365 * 4:
        found.append(Reason("The report is more than four years old", "facts"))
    return found
