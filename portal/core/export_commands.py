"""What every export on the command line shares: the group, the file, and who runs it."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from flask.cli import AppGroup

from portal.core.access import Actor
from portal.core.text import clean_line

export = AppGroup("export", help="Write records into a file. Each export is kept in the audit log.")

OPERATOR = "PORTAL_OPERATOR"
"""Who asked for the command, in the environment; set by the wrapper that docs/operations.md describes."""
LONGEST_OPERATOR = 64


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that nobody else can read and that did not exist; gone again when something goes wrong."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise click.ClickException(f"{path} exists already: nothing was exported") from error
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def whoever_runs_this() -> Actor:
    """The user of the operating system, which says more than that it was a command.

    Where everybody's commands run as one user, also who it is for, as the wrapper says: a claim, not a proof.
    """
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    operator = clean_line(os.environ.get(OPERATOR, ""))[:LONGEST_OPERATOR]
    claimed = f", claimed to be for {operator}" if operator else ""
    return Actor.system(f"command line: {name}{claimed}")
