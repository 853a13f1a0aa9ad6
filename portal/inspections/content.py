"""A draft's answers as an inspection, and an inspection as the answers of a draft.

Both ways are exact, so that a correction that changes nothing changes nothing. Answers are what somebody
typed: whatever cannot be read yet becomes empty here, and `readiness` says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from portal.core.text import ascii_digits
from portal.inspections.models import (
    INSPECTORS,
    Area,
    Grade,
    Inspection,
    InspectionStatus,
    InspectionType,
    Judgement,
    Quotation,
    Topic,
)
from portal.journeys.answers import Answers, Item, Stored

QUOTATIONS = "quotations"

FACTS = ("framework", "provider", "ons_code", "lead_inspector", "report_url", "people_heard", "duration_note")
DATES = ("starts_on", "ends_on", "published_on")
WORDS = ("headline", "summary")
COLUMNS = ("type", "urn", *FACTS, *DATES, *WORDS, "to_improve")
"""The columns that a draft decides."""

KEY = "quotation-"


def fields_of(area: Area) -> tuple[str, str]:
    """The names of the two questions about a judgement: its grade, its label."""
    return f"{area.value.lower()}_grade", f"{area.value.lower()}_label"


def key_of(quotation_id: int) -> str:
    """The entry of a quotation that has a row: the row keeps its id, as adverts point at it."""
    return f"{KEY}{quotation_id:08d}"


def id_in(key: str) -> int | None:
    """The row's id; None for an entry that is new."""
    digits = key.removeprefix(KEY)
    return int(digits) if key.startswith(KEY) and ascii_digits(digits) and len(digits) <= 18 else None


# An inspection as answers


def answers_of(inspection: Inspection) -> Answers:
    """What a draft that corrects this record begins with."""
    facts = {name: getattr(inspection, name) for name in FACTS}
    facts |= {name: getattr(inspection, name).isoformat() for name in DATES}
    facts |= {"type": inspection.type.value, "urn": str(inspection.urn)}
    words = {name: getattr(inspection, name) for name in WORDS}
    words["to_improve"] = "\n".join(inspection.to_improve)
    judged: dict[str, str] = {}
    for judgement in inspection.judgements:
        grade, label = fields_of(judgement.area)
        judged |= {grade: judgement.grade.value, label: judgement.label}
    said = tuple(Item(key_of(row.id), answers_about(row)) for row in inspection.quotations)
    return Answers({"facts": facts, "words": words, "judgements": judged}, {QUOTATIONS: said})


def answers_about(quotation: Quotation) -> dict[str, str]:
    """A quotation as the answers of its page."""
    by = "yes" if quotation.by_inspectors else "no"
    found = {"words": quotation.words, "by_inspectors": by, "about": quotation.about}
    if not quotation.by_inspectors:
        found["attributed_to"] = quotation.attributed_to
    return found | {"topic": quotation.topic.value}


# Answers as an inspection


def inspection_of(answers: Answers, number: int | None) -> Inspection | None:
    """The record as it would be published, in no session; None while it has no dates or no kind.

    `number` is the id of the record that is corrected.
    """
    dates = {name: day_in(answers, name) for name in DATES}
    kind = answers.get("type")
    if None in dates.values() or kind not in list(InspectionType):
        return None
    urn = text_in(answers, "urn")
    return Inspection(
        id=number,
        status=InspectionStatus.PUBLISHED,
        type=InspectionType(kind),
        urn=int(urn) if ascii_digits(urn) and len(urn) <= 18 else 0,
        to_improve=[line.strip() for line in text_in(answers, "to_improve").splitlines() if line.strip()],
        judgements=list(judgements_in(answers)),
        quotations=list(quotations_in(answers.items.get(QUOTATIONS, ()), corrects=number is not None)),
        **{name: text_in(answers, name) for name in (*FACTS, *WORDS)},
        **dates,
    )


def judgements_in(answers: Answers) -> Iterator[Judgement]:
    """A judgement for each area that has a grade, in the order of the report, the overall one last."""
    for place, area in enumerate(Area, 1):
        grade, label = fields_of(area)
        if answers.get(grade) in list(Grade):
            yield Judgement(
                area=area, grade=Grade(answers.get(grade)), label=text_in(answers, label), position=place
            )


def quotations_in(items: Sequence[Item], *, corrects: bool) -> Iterator[Quotation]:
    """Every entry with a topic, in order; only a correction has entries that are rows already."""
    for place, item in enumerate(items, 1):
        said = item.answers
        if said.get("topic") not in list(Topic):
            continue
        inspectors = said.get("by_inspectors") == "yes"
        yield Quotation(
            id=id_in(item.id) if corrects else None,
            words=text_of(said, "words"),
            by_inspectors=inspectors,
            attributed_to=INSPECTORS if inspectors else text_of(said, "attributed_to"),
            about=text_of(said, "about"),
            topic=Topic(said["topic"]),
            position=place,
        )


def text_in(answers: Answers, name: str) -> str:
    """An answer that is text."""
    value = answers.get(name)
    return value if isinstance(value, str) else ""


def text_of(stored: Stored, name: str) -> str:
    """The same in an entry."""
    value = stored.get(name)
    return value if isinstance(value, str) else ""


def day_in(answers: Answers, name: str) -> date | None:
    """An answer that is a day; parts that are no date are kept as typed, and are none."""
    try:
        return date.fromisoformat(text_in(answers, name))
    except ValueError:
        return None


# Before and after


def content_of(inspection: Inspection) -> dict[str, Any]:
    """Everything that a draft decides, as JSON, by a name for each thing: what the audit compares."""
    found: dict[str, Any] = {name: plain(getattr(inspection, name)) for name in COLUMNS}
    found |= {
        f"judgement:{row.area.value}": {"grade": row.grade.value, "label": row.label}
        for row in inspection.judgements
    }
    found |= {
        f"quotation:{row.id or f'new at {row.position}'}": {
            **answers_about(row),
            "attributed_to": row.attributed_to,
            "position": row.position,
        }
        for row in inspection.quotations
    }
    return found | {"status": inspection.status.value}


def plain(value: Any) -> Any:
    """A column as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Before and after of whatever is not as it was; None where it was not, or is not any more."""
    names = {**before, **after}
    return {
        name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
    }
