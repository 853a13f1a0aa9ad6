"""A PostgreSQL connection that does not wait for ever.

The server's own limits (`statement_timeout`) end a slow statement; a server that hangs, or a network that
swallows packets, never gets to apply them. This connection gives up by itself, and is then closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

A_REQUEST = 5.0
"""Seconds that no request waits for longer (security: faults to survive). What follows fits into it: while
the server hangs, a request waits for an answer, or for a ping and a new connection, or for the pool and a new
connection; and where a look at the counter of publications failed quickly, for one of these after it."""

STATEMENT_SECONDS = 4.0
LOCK_SECONDS = 3.5
PATIENCE = 4.5
"""For one answer: a little more than `statement_timeout`, so that the server speaks first."""

PING_PATIENCE = 1.5
"""For the answer of a connection that has rested, which has nothing to do but to say that it is there."""

CONNECT_SECONDS = 2
"""For a new connection; the driver takes no less."""

POOL_SECONDS = 3.0
"""For a connection that another request has: it comes back soon, or else has to be made anew."""


@cache
def patient_connection(driver: ModuleType) -> Any:
    """A connection class of the driver (psycopg) whose every wait ends; `patience` None waits for ever."""
    connection: Any = driver.Connection

    class PatientConnection(connection):  # type: ignore[misc]  # the driver is an extra, known only when used
        """Gives up on a server that does not answer."""

        patience: float | None = PATIENCE

        @contextmanager
        def waiting(self, patience: float | None) -> Iterator[None]:
            """Be as patient as that for a while."""
            before, self.patience = self.patience, patience
            try:
                yield
            finally:
                self.patience = before

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            """Wait for an answer; raises OperationalError and closes when none comes in time."""
            try:
                return super().wait(gen, interval, timeout if timeout is not None else self.patience)
            except driver.errors._WaitTimeout as error:  # noqa: SLF001 - the driver has no public name for it
                if timeout is not None:
                    raise
                self.close()
                raise driver.OperationalError("the database server did not answer") from error

    return PatientConnection
