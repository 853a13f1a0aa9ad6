"""The portal on a real socket in this process, at a moment that the test sets: weeks pass in seconds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine
from flask import Flask
from werkzeug.serving import make_server

from portal import create_app
from portal.core.database import Database
from portal.core.worker import Worker
from portal.settings import Smtp
from tests.support.ports import free_port
from tests.support.schema import build_schema
from tests.support.settings import settings_for
from tests.support.smtp import SmtpServer

LONDON = ZoneInfo("Europe/London")


@dataclass
class Simulated:
    """A running portal whose clock stands still until it is moved."""

    base_url: str
    app: Flask
    database: Database
    clock: time_machine.Traveller

    def go_to(self, moment: str) -> None:
        """Move to this London time ("2026-12-24 16:30") and do what is due by then, as the worker would."""
        self.clock.move_to(datetime.fromisoformat(moment).replace(tzinfo=LONDON), tick=False)
        Worker(self.app).run_until_idle()

    def wait(self, seconds: int) -> None:
        """Let so many seconds pass."""
        self.clock.shift(timedelta(seconds=seconds))


@contextmanager
def simulated(folder: Path, mail: SmtpServer, start: str) -> Iterator[Simulated]:
    """A portal with an empty SQLite database and this mail server, at this London time."""
    port, url = free_port(), f"sqlite:///{folder / 'portal.sqlite3'}"
    build_schema(url)
    moment = datetime.fromisoformat(start).replace(tzinfo=LONDON)
    with time_machine.travel(moment, tick=False) as clock:
        smtp = Smtp(host=mail.host, port=mail.port, tls="none")
        app = create_app(settings_for(folder, url, base_url=f"http://127.0.0.1:{port}", smtp=smtp))
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", port, app, threaded=True)
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        database: Database = app.extensions["portal.database"]
        try:
            yield Simulated(f"http://127.0.0.1:{port}", app, database, clock)
        finally:
            server.shutdown()
            serving.join(10)
            server.server_close()
            database.dispose()
