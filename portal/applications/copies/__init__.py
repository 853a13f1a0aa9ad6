"""Printable copies of an application: a page, a PDF, and an archive of many."""

from __future__ import annotations

from flask import Flask

from portal.applications.copies import backoffice, public


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(backoffice.blueprint)
    app.register_blueprint(public.blueprint)
