"""Who looks after adverts in these tests."""

import pytest

from tests.support.client import JudgingClient
from tests.support.people import SignIn


@pytest.fixture
def officer(sign_in: SignIn, at_rest: None) -> JudgingClient:
    """A member of HR, at the moment of the tests."""
    return sign_in("hr")
