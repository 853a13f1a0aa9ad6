"""Somebody in HR, and an application whose people can write adverts."""

from __future__ import annotations

import pytest

from portal.core.database import Database
from tests.support.client import JudgingClient
from tests.support.people import SignIn
from tests.vacancies.writing.pages import make_teams


@pytest.fixture
def hr(sign_in: SignIn, db: Database) -> JudgingClient:
    """A member of HR."""
    make_teams(db)
    return sign_in("hr")
