"""HR and hiring managers work the applications: lists, one application, changes of status, notes."""

from __future__ import annotations

from flask import Flask

from portal.applications.sift import adverts, backoffice, deeds, several
from portal.applications.sift.blueprint import blueprint

ROUTES = (backoffice, deeds, several)
"""Modules whose views are on the blueprint once they are imported."""


def init_app(app: Flask) -> None:
    """Register the staff pages, and tell the pages of adverts of their applications."""
    app.register_blueprint(blueprint)
    adverts.init_app(app)
