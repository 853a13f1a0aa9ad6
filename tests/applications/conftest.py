"""Who works with applications in these tests."""

import pytest

from tests.support.client import JudgingClient
from tests.support.people import SignIn


@pytest.fixture
def hr(sign_in: SignIn) -> JudgingClient:
    """A member of HR."""
    return sign_in("hr")
