"""Fixtures of the tests of accounts."""

from __future__ import annotations

import pytest
import time_machine

from tests.support.builders import PASSWORD, make_staff


@pytest.fixture(autouse=True)
def clock(at):
    """The wall clock stands at `at`; tests move it forwards."""
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person(db):
    """An administrator with a password."""
    with db.transaction() as session:
        return make_staff(session, role="admin", email="ada@example.org", name="Ada Admin", password=PASSWORD)
