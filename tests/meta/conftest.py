"""Who visits every page."""

from __future__ import annotations

import pytest

from portal.core.access import ROLE_PERMISSIONS
from portal.core.database import Database
from tests.support.builders import make_staff
from tests.support.client import JudgingClient
from tests.support.people import SignIn
from tests.support.samples import fill_in_enquiry


@pytest.fixture
def everybody(db: Database, sign_in: SignIn) -> JudgingClient:
    """Somebody with every role and a finished enquiry."""
    with db.transaction() as session:
        person = make_staff(session, role=None, roles=list(ROLE_PERMISSIONS))
    client = sign_in(person=person)
    client.any_quotes = True
    fill_in_enquiry(client)
    return client
