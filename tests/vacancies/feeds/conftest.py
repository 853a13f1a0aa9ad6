"""A Monday on which the clock stands still, for all that is read of adverts."""

from __future__ import annotations

import pytest
import time_machine


@pytest.fixture(autouse=True)
def _monday(at):
    with time_machine.travel(at, tick=False):
        yield
