"""Inspections for tests, beside the first two that every database has from its migrations."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core import clock
from portal.inspections.content import answers_of
from portal.inspections.models import (
    Area,
    Grade,
    Inspection,
    InspectionDraft,
    InspectionStatus,
    InspectionType,
    Judgement,
    Quotation,
    Topic,
)


def make_inspection(session: Session, **changes: Any) -> Inspection:
    """A published standard inspection of March 2027, good overall, with one phrase about training."""
    values: dict[str, Any] = {
        "status": InspectionStatus.PUBLISHED,
        "provider": "Southampton City Council",
        "urn": 80558,
        "ons_code": "E06000045",
        "framework": "ILACS",
        "type": InspectionType.STANDARD,
        "starts_on": date(2027, 3, 1),
        "ends_on": date(2027, 3, 12),
        "published_on": date(2027, 4, 20),
        "lead_inspector": "Alex Example HMI",
        "report_url": "https://example.org/report",
        "headline": "Still good for children",
        "summary": "Good overall.",
        "duration_note": "",
        "people_heard": "",
        "to_improve": ["More of the same"],
        "judgements": [
            Judgement(area=Area.OVERALL, label="Overall effectiveness", grade=Grade.GOOD, position=1)
        ],
        "quotations": [
            Quotation(
                words="learning every week",
                attributed_to="Ofsted inspectors",
                by_inspectors=True,
                about="training",
                topic=Topic.TRAINING,
                position=1,
            )
        ],
    }
    inspection = Inspection(**{**values, **changes})
    session.add(inspection)
    session.flush()
    return inspection


def make_draft(session: Session, inspection: Inspection | None = None, **changes: Any) -> InspectionDraft:
    """A draft of changes to this record, so far without any; without a record an empty one."""
    at = clock.now()
    values: dict[str, Any] = {
        "inspection_id": inspection.id if inspection else None,
        "answers": answers_of(inspection).to_json() if inspection else {},
        "started_at": at,
        "updated_at": at,
        "updated_by_name": "Nia Example",
    }
    draft = InspectionDraft(**{**values, **changes})
    session.add(draft)
    session.flush()
    return draft


def forget_inspections(session: Session) -> None:
    """Take away the two that the migrations bring."""
    for table in (InspectionDraft, Judgement, Quotation, Inspection):
        session.execute(delete(table))
