"""Equality questions: optional, kept apart from everything, joined to no person; figures by stage for HR."""

from __future__ import annotations

from flask import Flask

from portal.applications.equality import backoffice, jobs, public


def init_app(app: Flask) -> None:
    """Register the pages and the night's work."""
    app.register_blueprint(backoffice.blueprint)
    app.register_blueprint(public.blueprint)
    jobs.init_app(app)
