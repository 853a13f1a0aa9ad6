"""An open advert, and somebody who is signed in to apply for it."""

from __future__ import annotations

import pytest

from portal.core.database import Database
from portal.vacancies.models import Vacancy
from tests.applications.apply.filling import open_vacancy
from tests.support.client import JudgingClient
from tests.support.people import SignInCandidate


@pytest.fixture
def vacancy(db: Database) -> Vacancy:
    """A social worker’s post that people can apply for now."""
    with db.transaction() as session:
        return open_vacancy(session)


@pytest.fixture
def candidate(sign_in_candidate: SignInCandidate) -> JudgingClient:
    """A signed-in candidate: `candidate.person`."""
    return sign_in_candidate()
