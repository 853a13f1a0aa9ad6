"""Which Chromium the browser tests drive."""

import os
import shutil
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
# Made by `make test` (tooling/unpack_chromium.mjs): starts the browser with libraries and fonts of its own.
UNPACKED = CHECKOUT / ".cache" / "chromium" / "chromium"
INSTALLED_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_executable() -> str:
    """The browser named by CHROMIUM, else the one that `make test` unpacks, else one found on this machine.

    Raises FileNotFoundError when there is none.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    if UNPACKED.exists():
        return str(UNPACKED)
    for name in INSTALLED_NAMES:
        found = shutil.which(name)
        if found:
            return found
    message = "no Chromium: `make test` unpacks one, or name yours in the variable CHROMIUM"
    raise FileNotFoundError(message)
