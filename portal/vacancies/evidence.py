"""Adverts that show inspectors’ words: asked by the pages that publish and withdraw inspections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import Session

from portal.inspections.adverts import Advert
from portal.vacancies.models import Vacancy


def adverts_with_evidence(session: Session, at: datetime) -> Iterator[Advert]:
    """Adverts that name evidence and have not ended, the one that closes first at the top."""
    ended = (Vacancy.cancelled_at, Vacancy.closed_early_at, Vacancy.archived_at)
    wanted = (
        select(Vacancy)
        .where(cast(Vacancy.evidence, String) != "[]", *(column.is_(None) for column in ended))
        .where(or_(Vacancy.closes_at.is_(None), Vacancy.closes_at > at))
        .order_by(Vacancy.closes_at, Vacancy.id)
    )
    for vacancy in session.scalars(wanted):
        state = vacancy.status(at).label
        yield Advert(vacancy.reference, vacancy.title, state, vacancy.evidence)
