"""What HR types about an inspection of September 2026, and the drafts it goes into."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.inspections.content import key_of
from portal.inspections.models import Inspection
from portal.journeys.answers import Answers, Item
from tests.support.client import Answer, JudgingClient

INDEX = "/staff/inspections"

FACTS = {
    "type": "STANDARD",
    "framework": "ILACS",
    "provider": "Southampton City Council",
    "urn": "80558",
    "ons_code": "E06000045",
    "starts_on-day": "7",
    "starts_on-month": "9",
    "starts_on-year": "2026",
    "ends_on-day": "18",
    "ends_on-month": "9",
    "ends_on-year": "2026",
    "published_on-day": "2",
    "published_on-month": "11",
    "published_on-year": "2026",
    "lead_inspector": "Alex Example HMI",
    "report_url": "https://files.ofsted.gov.uk/v1/file/99999999",
    "people_heard": "more than 80 children and parents",
    "duration_note": "",
}
WORDS = {
    "headline": "Still good for children",
    "summary": "Good overall, as before.",
    "to_improve": "Short breaks\nHousing for care leavers",
}
GRADES = {"leaders_grade": "GOOD", "overall_grade": "GOOD"}
QUOTATION = {
    "words": "learning every week",
    "by_inspectors": "yes",
    "about": "training",
    "topic": "TRAINING",
}

STORED = {
    **{name: value for name, value in FACTS.items() if "-" not in name},
    "starts_on": "2026-09-07",
    "ends_on": "2026-09-18",
    "published_on": "2026-11-02",
}
LABELS = {"leaders_label": "The impact of leaders", "overall_label": "Overall effectiveness"}


def whole(**facts: Any) -> dict[str, Any]:
    """The answers of a draft that can be published."""
    answers = Answers(
        {"facts": {**STORED, **facts}, "words": WORDS, "judgements": {**GRADES, **LABELS}},
        {"quotations": (Item("a-new-quotation-1", QUOTATION),)},
    )
    return deepcopy(answers.to_json())


def draft_path(draft_id: int, *rest: str) -> str:
    """Where a draft, or a page of it, lives."""
    return "/".join([INDEX, "drafts", str(draft_id), *rest])


def newest(session: Session) -> Inspection:
    """The inspection of June 2023, that every database begins with."""
    return session.scalars(select(Inspection).where(Inspection.starts_on == date(2023, 6, 5))).one()


def newest_id(db: Database) -> int:
    """Its id."""
    with db.reading() as session:
        return newest(session).id


def correcting(hr: JudgingClient, db: Database) -> int:
    """Open the draft of changes to it; the draft’s id."""
    path = f"{INDEX}/{newest_id(db)}"
    answer = hr.post_form(path, {}, action=f"{path}/correct")
    return int(answer.location.rpartition("/")[2])


def key_of_words(db: Database, words: str) -> str:
    """The key that a quotation of June 2023 has in a draft."""
    with db.reading() as session:
        return next(key_of(said.id) for said in newest(session).quotations if said.words.startswith(words))


def published(hr: JudgingClient, draft_id: int) -> Answer:
    """Take the second look, and publish."""
    return hr.post_form(draft_path(draft_id, "publish"), {"compared": "yes"})


def events(db: Database, name: str) -> list[AuditEvent]:
    """The audit’s events of this name, oldest first."""
    with db.reading() as session:
        wanted = select(AuditEvent).where(AuditEvent.event == name).order_by(AuditEvent.id)
        return list(session.scalars(wanted))
