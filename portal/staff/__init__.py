"""The back-office shell: home with its doors, navigation, audit log, failed jobs and mail."""

from __future__ import annotations

from flask import Flask

from portal.staff import backoffice


def init_app(app: Flask) -> None:
    """Register the routes, and hand every staff page its navigation."""
    app.register_blueprint(backoffice.blueprint)
    app.context_processor(backoffice.navigation)
