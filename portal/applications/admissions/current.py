"""What lets somebody send after closing, now. It knows no candidates, so all that asks for it can know it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, select
from sqlalchemy.orm import Session

from portal.applications.admissions.models import LateAdmission


def is_open(at: datetime) -> ColumnElement[bool]:
    """Whether it can still be used."""
    return and_(LateAdmission.used_at.is_(None), LateAdmission.until > at)


def admission_of(
    session: Session, vacancy_id: int, key: ScalarSelect[str], at: datetime, *, lock: bool = False
) -> LateAdmission | None:
    """What lets the candidate with this address send; locked where it is to be used."""
    wanted = (
        select(LateAdmission)
        .where(LateAdmission.vacancy_id == vacancy_id, LateAdmission.email_key == key, is_open(at))
        .order_by(LateAdmission.id)
        .limit(1)
    )
    return session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
