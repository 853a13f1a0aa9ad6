"""Who works with households in these tests."""

import pytest

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.database import Database
from tests.support.builders import make_staff
from tests.support.client import JudgingClient
from tests.support.people import SignIn


@pytest.fixture
def officer(sign_in: SignIn, at_rest: None) -> JudgingClient:
    """A member of the fostering team, at the moment of the tests."""
    return sign_in("fostering")


@pytest.fixture
def by(db: Database) -> Actor:
    """A member of the fostering team, as services know whoever acts."""
    with db.transaction() as session:
        person = make_staff(session)
    return Actor(id=person.id, name=person.name, kind="staff", permissions=ROLE_PERMISSIONS["fostering"])
