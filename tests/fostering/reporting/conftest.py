"""The same made-up households for all figures."""

import pytest

from tests.fostering.reporting.stories import store, stories


@pytest.fixture
def told(db):
    """Their stories, which the database holds too."""
    found = stories(seed=3)
    with db.transaction() as session:
        for one in found:
            store(session, one)
    return found
