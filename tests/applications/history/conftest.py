"""A journey of the four sections and a page of details, for tests; what it is sent is not kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.applications.history.sections import EDUCATION, EMPLOYMENT, REFEREES, TRAINING
from portal.core.fields import EmailField
from portal.core.forms import PortalForm
from portal.journeys.blueprint import journey_blueprint
from portal.journeys.engine import Journey, Section, Step, Submission
from tests.support.client import JudgingClient

BASE = "/test/history"


class DetailsForm(PortalForm):
    email = EmailField(required="Enter your email address")


TOLD = Journey(
    "test-history",
    "1",
    title="Tell your history",
    mode="task_list",
    asks_before_overwriting=True,
    sections=(
        Section("details", "Your details", (Step("details", "Your details", DetailsForm),)),
        EDUCATION,
        TRAINING,
        EMPLOYMENT,
        REFEREES,
    ),
)


def take(_session: Session, _submission: Submission) -> str:
    return "APP-TEST"


@pytest.fixture
def candidate(make_app: Callable[..., Flask], make_client: Callable[..., JudgingClient]) -> JudgingClient:
    """Somebody on that journey."""
    app = make_app()
    hooks: dict[str, Any] = {"submit": take, "home": "pages.landing", "facts": lambda: {"gap_min_months": 1}}
    app.register_blueprint(journey_blueprint(TOLD, name="history", url_prefix=BASE, **hooks))
    return make_client(app)
