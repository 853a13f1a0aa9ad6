"""Applying: from the advert to the confirmation."""

from __future__ import annotations

from flask import Flask

from portal.applications.apply import pages, public


def init_app(app: Flask) -> None:
    """Register where it begins and ends, and the form between."""
    app.register_blueprint(public.blueprint)
    app.register_blueprint(pages.blueprint)
