"""A PostgreSQL connection that does not wait for ever.

The server's own limits (`statement_timeout`) end a slow statement; a server that hangs, or a network that
swallows packets, never gets to apply them. This connection gives up by itself, and is then closed.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

PATIENCE = 6.0
"""Seconds for one answer: a little more than `statement_timeout`, so that the server speaks first."""


@cache
def patient_connection(driver: ModuleType) -> Any:
    """A connection class of the driver (psycopg) whose every wait ends; `patience` None waits for ever."""
    connection: Any = driver.Connection

    class PatientConnection(connection):  # type: ignore[misc]  # the driver is an extra, known only when used
        """Gives up on a server that does not answer."""

        patience: float | None = PATIENCE

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
