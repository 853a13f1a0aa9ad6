"""The settings tests run with: production’s, so that what is tested is what will run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal.council import load_council
from portal.settings import Settings, Smtp
from tests.support import compiled

BASE_URL = "https://portal.example.org"
SECRET = "9f3b1c5e7a0d2846b9f3b1c5e7a0d284"


def settings_for(folder: Path, database_url: str, **changes: Any) -> Settings:
    """Production settings for one database; `changes` are fields of Settings.

    The page cache is off: a test that reads what it has just written must not meet yesterday’s page.
    """
    compiled.share(folder / "instance")
    values: dict[str, Any] = {
        "mode": "production",
        "secret_key": SECRET,
        "database_url": database_url,
        "instance": folder / "instance",
        "base_url": BASE_URL,
        "council": load_council(),
        "smtp": Smtp(host="127.0.0.1", port=1, tls="none"),
        "page_cache_seconds": 0,
    }
    return Settings(**{**values, **changes})
