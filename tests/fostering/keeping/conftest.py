"""Records at every end, and the council’s periods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.fostering.closures import Closure
from portal.fostering.models import Enquiry
from portal.fostering.options import Stage, Status
from tests.support.builders import make_enquiry

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
TODAY = date(2026, 11, 26)
MakeClosed = Callable[..., Enquiry]


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """Settings and mail."""
    with app.app_context():
        yield


@pytest.fixture
def closed() -> MakeClosed:
    """A household that was closed, kept until TODAY."""

    def make(session: Session, code: Closure = Closure.Q01, **changes: Any) -> Enquiry:
        facts = {
            "stage": Stage.CLOSED,
            "status": Status.CLOSED,
            "due_at": None,
            "received_at": NOW - timedelta(days=800),
            "closed_at": NOW - timedelta(days=730),
            "closure_code": code,
            "retention_due_on": TODAY,
        }
        return make_enquiry(session, **{**facts, **changes})

    return make
