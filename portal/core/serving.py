"""What every way of serving checks first: the database, its schema, the built files, the port.

Production is served by gunicorn (`production`), a developer's machine by waitress (`development`).
"""

from __future__ import annotations

import socket

from sqlalchemy.exc import SQLAlchemyError

from portal.core import schema
from portal.core.database import Database
from portal.paths import STATIC_MANIFEST
from portal.settings import Settings


class CannotServe(Exception):
    """Serving would be unsafe or pointless; `problems` says each reason with what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def check_ready(settings: Settings) -> None:
    """Raise CannotServe unless the database answers, its schema is the needed one and the files are built."""
    problems = [] if STATIC_MANIFEST.is_file() else ["the stylesheet is not built: run make assets"]
    shortfall = schema_shortfall(settings.database_url)
    if shortfall is not None:
        problems.append(shortfall)
    if problems:
        raise CannotServe(problems)


def schema_shortfall(database_url: str) -> str | None:
    """What is wrong with the database's schema; raises CannotServe when it cannot be asked."""
    try:
        database = Database(database_url)
    except (SQLAlchemyError, ImportError) as error:
        raise CannotServe([f"DATABASE_URL cannot be used ({type(error).__name__}): correct it"]) from error
    try:
        with database.read_engine.connect() as connection:
            return schema.shortfall(connection)
    except SQLAlchemyError as error:
        reason = type(error).__name__
        raise CannotServe([f"the database cannot be reached ({reason}): check DATABASE_URL"]) from error
    finally:
        database.dispose()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on the address; raises CannotServe when another program has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host.strip("[]"), port))
        bound.listen(1024)
    except OSError as error:
        bound.close()
        raise CannotServe(
            [f"port {port} on {host} cannot be used ({error.strerror}): stop the other program or set PORT"]
        ) from error
    return bound
