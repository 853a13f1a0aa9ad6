"""HR at work on inspections."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.client import JudgingClient


@pytest.fixture
def hr(sign_in: Callable[..., JudgingClient]) -> JudgingClient:
    """Somebody of HR, signed in."""
    return sign_in("hr", name="Nia Example", email="nia@example.org")
