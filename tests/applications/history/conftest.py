"""Somebody who tells a history; what is sent is not kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.journeys.blueprint import journey_blueprint
from portal.journeys.engine import Submission
from tests.applications.history.example import BASE, TOLD
from tests.support.client import JudgingClient
from tests.support.lasting import LastingApps


def take(_session: Session, _submission: Submission) -> str:
    return "APP-TEST"


@pytest.fixture(scope="session")
def told_app(lasting_apps: LastingApps) -> Flask:
    """The portal with a journey of only a history."""
    app = lasting_apps.make()
    hooks: dict[str, Any] = {"submit": take, "home": "pages.landing", "facts": lambda: {"gap_min_months": 1}}
    app.register_blueprint(journey_blueprint(TOLD, name="history", url_prefix=BASE, **hooks))
    return app


@pytest.fixture
def candidate(told_app: Flask, make_client: Callable[..., JudgingClient]) -> JudgingClient:
    """Somebody on that journey."""
    return make_client(told_app)
