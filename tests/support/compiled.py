"""Templates compiled once in a run, by whichever process meets them first.

The portal keeps compiled templates in `cache` of its instance folder. A test has an instance of its own,
which would compile all of them again; so that folder leads to one of the whole run. Never to one of a run
before: what Jinja keeps knows its source, but not the options it was compiled with.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

NAME = "PORTAL_TEST_COMPILED"
"""The folder of this run, told to the processes that it starts."""


def begin() -> None:
    """Make the folder; the processes of the run begin after it."""
    os.environ[NAME] = tempfile.mkdtemp(prefix="portal-compiled-")


def end() -> None:
    """Remove the folder."""
    shutil.rmtree(os.environ.pop(NAME), ignore_errors=True)


def share(instance: Path) -> None:
    """Let a portal of this instance find what others compiled; nothing happens outside a run of tests."""
    if folder := os.environ.get(NAME):
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        cache = instance / "cache"
        if not cache.exists():
            cache.symlink_to(folder, target_is_directory=True)
