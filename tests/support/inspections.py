"""Inspections for tests, beside the first two that every database has from its migrations."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.inspections.models import (
    Area,
    Grade,
    Inspection,
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


def forget_inspections(session: Session) -> None:
    """Take away the two that the migrations bring."""
    for table in (Judgement, Quotation, Inspection):
        session.execute(delete(table))
