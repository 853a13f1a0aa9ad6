"""A candidate at a moment that stands still."""

import pytest
import time_machine

from tests.support.applications import make_candidate


@pytest.fixture
def clock(at):
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def candidate(db, at):
    with db.transaction() as session:
        return make_candidate(session, email="amina@example.com", signed_in_at=at)


@pytest.fixture
def mine(clock, candidate, sign_in_candidate):
    """The browser of the candidate."""
    return sign_in_candidate(candidate=candidate)
