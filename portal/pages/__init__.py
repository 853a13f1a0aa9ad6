"""Pages that belong to no feature: the front door, the statements, health."""

from __future__ import annotations

from flask import Flask

from portal.pages import backoffice
from portal.pages.health import health
from portal.pages.public import pages


def init_app(app: Flask) -> None:
    """Register the pages, HR’s preview of the first, and what whoever runs the portal asks."""
    app.register_blueprint(pages)
    app.register_blueprint(backoffice.blueprint)
    app.register_blueprint(health)
