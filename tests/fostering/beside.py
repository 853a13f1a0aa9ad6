"""Two things done at once on PostgreSQL, one of which has to wait for the other."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.database import Database
from portal.core.errors import PortalError
from portal.fostering.models import Enquiry


class Beside:
    """Something done at the same time, in a transaction of its own; begun once it waits for somebody."""

    def __init__(self, app: Flask, db: Database, do: Callable[[Session], None]) -> None:
        self.app, self.db, self.do, self.ended = app, db, do, ""
        self.thread = Thread(target=self.run)
        self.thread.start()
        while self.thread.is_alive() and not self.somebody_waits():
            pass

    def run(self) -> None:
        with self.app.app_context():
            try:
                with self.db.transaction() as session:
                    self.do(session)
                self.ended = "done"
            except PortalError as error:
                self.ended = type(error).__name__

    def somebody_waits(self) -> bool:
        with self.db.reading() as session:
            return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))

    def end(self) -> str:
        self.thread.join(30)
        return self.ended


def locked(session: Session, enquiry: Enquiry) -> Enquiry:
    return session.get_one(Enquiry, enquiry.id, with_for_update={"nowait": True, "key_share": True})
