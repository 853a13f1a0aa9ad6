"""The application whose answers are offered when another one is begun."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from portal.applications.models import Application
from portal.core.clock import LONDON, add_months, london


def reusable_application(
    session: Session, candidate_id: int, *, months: int, at: datetime
) -> Application | None:
    """The last that this candidate sent, with its answers, unless it is older than so many months.

    For any advert, and whatever became of it: it is the candidate's own word.
    """
    local = london(at)
    since = datetime.combine(add_months(local.date(), -months), local.time(), LONDON)
    found = (
        select(Application)
        .where(Application.candidate_id == candidate_id, Application.submitted_at >= since)
        .order_by(Application.submitted_at.desc(), Application.id.desc())
        .limit(1)
        .options(undefer(Application.answers))
    )
    return session.scalars(found).one_or_none()
