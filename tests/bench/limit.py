"""The limit: bare Flask on the same server, doing the least that could be called the same work.

Pages are bytes in memory; the POST reads its body and does one durable insert. No template, no session,
no check of anything: nothing built on Flask can be quicker.
"""

from __future__ import annotations

import json
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, Response, request

from portal.core.production import ProductionServer
from portal.settings import Settings
from tests.support.settings import settings_for


class BareServer(ProductionServer):
    """The same gunicorn without the portal’s access log."""

    def load(self) -> Any:
        return self.app

    def forget_connections(self, _server: Any, _worker: Any) -> None:
        """Nothing was opened before the fork."""


def bare_app(folder: Path, database: str) -> Flask:
    """An application with the pages of a folder, read once, and a POST that stores one row."""
    app = Flask("limit", static_folder=None)
    local = threading.local()

    @cache
    def page(name: str) -> tuple[bytes, int, dict[str, str]]:
        status, headers = json.loads((folder / f"{name}.json").read_text())
        return (folder / f"{name}.body").read_bytes(), status, headers

    def connection() -> psycopg.Connection:
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(database, autocommit=True)
        found: psycopg.Connection = local.connection
        return found

    def show(name: str) -> Response:
        body, status, headers = page(name)
        return Response(body, status, headers)

    def keep() -> Response:
        body = request.get_data()
        connection().execute("INSERT INTO limit_rows (body) VALUES (%s)", (body.decode(),))
        return Response(status=303, headers={"Location": "/kept"})

    app.add_url_rule("/ready", "ready", lambda: "ready")
    app.add_url_rule("/page/<name>", "show", show)
    app.add_url_rule("/keep", "keep", keep, methods=["POST"])
    return app


def main() -> None:
    """`python -m tests.bench.limit PORT FOLDER DATABASE`: the pages are files of the folder."""
    port, folder, database = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    settings: Settings = settings_for(folder, "sqlite:///unused", host="127.0.0.1", port=port, workers=2)
    BareServer(bare_app(folder, database), settings).run()


if __name__ == "__main__":
    main()
