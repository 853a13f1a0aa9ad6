"""The worker: sends mail, runs jobs, starts the nightly work. Any number of them may run at once.

One round does at most one of each, so that neither waits for the other, and is handed the time. The
loop around it waits a second when there is nothing to do, longer while the database is away, and ends
between two rounds when it is told to stop: what was begun is finished.
"""

from __future__ import annotations

import logging
import signal
from datetime import datetime, timedelta

from flask import Flask

from portal.core import clock, jobs
from portal.core.context import current_settings
from portal.core.database import Database, database
from portal.core.mail import note_not_delivered
from portal.core.mail_delivery import Postman
from portal.core.mail_transport import transport_for
from portal.core.stopping import StopRequest

log = logging.getLogger("portal.worker")

IDLE_SECONDS = 1.0
LONGEST_TROUBLE_SECONDS = 30.0
BEAT_EVERY = timedelta(seconds=30)


class Worker:
    """One worker process of an application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stopping = StopRequest()
        self.next_beat: datetime | None = None
        with app.app_context():
            settings = current_settings()
            self.database: Database = database()
        self.transport = transport_for(settings)
        self.postman = Postman(
            self.database,
            self.transport,
            settings.mail_from,
            settings.council.alerts.unsubscribe_email,
            note_not_delivered,
        )

    def stop(self) -> None:
        """End after the round that is running; safe to call from a signal handler."""
        self.stopping.set()

    def stop_on_signals(self) -> None:
        """SIGTERM (a service manager) and SIGINT (Ctrl-C) end the worker cleanly."""
        self.stopping.set_on((signal.SIGTERM, signal.SIGINT))

    def run(self) -> None:
        """Work until told to stop."""
        trouble = 0
        log.info("the worker has started")
        while not self.stopping.wait(0):
            try:
                busy = self.round(clock.now())
                trouble = 0
            except Exception as error:
                trouble += 1
                log.exception("the worker could not work", extra={"code": type(error).__name__})
                self.stopping.wait(min(IDLE_SECONDS * 2**trouble, LONGEST_TROUBLE_SECONDS))
                continue
            if not busy:
                self.transport.close()
                self.stopping.wait(IDLE_SECONDS)
        self.close()
        log.info("the worker has stopped")

    def run_until_idle(self) -> None:
        """Do everything that is due now, then return; for commands and tests."""
        while not self.stopping.wait(0) and self.round(clock.now()):
            pass
        self.close()

    def round(self, at: datetime) -> bool:
        """One mail and one job at most; returns whether there was anything to do."""
        with self.app.app_context():
            if self.next_beat is None or at >= self.next_beat or at < self.next_beat - BEAT_EVERY:
                self._beat(at)
            delivered = self.postman.deliver_next(at)
            return jobs.run_next(at) or delivered

    def close(self) -> None:
        """Let go of the mail server and of the database."""
        self.transport.close()
        self.database.dispose()

    def _beat(self, at: datetime) -> None:
        with self.database.transaction() as session:
            jobs.beat(session, at)
        jobs.start_nightly(at)
        self.next_beat = at + BEAT_EVERY
