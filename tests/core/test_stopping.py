"""A request to stop: asked for by a signal at any moment, heard at once, never a reason to hang."""

from __future__ import annotations

import subprocess
import sys
import time

from portal.core.stopping import StopRequest
from tests.support.processes import PATIENCE, ROOT

AT_EVERY_LINE = """
import signal, sys
from portal.core.stopping import StopRequest

stop = StopRequest()
stop.set_on([signal.SIGTERM])
asked = 0

def interrupt(frame, event, argument):
    global asked
    if event == "line":
        asked += 1
        signal.raise_signal(signal.SIGTERM)
    return interrupt

sys.settrace(interrupt)
stop.wait(0.001)
sys.settrace(None)
print("heard" if stop.wait(0) and asked else "not heard")
"""


def test_a_signal_at_any_line_of_waiting_is_survived() -> None:
    done = subprocess.run(
        [sys.executable, "-c", AT_EVERY_LINE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.stdout == "heard\n", done.stderr


def test_it_is_heard_before_the_time_is_over_and_stays_so() -> None:
    stop = StopRequest()
    assert not stop.wait(0)
    stop.set()
    started = time.monotonic()
    assert stop.wait(PATIENCE)
    assert stop.wait(0)
    assert time.monotonic() - started < PATIENCE / 2
