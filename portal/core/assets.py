"""Static files: hashed names from the build's manifest, served compressed and for ever by WhiteNoise."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from portal.core.security import HEADERS, HSTS
from portal.paths import STATIC, STATIC_MANIFEST
from portal.settings import Settings

PREFIX = "/static/"
HASHED = re.compile(r"\.[0-9a-f]{8,}\.")


class Assets:
    """Logical names to addresses, read from the manifest once."""

    def __init__(self, manifest: Path) -> None:
        self.names: dict[str, str] = json.loads(manifest.read_text()) if manifest.exists() else {}

    def url(self, name: str) -> str:
        """The address of a static file by its logical name; an unknown name raises KeyError."""
        return PREFIX + self.names[name]


def init_app(app: Flask) -> None:
    """Serve the built files in front of the application."""
    assets = Assets(STATIC_MANIFEST)
    app.extensions["portal.assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    settings: Settings = app.extensions["portal.settings"]
    protection = {**HEADERS, **({"Strict-Transport-Security": HSTS} if settings.secure else {})}
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC) if STATIC.is_dir() else None,
        prefix=PREFIX,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: bool(HASHED.search(url)),
        add_headers_function=partial(add_headers, protection),
    )


def add_headers(protection: dict[str, str], headers: Headers, _path: str, _url: str) -> None:
    """The same protection as pages have."""
    for name, value in protection.items():
        headers[name] = value
