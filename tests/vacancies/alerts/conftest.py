"""The morning's work by hand, at a time that is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from portal.core import jobs
from portal.core.database import Database
from portal.council import load_council
from portal.vacancies.alerts.sending import Done, send_batch

Send = Callable[[datetime], Done]


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """Inside the application, as a job is."""
    with app.app_context():
        yield


@pytest.fixture
def send(context: None, db: Database) -> Send:
    """Every batch of one morning; what they did together."""

    def run(at: datetime) -> Done:
        total = Done(0, 0)
        while True:
            with db.transaction() as session:
                done = send_batch(session, at, load_council().alerts)
            if not done.alerts:
                return total
            total = Done(total.alerts + done.alerts, total.mails + done.mails)

    return run


@pytest.fixture
def work(context: None) -> Callable[[datetime], None]:
    """What a worker does at this time: the night's work if it is new, and every job that is due."""

    def run(at: datetime) -> None:
        jobs.start_nightly(at)
        while jobs.run_next(at):
            pass

    return run
