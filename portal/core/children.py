"""A few child processes that live and die together: `portal up` runs the web server and the worker so.

Children are forked from a parent that has imported everything, so they start at once. Each watches a
pipe that only the parent holds open: when the parent is gone, however it went, the pipe closes and the
child ends too.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from portal.core.stopping import StopRequest

log = logging.getLogger("portal.children")

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
STOP_SECONDS = 10.0
CHECK_SECONDS = 0.1


class Children:
    """Starts children, waits until they are told to stop or one of them ends, and stops the rest."""

    def __init__(self) -> None:
        self.pids: dict[int, str] = {}
        self.reading, self.writing = os.pipe()
        self.stopping = StopRequest()
        self.stopping.set_on(SIGNALS)

    def start(self, name: str, work: Callable[[], None]) -> None:
        """Fork a child that does `work`; nothing may have opened a database connection before."""
        sys.stdout.flush()
        sys.stderr.flush()
        # Until the child has handlers of its own, a signal waits: the parent's act on the parent's pipe.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        pid = os.fork()
        if pid:
            self.pids[pid] = name
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            return
        status = 1
        try:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            # A terminal's Ctrl-C reaches everybody; the parent alone acts on it, and tells the children.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            os.close(self.writing)
            threading.Thread(target=end_with_parent, args=(self.reading,), daemon=True).start()
            work()
            status = 0
        except (SystemExit, KeyboardInterrupt):
            status = 0
        except BaseException:
            log.exception("a process ended with an error", extra={"kind": name})
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def wait(self) -> int:
        """Wait for SIGTERM, Ctrl-C or the end of a child; returns the exit status, 1 if a child ended."""
        ended = None
        while not self.stopping.wait(CHECK_SECONDS) and ended is None:
            ended = self._reap()
        failed = ended is not None and not self.stopping.wait(0)  # Ctrl-C reaches the children too
        if failed:
            log.error("a process has ended, so all are stopped", extra={"kind": ended})
        self.stop()
        return 1 if failed else 0

    def stop(self) -> None:
        """Ask every child to finish, and end those that do not within a few seconds."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self.pids and time.monotonic() < deadline:
            if self._reap() is None:
                time.sleep(CHECK_SECONDS / 5)
        self._signal(signal.SIGKILL)
        while self.pids:
            self._reap()
        os.close(self.reading)
        os.close(self.writing)

    def _signal(self, number: int) -> None:
        for pid in self.pids:
            os.kill(pid, number)

    def _reap(self) -> str | None:
        """The name of a child that has ended."""
        for pid in list(self.pids):
            if os.waitpid(pid, os.WNOHANG)[0]:
                return self.pids.pop(pid)
        return None


def end_with_parent(reading: int) -> None:
    """In a child: wait until nobody holds the other end, then end as if told to, and soon in any case."""
    os.read(reading, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)
