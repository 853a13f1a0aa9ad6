"""Being told to stop by a signal, at any moment.

`threading.Event` cannot be set from a signal handler: its lock is not re-entrant, so a signal that comes
while the main thread is inside `wait()` would block that thread for good. Writing one byte to a pipe is safe.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import weakref
from collections.abc import Iterable


class StopRequest:
    """Set once, by a signal or by a call; waited for with a limit."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.writing, False)
        weakref.finalize(self, _close, self.reading, self.writing)

    def set(self) -> None:
        """Ask to stop; safe in a signal handler, and as often as anybody likes."""
        with contextlib.suppress(BlockingIOError):  # full: it was asked for some sixty thousand times
            os.write(self.writing, b"!")

    def set_on(self, signals: Iterable[int]) -> None:
        """Have these signals ask for it, in this process."""
        for number in signals:
            signal.signal(number, lambda _number, _frame: self.set())

    def wait(self, seconds: float) -> bool:
        """Whether it was asked for, as soon as it is and after `seconds` at the latest."""
        return bool(select.select([self.reading], [], [], seconds)[0])


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
