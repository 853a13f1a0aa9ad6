"""Equality answers of many people, and vacancies that are over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.applications.equality.service import keep_answers
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application
from tests.support.builders import AT, make_vacancy

KEY = "a key of the tests"
LONG_AGO = AT - timedelta(days=40)


def make_ended(session: Session, **changes: Any) -> Vacancy:
    """A vacancy that closed 40 days before `AT`, and was archived since."""
    times = {"publish_at": LONG_AGO - timedelta(days=30), "approved_at": LONG_AGO - timedelta(days=31)}
    times["archived_at"] = LONG_AGO + timedelta(days=20)
    return make_vacancy(session, **{**times, "closes_at": LONG_AGO, **changes})


def make_answered(
    session: Session, vacancy: Vacancy, answers: dict[str, str], *, key: str = KEY, **changes: Any
) -> Application:
    """An application whose candidate answered."""
    status = changes.pop("status", ApplicationStatus.NOT_SHORTLISTED)
    values = {"submitted_at": LONG_AGO - timedelta(days=2), "status_since": LONG_AGO + timedelta(days=9)}
    application = make_application(session, vacancy, status=status, **{**values, **changes})
    assert keep_answers(session, application.id, answers, lists="2026-11", key=key)
    return application
