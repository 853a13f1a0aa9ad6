"""An advert that waits for approval and is being changed: one of all that the pages of writing name."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.core.access import Actor
from portal.core.clock import london, london_instant
from portal.vacancies.models import Vacancy
from portal.vacancies.writing.models import VacancyTemplate
from portal.vacancies.writing.names import STEP_ITEM
from portal.vacancies.writing.service import open_working_copy
from tests.support.builders import make_staff
from tests.vacancies.life.adverts import make_advert

DAY = timedelta(days=1)


def make_ready(session: Session, at: datetime, **changes: Any) -> Vacancy:
    """An advert whose every question is answered, to be published tomorrow and closed in four weeks."""
    today = london(at).date()
    owner = make_staff(session, role="hr")
    values: dict[str, Any] = {
        "publish_at": london_instant(today + DAY, time(7)),
        "closes_at": london_instant(today + 28 * DAY, time(23, 59)),
        "interview_dates": [(today + 30 * DAY).isoformat()],
        "decision_promised_on": today + 40 * DAY,
        "address": "Civic Centre Road, Southampton",
        "contact_phone": "+441632960024",
        "hr_owner_id": owner.id,
    }
    return make_advert(session, **{**values, **changes})


def make_writing(session: Session, at: datetime) -> dict[str, Any]:
    """Argument name → value, for the addresses below /staff/vacancies."""
    vacancy = make_ready(session, at, submitted_at=at)
    by = Actor(id=vacancy.hr_owner_id, name="Robin Example", kind="staff")
    draft = open_working_copy(session, vacancy, by=by, at=at)
    template = VacancyTemplate(
        name="Sample", answers={}, created_at=at, updated_at=at, updated_by_name="Robin Example"
    )
    session.add(template)
    session.flush()
    return {
        "reference": draft.reference,
        "template_id": template.id,
        "step": "criteria",
        "item": STEP_ITEM.format(vacancy.criteria[0].id),
    }
